/** Dart: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [['/*', '*/']],
  attributes: ['@'],
  patterns: [
    ['class', /^(?:(?:abstract|base|final|sealed|interface|mixin)\s+)*class\s+(\w+)/],
    ['trait', /^(?:base\s+)?mixin\s+(\w+)/],
    ['enum', /^enum\s+(\w+)/],
    ['class', /^extension(?:\s+type)?\s+(\w+)/],
    ['type', /^typedef\s+(\w+)/],
    ['test', /^(?:test|testWidgets|group)\(\s*['"]([^'"]+)/],
    [
      'function',
      /^(?:(?:static|external|factory|const|override|late|final)\s+)*(?:[\w<>,?. [\]]+\s+)?(?:get\s+|set\s+)?(?!if|for|while|switch|return|catch|assert|throw|await|else|super|this)(\w+)\s*(?:<[^<>()]*>)?\([^;]*(?:\{|=>|,|\()\s*$/,
    ],
    ['function', /^(?:static\s+)?[\w<>,?]+\s+get\s+(\w+)/],
    ['constant', /^(?:static\s+)?const\s+(?:[\w<>,?]+\s+)?(\w+)\s*=/],
  ],
};

export const dart: LanguageDefinition = {
  id: 'dart',
  name: 'Dart',
  aliases: [],
  extensions: ['.dart'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
