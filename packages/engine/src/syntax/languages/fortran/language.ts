/** Fortran: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['!'],
  blockComments: [],
  closers: ['end'],
  closedBy: { kinds: ['module'], word: 'end module' },
  patterns: [
    ['module', /^module\s+(?!procedure\b)(\w+)/i],
    ['module', /^(?:program|submodule\s*\([^()]*\))\s+(\w+)/i],
    ['struct', /^type(?:\s*,[^:]*)?(?:\s*::)?\s+(\w+)\s*$/i],
    ['function', /^(?:(?:pure|elemental|recursive|impure|module)\s+)*subroutine\s+(\w+)/i],
    [
      'function',
      /^(?:(?:pure|elemental|recursive|impure|module|integer|real|logical|complex|character|type|double\s+precision)\b(?:\s*\([^()]*\))?\s*)*function\s+(\w+)/i,
    ],
  ],
};

export const fortran: LanguageDefinition = {
  id: 'fortran',
  name: 'Fortran',
  aliases: ['f90'],
  extensions: ['.f', '.for', '.f77', '.f90', '.f95', '.f03', '.f08', '.fpp'],
  lineComments: ['!'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
