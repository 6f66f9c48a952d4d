/** Ada: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['--'],
  blockComments: [],
  closers: ['end'],
  patterns: [
    ['module', /^(?:private\s+)?package\s+(?:body\s+)?([\w.]+)/i],
    [
      'function',
      /^(?:overriding\s+|not\s+overriding\s+)?(?:procedure|function|entry)\s+("?[\w.+\-*/=<>&]+"?)/i,
    ],
    ['type', /^(?:sub)?type\s+(\w+)/i],
    ['class', /^(?:protected|task)\s+(?:type\s+|body\s+)?(\w+)/i],
  ],
};

export const ada: LanguageDefinition = {
  id: 'ada',
  name: 'Ada',
  aliases: [],
  extensions: ['.adb', '.ads'],
  lineComments: ['--'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
