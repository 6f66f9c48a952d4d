/** TOML: tables and keys. */
import type { LanguageDefinition } from '../../language.ts';
import { tomlTables } from '../../structure/toml.ts';

export const toml: LanguageDefinition = {
  id: 'toml',
  name: 'TOML',
  aliases: [],
  extensions: ['.toml'],
  filenames: ['Pipfile'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: tomlTables,
};
