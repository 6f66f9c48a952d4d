/** Bicep: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [['/*', '*/']],
  attributes: ['@'],
  topLevelOnly: true,
  patterns: [
    ['section', /^(?:resource|module)\s+(\w+)/],
    ['variable', /^(?:param|var|output)\s+(\w+)/],
    ['type', /^type\s+(\w+)/],
    ['function', /^func\s+(\w+)/],
  ],
};

export const bicep: LanguageDefinition = {
  id: 'bicep',
  name: 'Bicep',
  aliases: [],
  extensions: ['.bicep'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
