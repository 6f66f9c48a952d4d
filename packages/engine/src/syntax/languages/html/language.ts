/** HTML: headings, ids, and its scripts and styles as embedded texts. */
import type { LanguageDefinition } from '../../language.ts';
import { embeddedBlocks, embeddedLanguages, htmlOutline } from '../../structure/html.ts';

export const html: LanguageDefinition = {
  id: 'html',
  name: 'HTML',
  aliases: ['htm'],
  extensions: [
    '.html',
    '.htm',
    '.xhtml',
    '.ejs',
    '.hbs',
    '.handlebars',
    '.mustache',
    '.njk',
    '.jinja',
    '.jinja2',
    '.j2',
    '.liquid',
    '.twig',
    '.erb',
    '.cshtml',
    '.razor',
    '.jsp',
    '.gohtml',
    '.tmpl.html',
  ],
  lineComments: [],
  blockComments: [['<!--', '-->']],
  reader: 'structure',
  structure: htmlOutline,
  embedded: embeddedBlocks,
  embeds: embeddedLanguages,
};
