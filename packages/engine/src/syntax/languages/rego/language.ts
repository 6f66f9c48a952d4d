/** Rego: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [],
  topLevelOnly: true,
  patterns: [
    ['module', /^package\s+([\w.]+)/],
    ['rule', /^(?:default\s+)?([a-z_]\w*)(?=\s*(?:\[|\(|:?=|if\b|contains\b|\{))/],
  ],
};

export const rego: LanguageDefinition = {
  id: 'rego',
  name: 'Rego',
  aliases: ['opa'],
  extensions: ['.rego'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
