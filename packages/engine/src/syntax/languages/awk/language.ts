/** AWK: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [],
  patterns: [
    ['function', /^func(?:tion)?\s+(\w+)/],
    ['section', /^(BEGIN|END)\b/],
  ],
};

export const awk: LanguageDefinition = {
  id: 'awk',
  name: 'AWK',
  aliases: [],
  extensions: ['.awk'],
  shebangs: ['awk', 'gawk', 'mawk'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
