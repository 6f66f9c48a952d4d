/** The engine's public door. */
export type {
  AnswerBasis,
  CallOptions,
  Engine,
  EngineOptions,
  IndexOptions,
  OpenOptions,
  Workspace,
} from './engine.ts';
export type { Estimate, Measure, Scores } from './evaluation/measures.ts';
export type {
  AblationResult,
  BaseCommit,
  EvaluationOptions,
  EvaluationProgress,
  EvaluationReport,
  Ranking,
  Summary,
  SystemResult,
  TaskResult,
} from './evaluation/report.ts';
export type {
  AnalysisAnswer,
  AnalysisGate,
  AnalysisRequest,
  AnalysisSection,
  AnalysisSectionName,
  AnalysisStep,
  AnalysisSubject,
  Claim,
  Evidence,
} from './model/analysis.ts';
export type {
  CallEdge,
  CallGraph,
  CallGraphReport,
  CallNode,
  Resolution,
  UnreadFile,
  UnresolvedCall,
} from './model/call-graph.ts';
export type {
  CodeGraph,
  GraphEdge,
  GraphEdgeKind,
  GraphSymbol,
  GraphSymbolKind,
  UnresolvedSite,
} from './model/code-graph.ts';
export { GRAPH_EDGE_KINDS } from './model/code-graph.ts';
export type {
  EmbeddingOptions,
  EmbeddingProviderName,
  ProxySettings,
  RerankingOptions,
  RerankingProviderName,
  SecretSource,
} from './model/embedding.ts';
export type { ErrorCode } from './model/errors.ts';
export { ConexusError } from './model/errors.ts';
export type { ContentHash, FileKind, FilePath, FileTrait, LanguageId, SkipReason } from './model/file.ts';
export type {
  ChangedFile,
  Dependent,
  DependentFile,
  ImpactAnswer,
  ImpactRequest,
  PublicName,
  TestFile,
} from './model/impact.ts';
export type { SymbolKind } from './model/parsed-file.ts';
export type {
  RelatedAnswer,
  RelatedEntry,
  RelatedPlace,
  RelatedRequest,
  RelatedSection,
  RelatedSectionName,
  RelatedTarget,
} from './model/related.ts';
export type {
  GraphCoverage,
  Mentions,
  Relation,
  RelationItem,
  RelationsAnswer,
  RelationsRequest,
} from './model/relations.ts';
export type {
  ChunkView,
  Citation,
  Detail,
  EmbedderStatus,
  EmbeddingReport,
  FileListing,
  Freshness,
  GraphStatus,
  GrepAnswer,
  GrepHit,
  GrepRequest,
  IndexProgress,
  IndexReport,
  IndexStatus,
  JobStatus,
  LocateAnswer,
  LocatedFile,
  LocateRequest,
  Omitted,
  OutlineItem,
  QueryPlanView,
  ScoreTerm,
  SearchAnswer,
  SearchFilter,
  SearchHit,
  SearchRequest,
  WorkContext,
} from './model/search.ts';
export { hideSecrets } from './model/secrets.ts';
export { openEngine } from './open-engine.ts';
export { evaluateHistory } from './open-evaluation.ts';
export type { IndexJobEnd, Observer, Stage } from './ports/observer.ts';
export { STAGES } from './ports/observer.ts';
