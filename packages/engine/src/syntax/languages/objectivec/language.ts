/** Objective-C: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [['/*', '*/']],
  closedBy: { kinds: ['class', 'interface'], word: '@end' },
  topLevelOnly: true,
  patterns: [
    ['class', /^@(?:interface|implementation)\s+(\w+)/],
    ['interface', /^@protocol\s+(\w+)/],
    ['method', /^[-+]\s*\([^()]*\)\s*(\w+)/],
    ['property', /^@property\b.*?(\w+)\s*;/],
    ['macro', /^#\s*define\s+(\w+)/],
    ['enum', /^typedef\s+NS_(?:ENUM|OPTIONS)\([^,]*,\s*(\w+)/],
    ['function', /^(?:static\s+|extern\s+|inline\s+)*[A-Za-z_][\w* ]*[* ](\w+)\([^;]*$/],
  ],
};

export const objectivec: LanguageDefinition = {
  id: 'objectivec',
  name: 'Objective-C',
  aliases: ['objc'],
  extensions: ['.m', '.mm'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
