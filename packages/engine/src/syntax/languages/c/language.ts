/** C. Headers (`.h`) are read by the C++ grammar: it reads C as well, and many of them are C++. */
import type { LanguageDefinition } from '../../language.ts';
import { maskMacros } from './mask-macros.ts';
import { cOutline } from './outline.ts';

export const c: LanguageDefinition = {
  id: 'c',
  name: 'C',
  aliases: [],
  extensions: ['.c'],
  pieces: {
    extensions: ['.def', '.tbl', '.incl'],
    firstLine: /^\s*(\/\*|\/\/|#\s*(include|if|ifn?def|define|undef|pragma)\b)/,
  },
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'tree',
  tree: { grammar: 'c', outline: cOutline, mask: maskMacros },
};
