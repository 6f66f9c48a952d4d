/** Manual pages (roff, mdoc): sections. */
import type { LanguageDefinition } from '../../language.ts';
import { manualSections } from '../../structure/headings.ts';

export const roff: LanguageDefinition = {
  id: 'roff',
  name: 'Manual page',
  aliases: ['man', 'troff', 'mdoc'],
  extensions: ['.1', '.2', '.3', '.4', '.5', '.6', '.7', '.8', '.man', '.mdoc', '.roff'],
  lineComments: ['.\\"'],
  blockComments: [],
  reader: 'structure',
  structure: manualSections,
};
