/** AsciiDoc: sections by `=` titles. */
import type { LanguageDefinition } from '../../language.ts';
import { asciidocSections } from '../../structure/headings.ts';

export const asciidoc: LanguageDefinition = {
  id: 'asciidoc',
  name: 'AsciiDoc',
  aliases: ['adoc'],
  extensions: ['.adoc', '.asciidoc', '.asc', '.rdoc'],
  lineComments: ['//'],
  blockComments: [['////', '////']],
  reader: 'structure',
  structure: asciidocSections,
};
