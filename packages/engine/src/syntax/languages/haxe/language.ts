/** Haxe and ActionScript: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [['/*', '*/']],
  attributes: ['@'],
  patterns: [
    ['class', /^(?:@:?\w+\s+)*(?:(?:public|private|final|extern|abstract|internal)\s+)*class\s+(\w+)/],
    ['interface', /^(?:public\s+)?interface\s+(\w+)/],
    ['enum', /^(?:enum(?:\s+abstract)?|abstract)\s+(\w+)/],
    ['type', /^typedef\s+(\w+)/],
    [
      'function',
      /^(?:(?:public|private|static|inline|override|protected|internal|final|macro|dynamic)\s+)*function\s+(?:get\s+|set\s+)?(\w+)/,
    ],
  ],
};

export const haxe: LanguageDefinition = {
  id: 'haxe',
  name: 'Haxe and ActionScript',
  aliases: ['hx', 'as3'],
  extensions: ['.hx', '.as'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
