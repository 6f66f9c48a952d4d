/** The wire contract: inputs, outputs and error codes of every operation. Named exports only. */
export { AnalyzeInput, AnalyzeOutput, REPORT_SECTIONS } from './analyze.ts';
export { CallGraphInput, CallGraphOutput } from './callgraph.ts';
export {
  FILE_KINDS,
  FILTER_SHAPE,
  FreshnessOutput,
  LIMITS,
  PlanOutput,
  ProgressOutput,
  RANKED_SHAPE,
  SYMBOL_KINDS,
} from './common.ts';
export type { ServerErrorCode, WireErrorCode } from './errors.ts';
export { ERROR_CODES, ERROR_MEANING, ErrorBody } from './errors.ts';
export { GrepInput, GrepOutput } from './grep.ts';
export { ImpactInput, ImpactOutput } from './impact.ts';
export {
  EmbeddingOutput,
  INDEX_ACTIONS,
  IndexControlInput,
  IndexControlOutput,
  JobOutput,
  ReportOutput,
  StatusOutput,
} from './index-control.ts';
export { LocateInput, LocateOutput, LocateResultItem } from './locate.ts';
export { RELATED_SECTIONS, RelatedInput, RelatedOutput } from './related.ts';
export { FindReferencesInput, RELATIONS, RelationInput, RelationsOutput } from './relations.ts';
export {
  REPOSITORY_NAME,
  RepositoriesArgument,
  RepositoriesInput,
  RepositoriesOutput,
  RepositoryArgument,
} from './repositories.ts';
export { SearchInput, SearchOutput, SearchResultItem } from './search.ts';
