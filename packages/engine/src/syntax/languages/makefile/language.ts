/** Makefiles and justfiles: targets and variables. */
import type { LanguageDefinition } from '../../language.ts';
import { makefileTargets } from '../../structure/build-files.ts';

export const makefile: LanguageDefinition = {
  id: 'makefile',
  name: 'Makefile',
  aliases: ['make', 'just'],
  extensions: ['.mk', '.mak', '.make', '.just'],
  filenames: ['Makefile*', 'GNUmakefile', 'makefile', 'justfile', '.justfile'],
  shebangs: ['make'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: makefileTargets,
};
