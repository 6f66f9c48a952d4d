/** VHDL: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['--'],
  blockComments: [],
  closers: ['end'],
  patterns: [
    ['module', /^entity\s+(\w+)\s+is/i],
    ['class', /^architecture\s+(\w+)\s+of/i],
    ['namespace', /^package\s+(?:body\s+)?(\w+)/i],
    ['function', /^(?:pure\s+|impure\s+)?(?:function|procedure)\s+(\w+)/i],
    ['function', /^(\w+)\s*:\s*process\b/i],
    ['type', /^(?:sub)?type\s+(\w+)/i],
  ],
};

export const vhdl: LanguageDefinition = {
  id: 'vhdl',
  name: 'VHDL',
  aliases: [],
  extensions: ['.vhd', '.vhdl'],
  lineComments: ['--'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
