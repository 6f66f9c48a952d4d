/** Swift. */
import type { LanguageDefinition } from '../../language.ts';
import { swiftOutline } from './outline.ts';

export const swift: LanguageDefinition = {
  id: 'swift',
  name: 'Swift',
  aliases: [],
  extensions: ['.swift'],
  shebangs: ['swift'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'tree',
  tree: { grammar: 'swift', outline: swiftOutline },
};
