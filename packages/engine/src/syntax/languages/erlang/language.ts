/** Erlang: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['%'],
  blockComments: [],
  topLevelOnly: true,
  extendSameName: true,
  docAttributes: ['-spec', '-doc'],
  patterns: [
    ['module', /^-module\((\w+)/],
    ['struct', /^-record\((\w+)/],
    ['macro', /^-define\((\w+)/],
    ['type', /^-(?:type|opaque|callback)\s+(\w+)/],
    ['function', /^([a-z]\w*|'[^']+')\((?=.*(?:->|,\s*$|\)\s*(?:when\b.*)?$))/],
  ],
};

export const erlang: LanguageDefinition = {
  id: 'erlang',
  name: 'Erlang',
  aliases: ['erl'],
  extensions: ['.erl', '.hrl', '.escript'],
  shebangs: ['escript'],
  lineComments: ['%'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
