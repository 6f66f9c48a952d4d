/** Astro components: front matter script, blocks, scripts and styles. */
import type { LanguageDefinition } from '../../language.ts';
import { astroBlocks, componentBlocks, embeddedLanguages } from '../../structure/html.ts';

export const astro: LanguageDefinition = {
  id: 'astro',
  name: 'Astro',
  aliases: [],
  extensions: ['.astro'],
  lineComments: [],
  blockComments: [['<!--', '-->']],
  reader: 'structure',
  structure: componentBlocks,
  embedded: astroBlocks,
  embeds: embeddedLanguages,
};
