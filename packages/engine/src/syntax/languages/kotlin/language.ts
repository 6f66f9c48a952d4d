/** Kotlin. */
import type { LanguageDefinition } from '../../language.ts';
import { kotlinOutline } from './outline.ts';

export const kotlin: LanguageDefinition = {
  id: 'kotlin',
  name: 'Kotlin',
  aliases: ['kt', 'kts'],
  extensions: ['.kt', '.kts', '.ktm'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'tree',
  tree: { grammar: 'kotlin', outline: kotlinOutline },
};
