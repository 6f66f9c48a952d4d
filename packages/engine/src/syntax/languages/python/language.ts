/** Python. */
import type { LanguageDefinition } from '../../language.ts';
import { pythonOutline } from './outline.ts';

export const python: LanguageDefinition = {
  id: 'python',
  name: 'Python',
  aliases: ['py', 'python3', 'pyi'],
  extensions: ['.py', '.pyi', '.pyw', '.pyx', '.pxd'],
  filenames: ['SConstruct', 'SConscript', 'wscript', 'Snakefile'],
  shebangs: ['python', 'pypy', 'uv'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'tree',
  tree: { grammar: 'python', outline: pythonOutline },
};
