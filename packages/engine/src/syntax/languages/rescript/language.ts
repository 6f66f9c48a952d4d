/** ReScript and Reason: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [['/*', '*/']],
  maxIndent: 2,
  attributes: ['@'],
  patterns: [
    ['module', /^module\s+(?:type\s+|rec\s+)?(\w+)/],
    ['type', /^type\s+(?:rec\s+)?(\w+)/],
    ['function', /^(?:let|external)\s+(?:rec\s+)?(\w+)/],
    ['constant', /^exception\s+(\w+)/],
  ],
};

export const rescript: LanguageDefinition = {
  id: 'rescript',
  name: 'ReScript and Reason',
  aliases: ['reason'],
  extensions: ['.res', '.resi', '.re', '.rei'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
