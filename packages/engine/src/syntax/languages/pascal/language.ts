/** Pascal: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [
    ['{', '}'],
    ['(*', '*)'],
  ],
  closers: ['end'],
  patterns: [
    ['module', /^(?:unit|program|library)\s+([\w.]+)/i],
    ['class', /^(\w+)(?:<[^<>]*>)?\s*=\s*(?:class|object|record|interface)\b(?!\s*of)/i],
    [
      'function',
      /^(?:class\s+)?(?:procedure|function|constructor|destructor|operator)\s+(?:[\w<>]+\.)*(\w+)/i,
    ],
  ],
};

export const pascal: LanguageDefinition = {
  id: 'pascal',
  name: 'Pascal',
  aliases: ['delphi'],
  extensions: ['.pas', '.dpr', '.lpr', '.dpk'],
  lineComments: ['//'],
  blockComments: [
    ['{', '}'],
    ['(*', '*)'],
  ],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
