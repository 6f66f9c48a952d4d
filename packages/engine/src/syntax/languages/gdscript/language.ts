/** GDScript: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [],
  maxIndent: 1,
  patterns: [
    ['class', /^class(?:_name)?\s+(\w+)/],
    ['function', /^(?:static\s+)?func\s+(\w+)/],
    ['message', /^signal\s+(\w+)/],
    ['enum', /^enum\s+(\w+)/],
    ['constant', /^const\s+(\w+)/],
    ['field', /^(?:@\w+(?:\([^()]*\))?\s+)*(?:static\s+)?var\s+(\w+)/],
  ],
};

export const gdscript: LanguageDefinition = {
  id: 'gdscript',
  name: 'GDScript',
  aliases: ['gd'],
  extensions: ['.gd'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
