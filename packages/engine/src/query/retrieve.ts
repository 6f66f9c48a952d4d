/** Plan -> candidates: chunks with the value of every ranking term, before weights. Exact: all postings are read. */
import type { LexicalScores, Scorer } from '../lexical/bm25f.ts';
import { FIELDS, OWN_DEFINITION } from '../lexical/fields.ts';
import type { FileRecord, IndexView, ViewSegment } from '../lexical/index-view.ts';
import type { PostingCache } from '../lexical/posting-cache.ts';
import { readPostings, type SegmentPostings } from '../lexical/read-postings.ts';
import type { FilePath } from '../model/file.ts';
import { SYMBOL_KINDS, type SymbolKind } from '../model/parsed-file.ts';
import type { WorkContext } from '../model/search.ts';
import { mentionScores } from './mention-scores.ts';
import { pathScores } from './path-scores.ts';
import type { QueryPlan } from './plan-query.ts';
import { createTopK } from './top-k.ts';
import type { RankWeights } from './weights.ts';

/** What retrieval reads. `version` moves when the view does; retrieval then starts over. */
export interface RetrievalIndex {
  readonly view: IndexView;
  readonly version: number;
  readonly cache: PostingCache;
  readonly scorer: Scorer;
  /** Votes of past commits that resemble the text, by path, best 1. */
  historyVotes(plan: QueryPlan): ReadonlyMap<FilePath, number>;
}

/** Values of the named ranking terms, each about 0..1. */
export interface Candidate {
  readonly doc: number;
  readonly slot: number;
  /** Of several files with the same bytes, the one that the filter lets pass and the query speaks of. */
  readonly file: FileRecord;
  /** Kept with the number, which means another document once the view has changed. */
  readonly segment: ViewSegment;
  readonly shape: ChunkShape;
  readonly features: Features;
}

/** What a chunk is, as far as ranking cares. */
export type ChunkShape = 'callable' | 'type' | 'value' | 'test' | 'section' | 'block';

const SHAPES: Readonly<Record<SymbolKind, ChunkShape>> = {
  function: 'callable',
  method: 'callable',
  constructor: 'callable',
  macro: 'callable',
  service: 'type',
  class: 'type',
  interface: 'type',
  struct: 'type',
  enum: 'type',
  trait: 'type',
  type: 'type',
  message: 'type',
  table: 'type',
  implementation: 'type',
  module: 'block',
  namespace: 'block',
  property: 'value',
  field: 'value',
  constant: 'value',
  variable: 'value',
  key: 'value',
  rule: 'value',
  target: 'value',
  test: 'test',
  section: 'section',
};

function shapeOf(code: number): ChunkShape {
  const kind = SYMBOL_KINDS[code - 1];
  return kind === undefined ? 'block' : SHAPES[kind];
}

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
}

export interface Retrieved {
  readonly candidates: readonly Candidate[];
  /** Live documents per plan term. */
  readonly frequencies: readonly number[];
  /** Documents that matched at all. */
  readonly matched: number;
}

export interface RetrievalOptions {
  readonly weights: RankWeights;
  /** Chunks kept for ranking; beyond what any page can show. */
  readonly depth: number;
  readonly allowed?: Uint8Array | undefined;
  /** The filter that `allowed` was made with, by file. */
  readonly accepts?: ((file: FileRecord) => boolean) | undefined;
  readonly symbolKinds?: ReadonlySet<number> | undefined;
  readonly context?: WorkContext | undefined;
}

export async function retrieve(index: RetrievalIndex, plan: QueryPlan, options: RetrievalOptions): Promise<Retrieved> {
  const terms = [...plan.terms.map(({ term }) => term), ...plan.names.flatMap(({ term, exactTerm }) => [term, exactTerm])];
  for (;;) {
    const version = index.version;
    const postings = await readPostings(index.view, terms, index.cache);
    if (index.version === version) return gather(index, plan, postings, options);
  }
}

