/** SCSS and Less: rules, mixins, functions, variables. */
import type { LanguageDefinition } from '../../language.ts';
import { scssRules } from '../../structure/css.ts';

export const scss: LanguageDefinition = {
  id: 'scss',
  name: 'SCSS and Less',
  aliases: ['sass', 'less'],
  extensions: ['.scss', '.less'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: scssRules,
};
