/** CSS: rules, at-rules and custom properties. */
import type { LanguageDefinition } from '../../language.ts';
import { cssRules } from '../../structure/css.ts';

export const css: LanguageDefinition = {
  id: 'css',
  name: 'CSS',
  aliases: ['pcss', 'postcss'],
  extensions: ['.css', '.pcss', '.postcss', '.wxss'],
  lineComments: [],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: cssRules,
};
