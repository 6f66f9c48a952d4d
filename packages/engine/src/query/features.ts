/** The values of a candidate's ranking terms, and their weighted sum. */
import type { RankWeights } from './weights.ts';

/** Each about 0..1. */
export interface Features {
  readonly chunk: number;
  readonly file: number;
  readonly path: number;
  readonly definition: number;
  readonly foldedDefinition: number;
  readonly mention: number;
  readonly trace: number;
  readonly history: number;
  readonly context: number;
  /** Share of the query's terms, by idf, that the chunk has. */
  readonly coverage: number;
  /** How much of the query the name says, and of the name the query: geometric mean of the shares. */
  readonly name: number;
  /** The chunk has the literal or pattern asked for, found by ripgrep. */
  readonly exact: number;
  /** Cosine of the chunk with the query, negative ones as 0. */
  readonly meaning: number;
  /**
   * How near the chunk is to each word of the query by itself: mean over the words of the root of the cosine, so that two
   * words half met count more than one met fully. Only of the candidates that lead without it, else 0.
   */
  readonly eachWord: number;
  /** The chunk is at lines that the text names, e.g. in a trace; up to 1.1 (placed-chunks.ts). */
  readonly line: number;
  /** Cosine of the words of the file's path with the query. */
  readonly pathMeaning: number;
}

/** What is summed up; `eachWord` and `line` only order the chunks of a file (rank.ts). */
export const FEATURES = [
  'chunk',
  'file',
  'path',
  'definition',
  'foldedDefinition',
  'mention',
  'trace',
  'history',
  'context',
  'coverage',
  'name',
  'exact',
  'meaning',
  'pathMeaning',
] as const satisfies readonly (keyof Features)[];

/** Written out: looking the terms up by name takes ten times as long, and hundreds of candidates are weighed. */
export function weighted(features: Features, weights: RankWeights): number {
  return (
    weights.chunk * features.chunk +
    weights.file * features.file +
    weights.path * features.path +
    weights.definition * features.definition +
    weights.foldedDefinition * features.foldedDefinition +
    weights.mention * features.mention +
    weights.trace * features.trace +
    weights.history * features.history +
    weights.context * features.context +
    weights.coverage * features.coverage +
    weights.name * features.name +
    weights.exact * features.exact +
    weights.meaning * features.meaning +
    weights.pathMeaning * features.pathMeaning
  );
}
