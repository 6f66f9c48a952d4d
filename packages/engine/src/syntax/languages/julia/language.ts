/** Julia: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [['#=', '=#']],
  maxIndent: 4,
  patterns: [
    ['module', /^(?:bare)?module\s+(\w+)/],
    ['struct', /^(?:mutable\s+)?struct\s+(\w+)/],
    ['type', /^(?:abstract|primitive)\s+type\s+(\w+)/],
    ['macro', /^macro\s+(\w+)/],
    ['function', /^(?:@\w+\s+)*function\s+(?:[\w.]+\.)?([\w!]+)/],
    [
      'function',
      /^(?:@\w+\s+)*(?:[\w.]+\.)?([\w!]+)\([^()]*(?:\([^()]*\)[^()]*)*\)\s*(?:where\s+[^=]*)?=(?!=)/,
    ],
    ['constant', /^const\s+(\w+)/],
    ['test', /^@testset\s+"([^"]+)"/],
  ],
};

export const julia: LanguageDefinition = {
  id: 'julia',
  name: 'Julia',
  aliases: ['jl'],
  extensions: ['.jl'],
  shebangs: ['julia'],
  lineComments: ['#'],
  blockComments: [['#=', '=#']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
