/** The REST door as an OpenAPI 3.1 document, made from the schemas of the operations. Says nothing of its own about them. */
import { ErrorBody } from '@conexus/sdk/contract';
import * as z from 'zod/v4';
import type { Operation } from '../operations/operation.ts';
import { VERSION } from '../version.ts';

type Json = Readonly<Record<string, unknown>>;

const REFUSALS: Readonly<Record<string, string>> = {
  '400': 'The arguments or the body are wrong.',
  '401': 'No valid key.',
  '403': 'The key lacks the scope, or Host or Origin may not ask.',
  '404': 'No such operation, repository or file.',
  '409': 'There is no index yet, or no git history where the call needs one.',
  '413': 'The body is too large.',
  '415': 'The body is not JSON.',
  '429': 'Too many requests with this key; see Retry-After.',
  '500': 'A defect of Conexus; the log of the server has the details under the error id.',
  '503':
    'Too busy, going down, or the index or the graph of calls cannot be used now; see Retry-After where it is given.',
  '504': 'The call passed its deadline.',
};

export function openApi(operations: readonly Operation[]): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Conexus',
      version: VERSION,
      description: 'Tells where things are in repositories, fresh, with file:line proof.',
    },
    security: [{ key: [] }],
    paths: Object.fromEntries(
      operations.map((operation) => [`/v1/${operation.name}`, { post: post(operation) }]),
    ),
    components: {
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description:
            'A key of "conexus keys create", or an access token of the provider, where the server takes those.',
        },
      },
      schemas: { Error: schemaOf(ErrorBody) },
      responses: Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [`Refused${status}`, refusal(description)]),
      ),
    },
  };
}

function post(operation: Operation): Json {
  return {
    operationId: operation.name,
    summary: operation.title,
    description: operation.description,
    requestBody: {
      required: true,
      content: { 'application/json': { schema: operation.inputSchema() } },
    },
    responses: {
      '200': {
        description: 'The answer; as markdown when Accept asks for text/markdown.',
        content: {
          'application/json': { schema: schemaOf(operation.output) },
          'text/markdown': { schema: { type: 'string' } },
        },
      },
      ...Object.fromEntries(
        Object.keys(REFUSALS).map((status) => [status, { $ref: `#/components/responses/Refused${status}` }]),
      ),
    },
  };
}

function refusal(description: string): Json {
  return {
    description,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  };
}

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'output' });
  return rest;
}
