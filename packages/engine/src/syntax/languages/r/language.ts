/** R: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [],
  patterns: [
    ['function', /^`?([\w.]+)`?\s*(?:<-|=)\s*function\b/],
    ['class', /^(?:\w+\s*<-\s*)?(?:setClass|R6Class|setRefClass)\(\s*['"](\w+)/],
    ['method', /^(?:setMethod|setGeneric)\(\s*['"]([^'"]+)/],
    ['test', /^test_that\(\s*['"]([^'"]+)/],
  ],
};

export const r: LanguageDefinition = {
  id: 'r',
  name: 'R',
  aliases: [],
  extensions: ['.r'],
  shebangs: ['Rscript'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