function gather(
  index: RetrievalIndex,
  plan: QueryPlan,
  postings: ReadonlyMap<string, readonly SegmentPostings[]>,
  options: RetrievalOptions,
): Retrieved {
  const { view } = index;
  const { weights, allowed } = options;
  const lexical = index.scorer.score(view, plan.terms, postings, weights.bm25f, allowed);
  const perFile = fileFeatures(index, plan, options);
  const definitions = definitionMatches(view, plan, postings, allowed);
  const total = Math.max(lexical.total, 1e-9);
  const reach = reachOf(lexical, total);
  const top = createTopK(options.depth);
  const fileOf = fileChooser(view, perFile, options.accepts);
  const rough = (doc: number, slot: number) => {
    const file = fileOf(slot);
    return (
      (weights.chunk * (lexical.score[doc] as number)) / reach.chunk +
      (weights.file * (lexical.fileScore[slot] as number)) / reach.file +
      weights.path * (perFile.path.get(file) ?? 0) +
      (weights.coverage * (lexical.covered[doc] as number)) / total +
      weights.name * nameFit(lexical, view.segmentOfDoc(doc), doc, total) +
      weights.history * (perFile.history.get(file) ?? 0)
    );
  };
  const wantsKind = (doc: number) => {
    if (!options.symbolKinds) return true;
    const segment = view.segmentOfDoc(doc);
    return options.symbolKinds.has(segment.docs.kind[doc - segment.docBase] as number);
  };
  for (let i = 0; i < lexical.docs.length; i++) {
    const doc = lexical.docs[i] as number;
    const slot = lexical.slotOf[i] as number;
    if (wantsKind(doc)) top.push(doc, rough(doc, slot));
  }
  const docs = new Set(top.take().map(({ item }) => item));
  for (const doc of definitions.keys()) docs.add(doc);
  addNamedFiles(view, perFile, docs, allowed);
  const candidates: Candidate[] = [];
  for (const doc of docs) {
    if (!wantsKind(doc)) continue;
    const segment = view.segmentOfDoc(doc);
    const slot = segment.slotBase + (segment.blobOf[doc - segment.docBase] as number);
    const file = fileOf(slot);
    const record = view.fileById(file);
    if (!record) continue;
    const definition = definitions.get(doc) ?? 0;
    candidates.push({
      doc,
      slot,
      file: record,
      segment,
      shape: shapeOf(segment.docs.kind[doc - segment.docBase] as number),
      features: {
        chunk: (lexical.score[doc] as number) / reach.chunk,
        file: (lexical.fileScore[slot] as number) / reach.file,
        path: perFile.path.get(file) ?? 0,
        definition: definition > FOLDED ? definition : 0,
        foldedDefinition: definition > FOLDED ? 0 : definition,
        mention: perFile.mention.get(file) ?? 0,
        trace: perFile.trace.get(file) ?? 0,
        history: perFile.history.get(file) ?? 0,
        context: perFile.context.get(file) ?? 0,
        coverage: (lexical.covered[doc] as number) / total,
        name: nameFit(lexical, segment, doc, total),
      },
    });
  }
  return { candidates, frequencies: lexical.frequencies, matched: lexical.docs.length };
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
  let chunk = 1e-9;
  let file = 1e-9;
  for (const doc of lexical.docs) chunk = Math.max(chunk, lexical.score[doc] as number);
  for (const slot of lexical.slots) file = Math.max(file, lexical.fileScore[slot] as number);
  return { chunk: Math.min(total, chunk) * SATURATED, file: Math.min(total, file) * SATURATED };
}

const SATURATED = 2;

interface FileFeatures {
  readonly path: ReadonlyMap<number, number>;
  readonly mention: ReadonlyMap<number, number>;
  readonly trace: ReadonlyMap<number, number>;
  readonly history: ReadonlyMap<number, number>;
  readonly context: ReadonlyMap<number, number>;
}

function fileFeatures(index: RetrievalIndex, plan: QueryPlan, { weights, context }: RetrievalOptions): FileFeatures {
  const { view } = index;
  const history = new Map<number, number>();
  if (weights.history > 0) {
    for (const [path, vote] of index.historyVotes(plan)) {
      const file = view.file(path);
      if (file) history.set(file.id, vote);
    }
  }
  const { mention, trace } = mentionScores(view, plan.paths);
  return {
    path: pathScores(view, plan.terms, weights.pathPlaces),
    mention,
    trace,
    history,
    context: contextScores(view, context),
  };
}

/** Slot -> file id; of several files with the same bytes the one with most to say for it, then the first. */
function fileChooser(
  view: IndexView,
  files: FileFeatures,
  accepts: RetrievalOptions['accepts'],
): (slot: number) => number {
  const chosen = new Map<number, number>();
  const maps = [files.path, files.mention, files.trace, files.history, files.context];
  const merit = (id: number) => maps.reduce((sum, scores) => sum + (scores.get(id) ?? 0), 0);
  const passes = (id: number) => {
    const file = view.fileById(id);
    return file !== undefined && (accepts?.(file) ?? true);
  };
  return (slot) => {
    if (!view.isCopied(slot)) return view.fileOfSlot(slot);
    let best = chosen.get(slot);
    if (best === undefined) {
      const ids = view.filesOfSlot(slot).filter(passes);
      best = ids.reduce((a, b) => (merit(b) > merit(a) ? b : a), ids[0] ?? view.fileOfSlot(slot));
      chosen.set(slot, best);
    }
    return best;
  };
}

