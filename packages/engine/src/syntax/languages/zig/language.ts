/** Zig: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [],
  maxIndent: 8,
  patterns: [
    [
      'struct',
      /^(?:pub\s+)?const\s+(\w+)\s*(?::[^=]*)?=\s*(?:extern\s+|packed\s+)?(?:struct|union|opaque)\b/,
    ],
    ['enum', /^(?:pub\s+)?const\s+(\w+)\s*=\s*(?:enum|error)\b/],
    ['function', /^(?:pub\s+|export\s+|extern\s+(?:"\w+"\s+)?|inline\s+|noinline\s+)*fn\s+(\w+)/],
    ['test', /^test\s+"([^"]+)"/],
    ['test', /^test\s+(\w+)/],
    ['constant', /^(?:pub\s+)(?:const|var)\s+(\w+)/],
    ['constant', /^const\s+([A-Za-z]\w*)\s*(?=[:=])/],
  ],
};

export const zig: LanguageDefinition = {
  id: 'zig',
  name: 'Zig',
  aliases: [],
  extensions: ['.zig', '.zon'],
  lineComments: ['//'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
