/** Markdown: sections by heading. */
import type { LanguageDefinition } from '../../language.ts';
import { markdownSections } from '../../structure/headings.ts';

export const markdown: LanguageDefinition = {
  id: 'markdown',
  name: 'Markdown',
  aliases: ['md', 'mdx'],
  extensions: ['.md', '.mdx', '.markdown', '.mdown', '.mkd', '.qmd', '.rmd'],
  lineComments: [],
  blockComments: [['<!--', '-->']],
  reader: 'structure',
  structure: markdownSections,
};
