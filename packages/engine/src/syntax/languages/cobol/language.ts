/** COBOL: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['*'],
  blockComments: [],
  maxIndent: 11,
  spansToNext: true,
  patterns: [
    ['module', /^program-id\.\s+([\w-]+)/i],
    ['section', /^([\w-]+)\s+(?:section|division)\s*\./i],
    ['function', /^([A-Z0-9][\w-]*)\.\s*$/i],
  ],
};

export const cobol: LanguageDefinition = {
  id: 'cobol',
  name: 'COBOL',
  aliases: [],
  extensions: ['.cob', '.cbl', '.cpy'],
  lineComments: ['*'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
