/** Batch: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['rem', 'REM', '::'],
  blockComments: [],
  topLevelOnly: true,
  spansToNext: true,
  patterns: [['function', /^:(\w[\w-]*)/]],
};

export const batch: LanguageDefinition = {
  id: 'batch',
  name: 'Batch',
  aliases: ['bat', 'cmd'],
  extensions: ['.bat', '.cmd'],
  lineComments: ['rem', 'REM', '::'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
