/**
 * Every weight of the ranking, in one table. A weight stays only while an ablation on the development set
 * supports it on repositories it was not tuned on: see eval/results/ and docs/adr/0006-ranking.md.
 */
import type { Bm25fParameters } from '../lexical/bm25f.ts';
import type { FileKind, FileTrait } from '../model/file.ts';
import type { ChunkShape } from './chunk-shape.ts';

export interface PathWeights {
  readonly folder: number;
  readonly parent: number;
  readonly stem: number;
  /** How fast a stem of many parts dilutes a match of one: weight / parts^dilution. */
  readonly dilution: number;
}

export interface RankWeights {
  readonly bm25f: Bm25fParameters;
  readonly pathPlaces: PathWeights;
  /** Share of each normalised term in the sum. */
  readonly chunk: number;
  readonly file: number;
  readonly path: number;
  /** The chunk defines a name that the query is or mentions. */
  readonly definition: number;
  /** A small definition folded into a larger chunk. */
  readonly foldedDefinition: number;
  /** The text names this file outright. */
  readonly mention: number;
  readonly trace: number;
  /** Past commits that resemble the task changed this file. */
  readonly history: number;
  /** Locate: changed together with the best files, or tested by one of them; a share of the best score. */
  readonly related: number;
  /** The file the asker is in, and its neighbours. */
  readonly context: number;
  /** Share of the query's terms (by idf) that the chunk has. */
  readonly coverage: number;
  /** The chunk's name says what the query says. */
  readonly name: number;
  /** The chunk holds the literal or pattern asked for. */
  readonly exact: number;
  /** The chunk is near the query by meaning (cosine). 0: vectors are not looked at. */
  readonly meaning: number;
  /** It is near each word of the query by itself: orders the chunks of one file, moves no file. */
  readonly eachWord: number;
  /** It is at lines that the text names: orders the chunks of one file, too. Above all else that can. */
  readonly line: number;
  /** The words of the path are. */
  readonly pathMeaning: number;
  /** Each further hit in a file counts this times the one before. */
  readonly repeat: number;
  /** By what the chunk is: code outside any definition (imports, licences) is rarely the answer. */
  readonly shapes: Readonly<Record<ChunkShape, number>>;
  readonly kinds: Readonly<Record<FileKind, number>>;
  readonly traits: Readonly<Record<FileTrait, number>>;
}

const bm25f: Bm25fParameters = {
  k1: 4,
  weights: { body: 1.2, signature: 3, doc: 0.9, scope: 1.75, name: 5 },
  b: { body: 0.6, signature: 0.5, doc: 0.9, scope: 0.45, name: 0.75 },
  fileK1: 6,
  fileB: 0.3,
};

const search: RankWeights = {
  bm25f,
  pathPlaces: { folder: 0.3, parent: 0.6, stem: 2, dilution: 0.5 },
  chunk: 0.75,
  file: 0.3,
  path: 0.9,
  definition: 0.05,
  foldedDefinition: 0.1,
  mention: 1,
  trace: 1.5,
  history: 0,
  related: 0,
  context: 0.15,
  coverage: 0.1,
  name: 0.3,
  exact: 10,
  meaning: 1.75,
  eachWord: 2,
  line: 10,
  pathMeaning: 0.1,
  repeat: 0.95,
  shapes: { callable: 1, type: 0.8, value: 0.55, test: 0.7, section: 1, block: 0.7 },
  kinds: { code: 1.3, test: 0.6, doc: 0.7, config: 0.7, data: 0.5 },
  traits: { vendored: 0.6, generated: 0.6, declaration: 0.7, legacy: 0.8, changelog: 0.4, example: 0.7 },
};

const locate: RankWeights = {
  ...search,
  chunk: 0.6,
  file: 1.2,
  path: 0.9,
  definition: 0.3,
  foldedDefinition: 0.1,
  history: 0.8,
  related: 0.05,
  meaning: 1.4,
  eachWord: 0,
  pathMeaning: 0.5,
  coverage: 0.4,
  name: 0.15,
  // Files are asked for: what the best chunk is matters little.
  shapes: { callable: 1, type: 1, value: 1, test: 1, section: 1, block: 1 },
  kinds: { code: 1.2, test: 0.5, doc: 0.4, config: 0.5, data: 0.4 },
};

/** One name asked for: where it is defined comes first. */
const symbol: RankWeights = {
  ...search,
  chunk: 1,
  definition: 4,
  foldedDefinition: 5,
  meaning: 0,
  eachWord: 0,
  pathMeaning: 0,
  shapes: { callable: 1, type: 1, value: 0.9, test: 1, section: 1, block: 0.8 },
};

/** Lines of a file: other code that does the same, wherever it is. */
const code: RankWeights = {
  ...search,
  meaning: 2,
  eachWord: 0,
  path: 0,
  pathMeaning: 0,
  definition: 0,
  foldedDefinition: 0,
};

/** Tests of something: what they test has its words more often. */
const tests: RankWeights = {
  ...search,
  kinds: { code: 0.6, test: 1.3, doc: 0.4, config: 0.4, data: 0.4 },
  // Rust has them in files of code.
  shapes: { ...search.shapes, test: 2 },
};

/** By what is asked: `symbol` for a bare name, path or literal, `search` for words, `locate` for tasks, `code` for lines, `tests` for tests. */
export const WEIGHTS = { search, symbol, locate, code, tests } as const;
export type WeightTable = Readonly<Record<keyof typeof WEIGHTS, RankWeights>>;
