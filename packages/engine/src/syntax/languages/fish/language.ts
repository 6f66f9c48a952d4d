/** fish shell: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [],
  patterns: [
    ['function', /^function\s+([\w:.-]+)/],
    ['constant', /^set\s+-g\w*\s+(\w+)/],
  ],
};

export const fish: LanguageDefinition = {
  id: 'fish',
  name: 'fish shell',
  aliases: [],
  extensions: ['.fish'],
  shebangs: ['fish'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
