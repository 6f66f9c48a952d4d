/** JavaScript, with JSX. */
import type { LanguageDefinition } from '../../language.ts';
import { javascriptOutline } from './outline.ts';

export const javascript: LanguageDefinition = {
  id: 'javascript',
  name: 'JavaScript',
  aliases: ['js', 'jsx', 'ecmascript', 'node', 'mjs', 'cjs'],
  extensions: ['.js', '.mjs', '.cjs', '.jsx', '.es6'],
  filenames: ['Jakefile'],
  shebangs: ['node', 'nodejs', 'bun'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'tree',
  tree: { grammar: 'javascript', outline: javascriptOutline },
};
