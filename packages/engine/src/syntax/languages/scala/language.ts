/** Scala. */
import type { LanguageDefinition } from '../../language.ts';
import { scalaOutline } from './outline.ts';

export const scala: LanguageDefinition = {
  id: 'scala',
  name: 'Scala',
  aliases: ['sbt', 'sc'],
  extensions: ['.scala', '.sc', '.sbt', '.mill'],
  shebangs: ['scala', 'scala-cli', 'amm'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'tree',
  tree: { grammar: 'scala', outline: scalaOutline },
};
