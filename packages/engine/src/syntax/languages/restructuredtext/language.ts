/** reStructuredText: sections by underlined title. */
import type { LanguageDefinition } from '../../language.ts';
import { restructuredTextSections } from '../../structure/headings.ts';

export const restructuredtext: LanguageDefinition = {
  id: 'restructuredtext',
  name: 'reStructuredText',
  aliases: ['rst', 'rest'],
  extensions: ['.rst', '.rest'],
  lineComments: ['.. '],
  blockComments: [],
  reader: 'structure',
  structure: restructuredTextSections,
};
