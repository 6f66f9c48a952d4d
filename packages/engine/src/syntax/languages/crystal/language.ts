/** Crystal: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [],
  patterns: [
    ['module', /^module\s+([\w:]+)/],
    ['class', /^(?:abstract\s+)?class\s+([\w:]+)/],
    ['struct', /^(?:abstract\s+)?struct\s+([\w:]+)/],
    ['enum', /^enum\s+([\w:]+)/],
    ['function', /^(?:private\s+|protected\s+|abstract\s+)?def\s+(?:self\.)?([\w?!=]+)/],
    ['macro', /^macro\s+(\w+)/],
    ['test', /^(?:describe|it|context)\s+"([^"]+)"/],
  ],
};

export const crystal: LanguageDefinition = {
  id: 'crystal',
  name: 'Crystal',
  aliases: [],
  extensions: ['.cr'],
  shebangs: ['crystal'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
