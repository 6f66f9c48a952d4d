/** OCaml: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: [],
  blockComments: [['(*', '*)']],
  maxIndent: 2,
  patterns: [
    ['module', /^module(?:\s+type)?\s+(?:rec\s+)?(\w+)/],
    ['type', /^type\s+(?:nonrec\s+)?(?:\([^()]*\)\s*|'\w+\s+)?(\w+)/],
    ['class', /^class\s+(?:virtual\s+)?(\w+)/],
    ['function', /^(?:let|and)\s+(?:rec\s+|\[@[^\]]*\]\s*)?([a-z_][\w']*)/],
    ['function', /^(?:val|external)\s+([a-z_][\w']*)/],
    ['constant', /^exception\s+(\w+)/],
  ],
};

export const ocaml: LanguageDefinition = {
  id: 'ocaml',
  name: 'OCaml',
  aliases: ['ml'],
  extensions: ['.ml', '.mli'],
  lineComments: [],
  blockComments: [['(*', '*)']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
