/** GraphQL: types with their fields, operations, fragments. */
import type { LanguageDefinition } from '../../language.ts';
import { graphqlDefinitions } from '../../structure/schemas.ts';

export const graphql: LanguageDefinition = {
  id: 'graphql',
  name: 'GraphQL',
  aliases: ['gql'],
  extensions: ['.graphql', '.graphqls', '.gql'],
  lineComments: ['#'],
  blockComments: [['"""', '"""']],
  reader: 'structure',
  structure: graphqlDefinitions,
};
