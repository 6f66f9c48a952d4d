/** Lua: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['--'],
  blockComments: [['--[[', ']]']],
  patterns: [
    ['function', /^(?:local\s+)?function\s+(?:[\w.]+[.:])?(\w+)/],
    ['function', /^(?:local\s+)?(?:[\w.]+\.)?(\w+)\s*=\s*function\b/],
    ['constant', /^local\s+([A-Z][A-Z0-9_]+)\s*=/],
  ],
};

export const lua: LanguageDefinition = {
  id: 'lua',
  name: 'Lua',
  aliases: ['luau'],
  extensions: ['.lua', '.luau', '.rockspec'],
  shebangs: ['lua', 'luajit'],
  lineComments: ['--'],
  blockComments: [['--[[', ']]']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
