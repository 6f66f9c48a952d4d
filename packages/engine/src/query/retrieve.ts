/** Plan -> candidates: chunks with the value of every ranking term, before weights. Exact: all postings are read. */
import type { LexicalScores, Scorer } from '../lexical/bm25f.ts';
import { FIELDS } from '../lexical/fields.ts';
import type { FileRecord, IndexView, ViewSegment } from '../lexical/index-view.ts';
import type { PostingCache } from '../lexical/posting-cache.ts';
import { readPostings, type SegmentPostings } from '../lexical/read-postings.ts';
import type { WorkContext } from '../model/search.ts';
import type { AskedLines } from './asked-lines.ts';
import { type ChunkShape, shapeOf } from './chunk-shape.ts';
import { definitionMatches, FOLDED } from './definition-matches.ts';
import { type ExactMatches, exactMatches } from './exact-matches.ts';
import { type Features, weighted } from './features.ts';
import {
  addNamedFiles,
  type FileFeatureIndex,
  type FileFeatures,
  fileChooser,
  fileFeatures,
} from './file-features.ts';
import { allowedSlots, type FileTest } from './filter.ts';
import type { MeaningIndex, QueryMeaning } from './meaning.ts';
import { placedChunks } from './placed-chunks.ts';
import type { QueryPlan } from './plan-query.ts';
import { createTopK } from './top-k.ts';
import type { RankWeights } from './weights.ts';

/** What retrieval reads. `version` moves when the view does; retrieval then starts over. */
export interface RetrievalIndex extends FileFeatureIndex {
  readonly version: number;
  readonly cache: PostingCache;
  readonly scorer: Scorer;
  readonly meaning: MeaningIndex;
}

export interface Candidate {
  readonly doc: number;
  readonly slot: number;
  /** Of several files with the same bytes, the one that the filter lets pass and the query speaks of. */
  readonly file: FileRecord;
  /** Kept with the number, which means another document once the view has changed. */
  readonly segment: ViewSegment;
  /** Candidates of a lower tier are listed first, whatever their score: see `TIER`. */
  readonly tier: number;
  readonly shape: ChunkShape;
  readonly features: Features;
}

export interface Retrieved {
  readonly candidates: readonly Candidate[];
  /** Live documents per plan term. */
  readonly frequencies: readonly number[];
  /** Documents that matched at all. */
  readonly matched: number;
  /** Only what holds all texts of the query was taken. */
  readonly isExact: boolean;
  /** Whether chunks were compared by meaning. */
  readonly byMeaning: boolean;
  /** What the asker should know of it. */
  readonly meaningNote: string | undefined;
}

