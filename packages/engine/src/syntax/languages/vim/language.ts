/** Vim script: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['"'],
  blockComments: [],
  patterns: [
    ['function', /^(?:export\s+)?(?:fu(?:n|nc|nct|ncti|nctio|nction)?|def)!?\s+([\w:#.<>]+)/],
    ['constant', /^command!?\s+(?:-\S+\s+)*(\w+)/],
  ],
};

export const vim: LanguageDefinition = {
  id: 'vim',
  name: 'Vim script',
  aliases: ['viml', 'vimscript'],
  extensions: ['.vim', '.vimrc'],
  filenames: ['.vimrc', '_vimrc'],
  lineComments: ['"'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
