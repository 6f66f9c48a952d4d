/** Go. */
import type { LanguageDefinition } from '../../language.ts';
import { goOutline } from './outline.ts';

export const go: LanguageDefinition = {
  id: 'go',
  name: 'Go',
  aliases: ['golang'],
  extensions: ['.go'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'tree',
  tree: { grammar: 'go', outline: goOutline },
};
