/** Starlark (Bazel, Buck, Pants): functions, constants, and targets by their `name`. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [],
  topLevelOnly: true,
  nameAttribute: /^name\s*=\s*["']([^"']+)/,
  patterns: [
    ['function', /^def\s+(\w+)/],
    ['constant', /^([A-Z_][A-Z0-9_]*)\s*=/],
    ['variable', /^([a-z]\w*)\s*=\s*(?:rule|macro|provider|aspect|repository_rule|module_extension)\(/],
    ['target', /^([a-z]\w*)\($/],
  ],
};

export const starlark: LanguageDefinition = {
  id: 'starlark',
  name: 'Starlark',
  aliases: ['bazel', 'bzl', 'buck'],
  extensions: ['.bzl', '.bazel', '.star', '.bxl'],
  filenames: [
    'BUILD',
    'WORKSPACE',
    'BUCK',
    'TARGETS',
    'BUILD.bazel',
    'WORKSPACE.bazel',
    'BUILD.pants',
    'Tiltfile',
  ],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
