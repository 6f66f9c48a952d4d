/** D: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [['/*', '*/']],
  patterns: [
    ['module', /^module\s+([\w.]+)/],
    ['class', /^(?:(?:public|private|final|abstract|static|export|package)\s+)*class\s+(\w+)/],
    ['struct', /^(?:(?:public|private|static|export|package)\s+)*(?:struct|union)\s+(\w+)/],
    ['interface', /^(?:public\s+)?interface\s+(\w+)/],
    ['enum', /^(?:public\s+|private\s+)?enum\s+(\w+)\s*(?=[:{]|$)/],
    ['type', /^alias\s+(\w+)/],
    ['test', /^(unittest)\b/],
    [
      'function',
      /^(?!return\b|else\b|if\b|for\b|while\b|switch\b|throw\b|import\b|assert\b)(?:[\w@!()[\]*.]+\s+)+(\w+)\s*(?:\([^()]*\))?\([^;]*$/,
    ],
  ],
};

export const dlang: LanguageDefinition = {
  id: 'd',
  name: 'D',
  aliases: ['dlang'],
  extensions: ['.d', '.di'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
