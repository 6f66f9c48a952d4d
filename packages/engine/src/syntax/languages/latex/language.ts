/** LaTeX: sections by sectioning command. */
import type { LanguageDefinition } from '../../language.ts';
import { latexSections } from '../../structure/headings.ts';

export const latex: LanguageDefinition = {
  id: 'latex',
  name: 'LaTeX',
  aliases: ['tex'],
  extensions: ['.tex', '.ltx', '.sty', '.dtx'],
  lineComments: ['%'],
  blockComments: [],
  reader: 'structure',
  structure: latexSections,
};
