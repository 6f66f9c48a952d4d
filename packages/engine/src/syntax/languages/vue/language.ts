/** Vue components: blocks, and the symbols of their scripts and styles. */
import type { LanguageDefinition } from '../../language.ts';
import { componentBlocks, embeddedBlocks, embeddedLanguages } from '../../structure/html.ts';

export const vue: LanguageDefinition = {
  id: 'vue',
  name: 'Vue',
  aliases: [],
  extensions: ['.vue'],
  lineComments: [],
  blockComments: [['<!--', '-->']],
  reader: 'structure',
  structure: componentBlocks,
  embedded: embeddedBlocks,
  embeds: embeddedLanguages,
};
