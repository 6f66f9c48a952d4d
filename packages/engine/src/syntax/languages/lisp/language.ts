/** Lisp: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: [';'],
  blockComments: [['#|', '|#']],
  topLevelOnly: true,
  patterns: [
    ['macro', /^\(def(?:macro|ine-syntax(?:-rule)?)\s+\(?([^\s()]+)/],
    ['class', /^\(def(?:class|struct|ine-record-type|ine-class)\s+\(?([^\s()]+)/],
    ['function', /^\((?:cl-)?def(?:un|method|generic|subst|alias|fn|n)\*?\s+\(?([^\s()]+)/],
    ['function', /^\(define\*?\s+\(+([^\s()]+)/],
    [
      'variable',
      /^\((?:defvar|defparameter|defconst|defconstant|defcustom|define|defface|defgroup)\s+([^\s()]+)/,
    ],
    ['test', /^\((?:ert-deftest|deftest|test-case)\s+"?([^\s()"]+)/],
  ],
};

export const lisp: LanguageDefinition = {
  id: 'lisp',
  name: 'Lisp',
  aliases: ['elisp', 'scheme', 'racket', 'commonlisp'],
  extensions: ['.lisp', '.lsp', '.el', '.scm', '.ss', '.rkt', '.fnl', '.hy'],
  lineComments: [';'],
  blockComments: [['#|', '|#']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
