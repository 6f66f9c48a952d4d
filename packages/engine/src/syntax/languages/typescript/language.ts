/** TypeScript. */
import type { LanguageDefinition } from '../../language.ts';
import { typescriptOutline } from './outline.ts';

export const typescript: LanguageDefinition = {
  id: 'typescript',
  name: 'TypeScript',
  aliases: ['ts', 'mts', 'cts'],
  extensions: ['.ts', '.mts', '.cts'],
  shebangs: ['ts-node', 'tsx', 'deno'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'tree',
  tree: { grammar: 'typescript', outline: typescriptOutline },
};
