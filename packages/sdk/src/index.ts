/** Public door of the SDK: for now the contract alone. */

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
