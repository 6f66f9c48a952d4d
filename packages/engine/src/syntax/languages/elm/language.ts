/** Elm and PureScript: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['--'],
  blockComments: [['{-', '-}']],
  topLevelOnly: true,
  extendSameName: true,
  patterns: [
    ['module', /^(?:port\s+)?module\s+([\w.]+)/],
    ['type', /^(?:type(?:\s+alias)?|data|newtype)\s+(\w+)/],
    ['trait', /^class\s+(?:[^=]*<=\s*)?(\w+)/],
    ['function', /^(?:port\s+|foreign\s+import\s+)?([a-z]\w*)\s*::?(?!:)/],
  ],
};

export const elm: LanguageDefinition = {
  id: 'elm',
  name: 'Elm and PureScript',
  aliases: ['purescript'],
  extensions: ['.elm', '.purs'],
  lineComments: ['--'],
  blockComments: [['{-', '-}']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