/** 1 for the active file, 0.6 for open files, 0.3 for files in the active file's folder. */
function contextScores(view: IndexView, context: WorkContext | undefined): Map<number, number> {
  const scores = new Map<number, number>();
  if (!context) return scores;
  const { activeFile, openFiles = [] } = context;
  if (activeFile !== undefined) {
    const folder = activeFile.slice(0, activeFile.lastIndexOf('/') + 1);
    if (folder !== '') {
      for (const file of view.files()) if (file.path.startsWith(folder)) scores.set(file.id, 0.3);
    }
  }
  for (const path of openFiles) {
    const file = view.file(path);
    if (file) scores.set(file.id, 0.6);
  }
  const active = activeFile === undefined ? undefined : view.file(activeFile);
  if (active) scores.set(active.id, 1);
  return scores;
}

/**
 * Chunks that define a name the query mentions: 1 for a chunk's own symbol spelled as written, less for another
 * spelling, for a declaration without a body, and for a small definition folded into a larger chunk.
 */
function definitionMatches(
  view: IndexView,
  plan: QueryPlan,
  postings: ReadonlyMap<string, readonly SegmentPostings[]>,
  allowed: Uint8Array | undefined,
): Map<number, number> {
  const matches = new Map<number, number>();
  for (const name of plan.names) {
    const exact = liveDefinitions(view, postings.get(name.exactTerm), allowed);
    const any = liveDefinitions(view, postings.get(name.term), allowed);
    if (any.size > MAX_DEFINITIONS) continue;
    for (const [doc, strength] of any) {
      const value = exact.has(doc) ? strength : strength * OTHER_SPELLING;
      matches.set(doc, Math.max(matches.get(doc) ?? 0, value));
    }
  }
  return matches;
}

const OTHER_SPELLING = 0.7;
const WITHOUT_BODY = 0.8;
const FOLDED = 0.5;
const BODY_FIELD = FIELDS.indexOf('body');

function liveDefinitions(
  view: IndexView,
  lists: readonly SegmentPostings[] = [],
  allowed: Uint8Array | undefined,
): Map<number, number> {
  const found = new Map<number, number>();
  for (const { segment, postings } of lists) {
    const { lengths, count, kind } = segment.docs;
    for (let i = 0; i < postings.docs.length; i++) {
      const local = postings.docs[i] as number;
      const slot = segment.slotBase + (segment.blobOf[local] as number);
      if (view.fileOfSlot(slot) < 0 || (allowed && allowed[slot] !== 1)) continue;
      const isOwn = postings.tfs[i] === OWN_DEFINITION;
      const isBare = shapeOf(kind[local] as number) === 'callable' && lengths[BODY_FIELD * count + local] === 0;
      found.set(segment.docBase + local, isOwn ? (isBare ? WITHOUT_BODY : 1) : FOLDED);
    }
  }
  return found;
}

/** A name defined more often than this (`get`, `toString`) picks nothing out. */
const MAX_DEFINITIONS = 400;

/** Files that the text names, or whose path alone fits, are candidates even when no chunk of theirs has a term. */
function addNamedFiles(view: IndexView, files: FileFeatures, docs: Set<number>, allowed: Uint8Array | undefined): void {
  const best = createTopK(MAX_NAMED_FILES);
  const isAllowed = (id: number) => allowed === undefined || allowed[view.fileById(id)?.slot ?? -1] === 1;
  for (const scores of [files.mention, files.trace, files.history]) {
    for (const [file, score] of scores) if (isAllowed(file)) best.push(file, 1 + score);
  }
  for (const [file, score] of files.path) if (isAllowed(file)) best.push(file, score);
  for (const { item } of best.take()) {
    const file = view.fileById(item);
    if (!file) continue;
    const segment = view.segmentOfSlot(file.slot);
    const ordinal = file.slot - segment.slotBase;
    const first = segment.firstDoc[ordinal] as number;
    if (first < (segment.firstDoc[ordinal + 1] as number)) docs.add(segment.docBase + first);
  }
}

const MAX_NAMED_FILES = 40;
