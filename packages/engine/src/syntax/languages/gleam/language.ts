/** Gleam: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [],
  topLevelOnly: true,
  attributes: ['@'],
  patterns: [
    ['function', /^(?:pub\s+)?fn\s+(\w+)/],
    ['type', /^(?:pub\s+)?(?:opaque\s+)?type\s+(\w+)/],
    ['constant', /^(?:pub\s+)?const\s+(\w+)/],
  ],
};

export const gleam: LanguageDefinition = {
  id: 'gleam',
  name: 'Gleam',
  aliases: [],
  extensions: ['.gleam'],
  lineComments: ['//'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
