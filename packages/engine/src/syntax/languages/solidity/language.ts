/** Solidity: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [['/*', '*/']],
  patterns: [
    ['class', /^(?:abstract\s+)?contract\s+(\w+)/],
    ['interface', /^interface\s+(\w+)/],
    ['module', /^library\s+(\w+)/],
    ['struct', /^struct\s+(\w+)/],
    ['enum', /^enum\s+(\w+)/],
    ['function', /^(?:function|modifier)\s+(\w+)/],
    ['constructor', /^(constructor|receive|fallback)\s*\(/],
    ['message', /^(?:event|error)\s+(\w+)/],
  ],
};

export const solidity: LanguageDefinition = {
  id: 'solidity',
  name: 'Solidity',
  aliases: ['sol'],
  extensions: ['.sol'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
