/** Java. */
import type { LanguageDefinition } from '../../language.ts';
import { javaOutline } from './outline.ts';

export const java: LanguageDefinition = {
  id: 'java',
  name: 'Java',
  aliases: [],
  extensions: ['.java'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'tree',
  tree: { grammar: 'java', outline: javaOutline },
};
