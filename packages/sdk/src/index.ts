/** Public door of the SDK: the contract, and a client of a shared server. */

export type { CallOptions, ClientErrorCode, ClientOptions } from './client.ts';
export { ConexusClient, ConexusClientError } from './client.ts';
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
