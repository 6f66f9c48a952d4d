/** Thrift: structs, enums and services. */
import type { LanguageDefinition } from '../../language.ts';
import { thriftDefinitions } from '../../structure/schemas.ts';

export const thrift: LanguageDefinition = {
  id: 'thrift',
  name: 'Thrift',
  aliases: [],
  extensions: ['.thrift'],
  lineComments: ['//', '#'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: thriftDefinitions,
};
