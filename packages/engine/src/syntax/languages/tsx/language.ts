/** TypeScript with JSX: a grammar of its own, because `<T>x` means two things. */
import type { LanguageDefinition } from '../../language.ts';
import { typescriptOutline } from '../typescript/outline.ts';

export const tsx: LanguageDefinition = {
  id: 'tsx',
  name: 'TSX',
  aliases: ['typescriptreact'],
  extensions: ['.tsx'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'tree',
  tree: { grammar: 'tsx', outline: typescriptOutline },
};
