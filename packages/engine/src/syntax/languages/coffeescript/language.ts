/** CoffeeScript: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [['###', '###']],
  patterns: [
    ['class', /^class\s+([\w.]+)/],
    ['function', /^(?:@|[\w.]+\.)?(\w+)\s*[:=]\s*(?:\([^()]*\)\s*)?[-=]>/],
    ['test', /^(?:describe|it|test)\s+['"]([^'"]+)/],
  ],
};

export const coffeescript: LanguageDefinition = {
  id: 'coffeescript',
  name: 'CoffeeScript',
  aliases: ['coffee'],
  extensions: ['.coffee'],
  lineComments: ['#'],
  blockComments: [['###', '###']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
