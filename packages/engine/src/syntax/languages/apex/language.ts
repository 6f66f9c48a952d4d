/** Apex: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [['/*', '*/']],
  attributes: ['@'],
  patterns: [
    [
      'class',
      /^(?:(?:public|private|global|virtual|abstract|with|without|sharing|inherited)\s+)*class\s+(\w+)/i,
    ],
    ['interface', /^(?:public\s+|global\s+)?interface\s+(\w+)/i],
    ['enum', /^(?:public\s+|private\s+|global\s+)?enum\s+(\w+)/i],
    ['function', /^trigger\s+(\w+)/i],
    [
      'function',
      /^(?:(?:public|private|protected|global|static|override|virtual|abstract|testMethod|webservice)\s+)+(?:[\w<>,.[\] ]+\s)?(\w+)\s*\([^;]*$/i,
    ],
  ],
};

export const apex: LanguageDefinition = {
  id: 'apex',
  name: 'Apex',
  aliases: [],
  extensions: ['.cls', '.trigger', '.apex'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
