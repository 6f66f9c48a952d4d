/** Error codes of the wire. Depends on nothing of ours: clients read these without the engine. */
import * as z from 'zod/v4';

/** What only a shared server answers; the engine has no such errors. */
const SERVER_ERROR_MEANING = {
  unauthenticated: 'A shared server wants a valid key, and none was sent.',
  forbidden: 'The key does not allow this operation.',
  repository_not_found:
    'No repository of that name may be read with this key, or several may and none was named.',
  overloaded: 'Too many requests at once or in a short time; the answer says when to try again.',
  state_unusable: 'Keys or audit log cannot be read or written, so that nobody is let in.',
} as const;

/** Every code a caller may see, with what it means. A server test holds this list equal to the engine's. */
export const ERROR_MEANING = {
  root_missing: 'The folder to index does not exist.',
  root_not_directory: 'The root is a file.',
  root_unreadable: 'The root cannot be read.',
  path_outside_root: 'A path leaves the root.',
  path_not_found: 'No such indexed file.',
  invalid_pattern: 'The search pattern is not valid.',
  invalid_argument: 'An argument is unknown, missing or out of bounds; also a cursor of another query.',
  not_indexed: 'There is no index yet.',
  not_ready:
    'What the question needs is still being built; the answer says how far it is and when to ask again.',
  no_history: 'There is no git history here, or too little of it for what was asked.',
  store_corrupt: 'The index on disk is damaged.',
  store_full: 'The disk has no room for the index.',
  store_busy: 'Another process holds the index.',
  store_unwritable: 'The folder of the index cannot be written.',
  ripgrep_missing: 'The bundled ripgrep binary is missing.',
  embedder_auth: 'The provider of embeddings refuses the key, or there is none.',
  embedder_limited: 'The provider of embeddings answers no more: a rate limit or a quota is used up.',
  embedder_unavailable: 'The provider of embeddings cannot be reached, or fails.',
  embedder_rejected: 'The provider of embeddings refuses the request, e.g. because it has no such model.',
  embedder_bad_reply:
    'The provider of embeddings sent what cannot be used: not JSON, too few vectors, wrong numbers.',
  embedder_missing: 'The local embedding model, or the package that runs it, is not installed.',
  thread_lost: 'The thread that worked on the question ended, e.g. for want of memory; it is replaced.',
  cancelled: 'The caller cancelled the call.',
  timeout: 'The call passed its deadline.',
  ...SERVER_ERROR_MEANING,
  internal: 'A defect of Conexus; its log has the details under the error id.',
} as const;

export type WireErrorCode = keyof typeof ERROR_MEANING;
export type ServerErrorCode = keyof typeof SERVER_ERROR_MEANING;

export const ERROR_CODES = Object.keys(ERROR_MEANING) as readonly WireErrorCode[];

export const ErrorBody = z.strictObject({
  error: z.strictObject({
    code: z.enum(ERROR_CODES as [WireErrorCode, ...WireErrorCode[]]),
    message: z.string(),
    advice: z.string(),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
