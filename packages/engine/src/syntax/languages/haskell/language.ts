/** Haskell: declarations at the margin; a function begins at its type. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['--'],
  blockComments: [['{-', '-}']],
  topLevelOnly: true,
  extendSameName: true,
  patterns: [
    ['module', /^module\s+([\w.]+)/],
    ['type', /^(?:data|newtype|type(?:\s+family)?)\s+(?:\([^()]*\)\s*=>\s*)?(\w+)/],
    ['trait', /^class\s+(?:[^=]*=>\s*)?(\w+)/],
    ['class', /^instance\s+(.+?)(?:\s+where)?$/],
    ['function', /^([a-z_][\w']*)\s*::/],
  ],
};

export const haskell: LanguageDefinition = {
  id: 'haskell',
  name: 'Haskell',
  aliases: ['hs'],
  extensions: ['.hs', '.hsc'],
  lineComments: ['--'],
  blockComments: [['{-', '-}']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
