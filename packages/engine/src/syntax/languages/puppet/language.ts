/** Puppet: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [],
  patterns: [
    ['class', /^class\s+([\w:]+)/],
    ['function', /^(?:define|function|plan)\s+([\w:]+)/],
    ['section', /^node\s+['"]?([^'"{\s]+)/],
    ['type', /^type\s+([\w:]+)/],
  ],
};

export const puppet: LanguageDefinition = {
  id: 'puppet',
  name: 'Puppet',
  aliases: ['pp'],
  extensions: ['.pp'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
