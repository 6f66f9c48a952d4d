/** CMake: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [['#[[', ']]']],
  closers: ['endfunction', 'endmacro', ')'],
  topLevelOnly: true,
  patterns: [
    ['function', /^function\s*\(\s*(\w+)/i],
    ['macro', /^macro\s*\(\s*(\w+)/i],
    [
      'target',
      /^(?:add_library|add_executable|add_custom_target|\w+_cc_library|\w+_cc_test|\w+_add_library)\s*\(\s*([\w:.${}-]+)?/i,
    ],
    ['variable', /^(?:set|option)\s*\(\s*([A-Z]\w+)/i],
    ['module', /^project\s*\(\s*([\w-]+)/i],
  ],
};

export const cmake: LanguageDefinition = {
  id: 'cmake',
  name: 'CMake',
  aliases: [],
  extensions: ['.cmake'],
  filenames: ['CMakeLists.txt'],
  lineComments: ['#'],
  blockComments: [['#[[', ']]']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
