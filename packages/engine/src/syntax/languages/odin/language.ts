/** Odin: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [['/*', '*/']],
  topLevelOnly: true,
  attributes: ['@'],
  patterns: [
    ['function', /^(\w+)\s*::\s*(?:#\w+\s+)*proc\b/],
    ['struct', /^(\w+)\s*::\s*(?:struct|union|bit_field)\b/],
    ['enum', /^(\w+)\s*::\s*(?:enum|bit_set)\b/],
    ['constant', /^(\w+)\s*::/],
  ],
};

export const odin: LanguageDefinition = {
  id: 'odin',
  name: 'Odin',
  aliases: [],
  extensions: ['.odin'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
