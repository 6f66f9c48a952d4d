/** Org mode: sections by `*` titles. */
import type { LanguageDefinition } from '../../language.ts';
import { orgSections } from '../../structure/headings.ts';

export const org: LanguageDefinition = {
  id: 'org',
  name: 'Org',
  aliases: ['org-mode'],
  extensions: ['.org'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: orgSections,
};
