/** Nim: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [['#[', ']#']],
  patterns: [
    ['function', /^(?:proc|func|method|iterator|converter)\s+`?([^\s`*([{:=]+)/],
    ['macro', /^(?:template|macro)\s+`?([^\s`*([{:=]+)/],
    [
      'type',
      /^(?:type\s+)?(\w+)\*?(?:\[[^\]]*\])?\s*(?:\{\.[^}]*\.\})?\s*=\s*(?:ref\s+)?(?:object|enum|tuple|distinct|concept)\b/,
    ],
    ['test', /^(?:test|suite)\s+"([^"]+)"/],
  ],
};

export const nim: LanguageDefinition = {
  id: 'nim',
  name: 'Nim',
  aliases: [],
  extensions: ['.nim', '.nims', '.nimble'],
  lineComments: ['#'],
  blockComments: [['#[', ']#']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
