/** Rust. */
import type { LanguageDefinition } from '../../language.ts';
import { itemMacros } from './item-macros.ts';
import { rustOutline } from './outline.ts';

export const rust: LanguageDefinition = {
  id: 'rust',
  name: 'Rust',
  aliases: ['rs'],
  extensions: ['.rs'],
  shebangs: ['rust-script'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'tree',
  tree: { grammar: 'rust', outline: rustOutline },
  embedded: itemMacros,
};