export interface RetrievalOptions {
  readonly weights: RankWeights;
  /** Chunks kept for ranking; beyond what any page can show. */
  readonly depth: number;
  /** Files that may be answered from. Asked when the view stands still: numbers of slots change with it. */
  readonly accepts?: FileTest | undefined;
  readonly symbolKinds?: ReadonlySet<number> | undefined;
  /** Files are wanted: only the best chunk of each takes part, so that the chunks of a few large files leave room. */
  readonly oneEach?: boolean | undefined;
  /** The file's demotion in the ranking to come, so that what would be demoted does not crowd out the rest; default 1. */
  readonly standing?: ((file: FileRecord) => number) | undefined;
  readonly context?: WorkContext | undefined;
  /** Lines that hold what the query writes out. */
  readonly exact?: AskedLines | undefined;
  /** For what is asked of others, e.g. an embedder. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Candidates are ranked by so many at a time. A page far down the list then finds the pages before it as they were,
 * although it had to look at more candidates.
 */
export const TIER = 300;

export async function retrieve(
  index: RetrievalIndex,
  plan: QueryPlan,
  options: RetrievalOptions,
): Promise<Retrieved> {
  const terms = [
    ...plan.terms.map(({ term }) => term),
    ...plan.names.flatMap(({ term, exactTerm }) => [term, exactTerm]),
    ...plan.places.flatMap(({ name }) => (name ? [name.term] : [])),
  ];
  const { weights } = options;
  const isAsked = index.meaning.enabled && (weights.meaning > 0 || weights.pathMeaning > 0);
  for (;;) {
    const version = index.version;
    const meaning = isAsked ? await index.meaning.meaningOf(plan, options.signal) : undefined;
    const postings = await readPostings(index.view, terms, index.cache);
    if (index.version === version) return gather(index, plan, postings, meaning, options);
  }
}

/** What was found about chunks and files, before any of it is weighed. */
interface Evidence {
  readonly view: IndexView;
  readonly lexical: LexicalScores;
  readonly perFile: FileFeatures;
  readonly definitions: ReadonlyMap<number, number>;
  readonly exact: ExactMatches['values'];
  /** Where the query is nothing but texts that were found: what holds them, and no other is a result. */
  readonly only: ReadonlySet<number> | undefined;
  readonly placed: ReadonlyMap<number, number>;
  readonly allowed: Uint8Array | undefined;
  readonly total: number;
  readonly reach: { readonly chunk: number; readonly file: number };
  readonly fileOf: (slot: number) => number;
  readonly meaning: QueryMeaning | undefined;
}

function gather(
  index: RetrievalIndex,
  plan: QueryPlan,
  postings: ReadonlyMap<string, readonly SegmentPostings[]>,
  meaning: QueryMeaning | undefined,
  options: RetrievalOptions,
): Retrieved {
  const { view } = index;
  const allowed = allowedSlots(view, options.accepts);
  const lexical = index.scorer.score(view, plan.terms, postings, options.weights.bm25f, allowed);
  const perFile = fileFeatures(index, plan, options.weights, options.context);
  const total = Math.max(lexical.total, 1e-9);
  const exact = exactMatches(view, options.exact?.groups ?? [], allowed);
  const evidence: Evidence = {
    view,
    lexical,
    perFile,
    definitions: definitionMatches(view, plan, postings, allowed),
    exact: exact.values,
    only: options.exact?.isAll && exact.whole.size > 0 ? exact.whole : undefined,
    placed: placedChunks(view, plan, postings, allowed),
    allowed,
    total,
    reach: reachOf(lexical, total),
    fileOf: fileChooser(view, perFile, options.accepts),
    meaning,
  };
  const chosen = [...chooseDocuments(evidence, options)];
  const near = meaning?.similarity(chosen.map(([doc]) => doc));
  const described = chosen.flatMap(([doc, tier], i) => describe(evidence, doc, tier, near?.[i] ?? 0) ?? []);
  const candidates = meaning ? withEachWord(described, meaning, options) : described;
  return {
    candidates,
    frequencies: lexical.frequencies,
    matched: lexical.docs.length,
    isExact: evidence.only !== undefined,
    byMeaning: meaning !== undefined,
    meaningNote: meaning?.note,
  };
}

/** Documents to rank -> their tier: the best by words and files, and all that define or hold what was named. */
function chooseDocuments(evidence: Evidence, options: RetrievalOptions): Map<number, number> {
  const { view, definitions, exact, placed, perFile, allowed } = evidence;
  const { only } = evidence;
  if (only)
    return new Map(
      [...only].filter((doc) => isWanted(view.segmentOfDoc(doc), doc, options)).map((doc) => [doc, 0]),
    );
  const order = bestByWords(evidence, options);
  const tiers = new Map<number, number>();
  // Those in `order` are wanted.
  for (let i = 0; i < order.length && i < TIER; i++) tiers.set(order[i] as number, 0);
  const others = new Set([...definitions.keys(), ...exact.keys(), ...placed.keys()]);
  addNamedFiles(view, perFile, others, allowed);
  for (const { doc, score } of evidence.meaning?.nearest(NEAREST, allowed) ?? [])
    if (score > 0) others.add(doc);
  for (const doc of others) if (isWanted(view.segmentOfDoc(doc), doc, options)) tiers.set(doc, 0);
  for (let i = TIER; i < order.length; i++) {
    const doc = order[i] as number;
    if (!tiers.has(doc)) tiers.set(doc, Math.floor(i / TIER));
  }
  return tiers;
}

/** Chunks that may be ranked for their meaning alone. */
const NEAREST = 100;

function isWanted(segment: ViewSegment, doc: number, { symbolKinds }: RetrievalOptions): boolean {
  return !symbolKinds || symbolKinds.has(segment.docs.kind[doc - segment.docBase] as number);
}

/** The `depth` best documents by what the ranking will weigh, best first. Hot: common words bring most of an index here. */
function bestByWords(evidence: Evidence, options: RetrievalOptions): number[] {
  const { view, lexical, total } = evidence;
  const { weights, oneEach } = options;
  // Local: the loop is most of what a common word costs beside its postings.
  const { docs, slotOf, score: chunkScore, fileScore, covered, namedTerms } = lexical;
  const { chunk, file, coverage, name } = weights;
  const { chunk: chunkReach, file: fileReach } = evidence.reach;
  const bySlot = slotFeatures(view, evidence.perFile, evidence.fileOf, weights, options.standing);
  const segmentOf = segmentFinder(view);
  // A cursor may ask for any depth.
  const top = createTopK(Math.min(options.depth, docs.length));
  const best = new Map<number, { readonly doc: number; readonly score: number }>();
  const { mostSum, mostFactor } = bySlot;
  const mostWithName = mostSum + name;
  let { floor } = top;
  for (let i = 0; i < docs.length; i++) {
    const doc = docs[i] as number;
    const slot = slotOf[i] as number;
    const cheap =
      (chunk * (chunkScore[doc] as number)) / chunkReach +
      (file * (fileScore[slot] as number)) / fileReach +
      (coverage * (covered[doc] as number)) / total;
    // Exact: not even the best name, at most 1, and the best file would bring this chunk among the best.
    const others = namedTerms[doc] === 0 ? mostSum : mostWithName;
    if ((cheap + others) * mostFactor < floor) continue;
    const segment = segmentOf(doc);
    if (!isWanted(segment, doc, options)) continue;
    const words = cheap + name * nameFit(lexical, segment, doc, total);
    if ((words + mostSum) * mostFactor < floor) continue;
    bySlot.know(slot);
    const shape = weights.shapes[shapeOf(segment.docs.kind[doc - segment.docBase] as number)];
    const score = (words + (bySlot.sum[slot] as number)) * shape * (bySlot.standing[slot] as number);
    if (!oneEach) {
      top.push(doc, score);
      floor = top.floor;
    } else if (score > (best.get(slot)?.score ?? Number.NEGATIVE_INFINITY)) best.set(slot, { doc, score });
  }
  for (const { doc, score } of best.values()) top.push(doc, score);
  return top.take().map(({ item }) => item);
}

/** A chosen document with the value of every term; undefined when its file is gone. */
function describe(evidence: Evidence, doc: number, tier: number, near: number): Candidate | undefined {
  const { view, lexical, perFile, definitions, exact, placed, total, reach, fileOf, meaning } = evidence;
  const segment = view.segmentOfDoc(doc);
  const local = doc - segment.docBase;
  const slot = segment.slotBase + (segment.blobOf[local] as number);
  const id = fileOf(slot);
  const file = view.fileById(id);
  if (!file) return undefined;
  const definition = definitions.get(doc) ?? 0;
  return {
    doc,
    slot,
    file,
    segment,
    tier,
    shape: shapeOf(segment.docs.kind[local] as number),
    features: {
      chunk: (lexical.score[doc] as number) / reach.chunk,
      file: (lexical.fileScore[slot] as number) / reach.file,
      path: perFile.path.get(id) ?? 0,
      definition: definition > FOLDED ? definition : 0,
      foldedDefinition: definition > FOLDED ? 0 : definition,
      mention: perFile.mention.get(id) ?? 0,
      trace: perFile.trace.get(id) ?? 0,
      history: perFile.history.get(id) ?? 0,
      context: perFile.context.get(id) ?? 0,
      coverage: (lexical.covered[doc] as number) / total,
      name: nameFit(lexical, segment, doc, total),
      exact: exact.get(doc) ?? 0,
      meaning: Math.max(0, near),
      eachWord: 0,
      line: placed.get(doc) ?? 0,
      pathMeaning: Math.max(0, meaning?.pathSimilarity(file.path) ?? 0),
    },
  };
}

/** The leaders by all other terms get the one that takes longest. */
function withEachWord(
  candidates: readonly Candidate[],
  meaning: QueryMeaning,
  { weights, standing }: RetrievalOptions,
): readonly Candidate[] {
  if (weights.eachWord === 0) return candidates;
  const top = createTopK(LEADERS);
  candidates.forEach(({ tier, file, shape, features }, i) => {
    // Of the first tier only: pages far down must not change the ones before.
    if (tier === 0)
      top.push(i, weighted(features, weights) * weights.shapes[shape] * (standing?.(file) ?? 1));
  });
  const leaders = top.take().map(({ item }) => item);
  const near = meaning.wordSimilarity(leaders.map((i) => (candidates[i] as Candidate).doc));
  const result = [...candidates];
  leaders.forEach((i, at) => {
    const candidate = candidates[i] as Candidate;
    result[i] = { ...candidate, features: { ...candidate.features, eachWord: near[at] as number } };
  });
  return result;
}

/** Several pages of hits. */
const LEADERS = 40;

interface SlotFeatures {
  /** Makes `sum` and `standing` hold for the slot. */
  know(slot: number): void;
  /** Weighted features of the slot's file. */
  readonly sum: Float64Array;
  readonly standing: Float64Array;
  /** No file's sum, and no product of standing and shape, is larger. */
  readonly mostSum: number;
  readonly mostFactor: number;
}

/** What a file's chunks share, worked out once a file: a common word has a hundred thousand chunks in far fewer files. */
function slotFeatures(
  view: IndexView,
  perFile: FileFeatures,
  fileOf: (slot: number) => number,
  weights: RankWeights,
  standingOf: RetrievalOptions['standing'],
): SlotFeatures {
  const sum = new Float64Array(view.slotLimit).fill(Number.NaN);
  const standing = new Float64Array(view.slotLimit);
  const features = (['path', 'history', 'context', 'mention', 'trace'] as const)
    .map((name) => ({ weight: weights[name], scores: perFile[name] }))
    .filter(({ scores }) => scores.size > 0);
  return {
    sum,
    standing,
    mostSum: features.reduce((total, { weight, scores }) => total + weight * largest(scores.values(), 0), 0),
    mostFactor:
      largest(Object.values(weights.kinds), 1) *
      Object.values(weights.traits).reduce((product, factor) => product * Math.max(1, factor), 1) *
      largest(Object.values(weights.shapes), 0),
    know(slot) {
      if (!Number.isNaN(sum[slot])) return;
      const id = fileOf(slot);
      const file = standingOf ? view.fileById(id) : undefined;
      standing[slot] = file && standingOf ? standingOf(file) : 1;
      let own = 0;
      for (const { weight, scores } of features) own += weight * (scores.get(id) ?? 0);
      sum[slot] = own;
    },
  };
}

function largest(values: Iterable<number>, least: number): number {
  let found = least;
  for (const value of values) if (value > found) found = value;
  return found;
}

/** Documents are asked for nearly in order: mostly the segment is the one of the document before. */
function segmentFinder(view: IndexView): (doc: number) => ViewSegment {
  let last: ViewSegment | undefined;
  return (doc) => {
    if (!last || doc < last.docBase || doc >= last.docBase + last.docs.count) last = view.segmentOfDoc(doc);
    return last;
  };
}

function nameFit(lexical: LexicalScores, segment: ViewSegment, doc: number, total: number): number {
  const matched = lexical.namedTerms[doc] as number;
  if (matched === 0) return 0;
  const { lengths, count } = segment.docs;
  const length = lengths[NAME_FIELD * count + (doc - segment.docBase)] as number;
  return Math.sqrt(((lexical.named[doc] as number) / total) * Math.min(1, matched / Math.max(1, length)));
}

const NAME_FIELD = FIELDS.indexOf('name');

/**
 * What scores are shares of: about what the query could reach if every term fitted well. Where nothing fits, paths and
 * names then weigh no less than elsewhere. In a long report no chunk has more than a few of the words, so that the share
 * is bounded by the best score found, too.
 */
function reachOf(lexical: LexicalScores, total: number): { readonly chunk: number; readonly file: number } {
  const chunk = Math.max(1e-9, lexical.most.chunk);
  const file = Math.max(1e-9, lexical.most.file);
  return { chunk: Math.min(total, chunk) * SATURATED, file: Math.min(total, file) * SATURATED };
}

const SATURATED = 2;
