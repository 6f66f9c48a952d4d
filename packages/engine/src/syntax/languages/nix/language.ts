/** Nix: attributes near the margin. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [['/*', '*/']],
  maxIndent: 4,
  patterns: [['key', /^([\w."-]+)\s*=/]],
};

export const nix: LanguageDefinition = {
  id: 'nix',
  name: 'Nix',
  aliases: [],
  extensions: ['.nix'],
  lineComments: ['#'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
