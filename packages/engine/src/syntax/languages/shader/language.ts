/** Shader languages: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [['/*', '*/']],
  topLevelOnly: true,
  patterns: [
    ['struct', /^struct\s+(\w+)/],
    ['macro', /^#\s*define\s+(\w+)/],
    ['function', /^(?:@\w+(?:\([^()]*\))?\s*)*fn\s+(\w+)/],
    [
      'function',
      /^(?:(?:inline|static|vertex|fragment|kernel|constant|device)\s+)*[A-Za-z_][\w<>]*\s+(\w+)\s*\([^;]*$/,
    ],
    [
      'variable',
      /^(?:layout\s*\([^()]*\)\s*)?(?:uniform|varying|attribute|in|out)\s+[\w ]*\b(\w+)(?=\s*(?:\[[^\]]*\])?\s*;)/,
    ],
  ],
};

export const shader: LanguageDefinition = {
  id: 'shader',
  name: 'Shader languages',
  aliases: ['glsl', 'hlsl', 'wgsl', 'metal'],
  extensions: [
    '.glsl',
    '.vert',
    '.frag',
    '.geom',
    '.comp',
    '.tesc',
    '.tese',
    '.hlsl',
    '.fx',
    '.wgsl',
    '.metal',
    '.cl',
    '.cginc',
    '.shader',
  ],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
