/** F#: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [['(*', '*)']],
  maxIndent: 4,
  patterns: [
    ['namespace', /^namespace\s+(?:rec\s+)?([\w.]+)/],
    ['module', /^module\s+(?:private\s+|internal\s+|rec\s+)?([\w.]+)/],
    ['type', /^(?:type|and)\s+(?:private\s+|internal\s+)?(\w+)/],
    [
      'method',
      /^(?:static\s+)?(?:member|override|default|abstract(?:\s+member)?)\s+(?:private\s+|inline\s+)?(?:\w+\.)?(\w+)/,
    ],
    ['function', /^let\s+(?:rec\s+|inline\s+|private\s+|mutable\s+)*([a-z_][\w']*)/],
  ],
};

export const fsharp: LanguageDefinition = {
  id: 'fsharp',
  name: 'F#',
  aliases: ['fs'],
  extensions: ['.fs', '.fsi', '.fsx'],
  lineComments: ['//'],
  blockComments: [['(*', '*)']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
