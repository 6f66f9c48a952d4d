/** Elixir: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [],
  docAttributes: ['@doc', '@spec', '@impl'],
  patterns: [
    ['module', /^defmodule\s+([\w.]+)/],
    ['trait', /^(?:defprotocol|defimpl)\s+([\w.]+)/],
    ['function', /^(?:def|defp|defguard|defguardp|defdelegate|defn)\s+([\w?!]+)/],
    ['macro', /^defmacrop?\s+([\w?!]+)/],
    ['struct', /^(defstruct|defexception)\b/],
    ['type', /^@(?:type|typep|opaque|callback)\s+(\w+)/],
    ['test', /^(?:test|describe|property)\s+"([^"]+)"/],
    [
      'constant',
      /^@(?!doc|moduledoc|spec|impl|behaviour|type|typep|opaque|callback|derive|tag)([a-z]\w*)\s+[^=\s]/,
    ],
  ],
};

export const elixir: LanguageDefinition = {
  id: 'elixir',
  name: 'Elixir',
  aliases: ['ex'],
  extensions: ['.ex', '.exs', '.heex'],
  shebangs: ['elixir'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
