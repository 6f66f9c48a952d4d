/** Protocol Buffers and FlatBuffers: messages, enums, services, calls and fields. */
import type { LanguageDefinition } from '../../language.ts';
import { protobufDefinitions } from '../../structure/schemas.ts';

export const protobuf: LanguageDefinition = {
  id: 'protobuf',
  name: 'Protocol Buffers',
  aliases: ['proto', 'proto3', 'flatbuffers'],
  extensions: ['.proto', '.fbs'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: protobufDefinitions,
};
