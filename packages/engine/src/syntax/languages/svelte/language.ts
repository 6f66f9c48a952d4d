/** Svelte components: blocks, and the symbols of their scripts and styles. */
import type { LanguageDefinition } from '../../language.ts';
import { componentBlocks, embeddedBlocks, embeddedLanguages } from '../../structure/html.ts';

export const svelte: LanguageDefinition = {
  id: 'svelte',
  name: 'Svelte',
  aliases: [],
  extensions: ['.svelte'],
  lineComments: [],
  blockComments: [['<!--', '-->']],
  reader: 'structure',
  structure: componentBlocks,
  embedded: embeddedBlocks,
  embeds: embeddedLanguages,
};
