/** JSON and its relatives with comments: keys of the first levels. */
import type { LanguageDefinition } from '../../language.ts';
import { jsonKeys } from '../../structure/json.ts';

export const json: LanguageDefinition = {
  id: 'json',
  name: 'JSON',
  aliases: ['jsonc', 'json5'],
  extensions: [
    '.json',
    '.jsonc',
    '.json5',
    '.geojson',
    '.webmanifest',
    '.code-workspace',
    '.avsc',
    '.jsonld',
  ],
  filenames: ['.babelrc', '.eslintrc', '.prettierrc', '.swcrc', '.jshintrc', '.watchmanconfig'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: jsonKeys,
};
