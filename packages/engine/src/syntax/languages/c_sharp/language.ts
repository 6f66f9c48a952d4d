/** C#. */
import type { LanguageDefinition } from '../../language.ts';
import { csharpOutline } from './outline.ts';

export const csharp: LanguageDefinition = {
  id: 'c_sharp',
  name: 'C#',
  aliases: ['csharp', 'cs', 'c-sharp'],
  extensions: ['.cs', '.csx'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'tree',
  tree: { grammar: 'c_sharp', outline: csharpOutline },
};
