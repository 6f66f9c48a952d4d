/** Public door of the SDK: the contract, and a client over HTTP or standard input and output. */

export type { CallOptions, ClientOptions, HttpClientOptions, StdioClientOptions } from './client.ts';
export { ConexusClient } from './client.ts';
export type { ClientErrorCode } from './client-error.ts';
export { ConexusClientError } from './client-error.ts';
export type { WireErrorCode } from './contract/index.ts';
export {
  CallGraphInput,
  CallGraphOutput,
  ERROR_CODES,
  ERROR_MEANING,
  ErrorBody,
  GrepInput,
  GrepOutput,
  IndexControlInput,
  IndexControlOutput,
  LIMITS,
  LocateInput,
  LocateOutput,
  SearchInput,
  SearchOutput,
} from './contract/index.ts';
