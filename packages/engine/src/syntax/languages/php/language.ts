/** PHP. */
import type { LanguageDefinition } from '../../language.ts';
import { phpOutline } from './outline.ts';

export const php: LanguageDefinition = {
  id: 'php',
  name: 'PHP',
  aliases: [],
  extensions: ['.php', '.phtml', '.php5', '.phpt', '.inc.php'],
  shebangs: ['php'],
  lineComments: ['//', '#'],
  blockComments: [['/*', '*/']],
  reader: 'tree',
  tree: { grammar: 'php', outline: phpOutline },
};
