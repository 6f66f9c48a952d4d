/** Public door of the SDK: for now the contract alone. */
export { ERROR_CODES, ERROR_MEANING, ErrorBody } from './contract/index.ts';
export type { WireErrorCode } from './contract/index.ts';
export {
  GrepInput, GrepOutput, IndexControlInput, IndexControlOutput, LIMITS, LocateInput, LocateOutput, SearchInput, SearchOutput,
} from './contract/index.ts';
