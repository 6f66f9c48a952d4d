/** The INI family: sections and keys. */
import type { LanguageDefinition } from '../../language.ts';
import { iniSections } from '../../structure/toml.ts';

export const ini: LanguageDefinition = {
  id: 'ini',
  name: 'INI',
  aliases: ['properties', 'cfg', 'conf'],
  extensions: [
    '.ini',
    '.cfg',
    '.conf',
    '.properties',
    '.desktop',
    '.service',
    '.socket',
    '.timer',
    '.editorconfig',
    '.gitconfig',
  ],
  filenames: ['.editorconfig', '.gitconfig', '.gitmodules', '.flake8', '.pylintrc', '.coveragerc'],
  lineComments: ['#', ';'],
  blockComments: [],
  reader: 'structure',
  structure: iniSections,
};
