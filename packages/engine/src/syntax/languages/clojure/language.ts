/** Clojure: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: [';'],
  blockComments: [],
  topLevelOnly: true,
  patterns: [
    ['namespace', /^\(ns\s+(?:\^\S+\s+)*([^\s()]+)/],
    ['macro', /^\(defmacro\s+([^\s()]+)/],
    ['test', /^\(deftest\s+(?:\^\S+\s+)*([^\s()]+)/],
    ['interface', /^\(defprotocol\s+([^\s()]+)/],
    ['struct', /^\(def(?:record|type)\s+([^\s()]+)/],
    ['method', /^\(defmethod\s+([^\s()]+)/],
    ['function', /^\(def(?:n-?|multi)\s+(?:\^\S+\s+)*([^\s()]+)/],
    ['constant', /^\(def(?:once)?\s+(?:\^\S+\s+)*([^\s()]+)/],
    ['function', /^\((?:s\/def|[\w.]+\/def\w*)\s+([^\s()]+)/],
  ],
};

export const clojure: LanguageDefinition = {
  id: 'clojure',
  name: 'Clojure',
  aliases: ['clj', 'cljs'],
  extensions: ['.clj', '.cljs', '.cljc', '.edn', '.bb'],
  lineComments: [';'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
