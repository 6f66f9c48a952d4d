/**
 * BM25F over chunks, and the same terms summed over files, in one pass over the postings.
 *
 * Robertson, Zaragoza, Taylor: Simple BM25 extension to multiple weighted fields (CIKM 2004), with length
 * normalisation per field: tf' = sum_f w_f tf_f / (1 - b_f + b_f len_f / avglen_f); score = idf tf' (k1 + 1) / (k1 + tf').
 * Exact: every posting is scored, nothing is sampled or skipped.
 */
import { BITS, FIELD_COUNT, FIELDS, type Field, MAX_LENGTH, MAX_TF } from './fields.ts';
import type { IndexView, ViewSegment } from './index-view.ts';
import type { SegmentPostings } from './read-postings.ts';

export interface Bm25fParameters {
  readonly k1: number;
  readonly weights: Readonly<Record<Field, number>>;
  readonly b: Readonly<Record<Field, number>>;
  /** Saturation and length normalisation of the score of whole files. */
  readonly fileK1: number;
  readonly fileB: number;
}

export interface WeightedTerm {
  readonly term: string;
  readonly weight: number;
  /** A guess beside the query's own words: adds to scores, not to what a chunk is expected to have. */
  readonly extra?: boolean;
}

export interface LexicalScores {
  /** Documents with at least one term, in the order they were met. */
  readonly docs: Int32Array;
  /** By position in `docs`: the document's slot. */
  readonly slotOf: Int32Array;
  /** By document number; zero for documents not in `docs`. */
  readonly score: Float32Array;
  /** By document number: sum of weight x idf of the terms it has anywhere. */
  readonly covered: Float32Array;
  /** By document number: the same over the terms its name has. */
  readonly named: Float32Array;
  /** By document number: how many terms of its name the query has. */
  readonly namedTerms: Uint8Array;
  /** Sum of weight x idf of all terms that any document has. */
  readonly total: number;
  /** By slot. */
  readonly fileScore: Float32Array;
  /** Slots with at least one term. */
  readonly slots: Int32Array;
  /** The largest of `score`, and of `fileScore`. */
  readonly most: { readonly chunk: number; readonly file: number };
  /** Live documents with the term, in the order of the terms. */
  readonly frequencies: readonly number[];
}

/** Packed frequencies from here up have the term in the name, the highest field. */
const NAME_UNIT = 1 << (BITS * FIELDS.indexOf('name'));

/** Score arrays are kept between queries and cleaned by what was touched: no allocation of the index's size per query. */
export interface Scorer {
  /** The result is valid until the next call. `allowed` limits by slot; document frequencies stay those of the view. */
  score(
    view: IndexView,
    terms: readonly WeightedTerm[],
    postings: ReadonlyMap<string, readonly SegmentPostings[]>,
    parameters: Bm25fParameters,
    allowed?: Uint8Array,
  ): LexicalScores;
}

export function createScorer(): Scorer {
  let score = new Float32Array(0);
  let covered = new Float32Array(0);
  let named = new Float32Array(0);
  let namedTerms = new Uint8Array(0);
  let fileScore = new Float32Array(0);
  let docs = new Int32Array(0);
  let slotOf = new Int32Array(0);
  let slots = new Int32Array(0);
  let docCount = 0;
  let slotCount = 0;
  /** Scores only grow: the largest of all that were written is the largest of those that stay. */
  let mostChunk = 0;
  let mostFile = 0;
  const normsOf = createNorms();

  const reset = (view: IndexView) => {
    if (score.length < view.docLimit) {
      const size = Math.ceil(view.docLimit * 1.25) + 1024;
      score = new Float32Array(size);
      covered = new Float32Array(size);
      named = new Float32Array(size);
      namedTerms = new Uint8Array(size);
      docs = new Int32Array(size);
      slotOf = new Int32Array(size);
    } else {
      for (let i = 0; i < docCount; i++) {
        const doc = docs[i] as number;
        score[doc] = 0;
        covered[doc] = 0;
        named[doc] = 0;
        namedTerms[doc] = 0;
      }
    }
    if (fileScore.length < view.slotLimit) {
      const size = Math.ceil(view.slotLimit * 1.25) + 1024;
      fileScore = new Float32Array(size);
      slots = new Int32Array(size);
    } else {
      for (let i = 0; i < slotCount; i++) fileScore[slots[i] as number] = 0;
    }
    docCount = 0;
    slotCount = 0;
    mostChunk = 0;
    mostFile = 0;
  };

  /**
   * Hot: a common word has a posting in every third chunk. What the loop touches is local and nothing in it is captured by
   * a closure, which keeps it in registers (a third of the time).
   */
  const addTerm = (
    { segment, postings }: SegmentPostings,
    factor: number,
    norms: Norms,
    parameters: Bm25fParameters,
    isOpen: (slot: number) => boolean,
  ) => {
    const { docs: table, docBase, slotBase, blobOf } = segment;
    const { lengths, count } = table;
    const { k1, fileK1 } = parameters;
    const everySlot = segment.liveSlots === table.blobDocs.length && norms.openAll;
    const { docs: locals, tfs } = postings;
    const [scores, covers, names, nameCounts, files] = [score, covered, named, namedTerms, fileScore];
    const [metDocs, metSlots, metFiles] = [docs, slotOf, slots];
    const { weights, tables, body } = norms;
    const bodyWeight = weights[0] as number;
    const end = locals.length;
    let metDoc = docCount;
    let metFile = slotCount;
    let bestChunk = mostChunk;
    let bestFile = mostFile;
    let slot = -1;
    let slotTf = 0;
    let open = false;
    for (let i = 0; i <= end; i++) {
      const local = i < end ? (locals[i] as number) : -1;
      const itsSlot = i < end ? slotBase + (blobOf[local] as number) : -1;
      if (itsSlot !== slot) {
        if (slotTf > 0) {
          const tf = slotTf * norms.file(segment, slot);
          if (files[slot] === 0) metFiles[metFile++] = slot;
          const sum = (files[slot] as number) + (factor * tf * (fileK1 + 1)) / (fileK1 + tf);
          files[slot] = sum;
          if (sum > bestFile) bestFile = sum;
          slotTf = 0;
        }
        slot = itsSlot;
        open = i < end && (everySlot || isOpen(slot));
      }
      if (!open) continue;
      const packed = tfs[i] as number;
      let tf = 0;
      if (packed <= MAX_TF) {
        const raw = packed * bodyWeight;
        slotTf += raw;
        tf = raw * (body[lengths[local] as number] as number);
      } else {
        for (let field = 0, rest = packed; rest > 0; field++, rest >>>= BITS) {
          const count_ = rest & MAX_TF;
          if (count_ === 0) continue;
          const weighted = count_ * (weights[field] as number);
          slotTf += weighted;
          tf += weighted * (tables[field]?.[lengths[field * count + local] as number] as number);
        }
      }
      const doc = docBase + local;
      const cover = covers[doc] as number;
      if (cover === 0) {
        metSlots[metDoc] = slot;
        metDocs[metDoc++] = doc;
      }
      covers[doc] = cover + factor;
      if (packed >= NAME_UNIT && (nameCounts[doc] as number) < 255) {
        names[doc] = (names[doc] as number) + factor;
        nameCounts[doc] = (nameCounts[doc] as number) + 1;
      }
      const sum = (scores[doc] as number) + (factor * tf * (k1 + 1)) / (k1 + tf);
      scores[doc] = sum;
      if (sum > bestChunk) bestChunk = sum;
    }
    docCount = metDoc;
    slotCount = metFile;
    mostChunk = bestChunk;
    mostFile = bestFile;
  };

  return {
    score(view, terms, postings, parameters, allowed) {
      reset(view);
      const norms = { ...normsOf(view, parameters), openAll: allowed === undefined };
      const isOpen = (slot: number) =>
        view.fileOfSlot(slot) >= 0 && (allowed === undefined || allowed[slot] === 1);
      const frequencies: number[] = [];
      let total = 0;
      for (const { term, weight, extra } of terms) {
        const lists = postings.get(term) ?? [];
        const frequency = lists.reduce((sum, list) => sum + liveFrequency(view, list), 0);
        frequencies.push(frequency);
        const factor = weight * idf(view.liveDocs, frequency);
        if (factor <= 0) continue;
        if (!extra) total += factor;
        for (const list of lists) addTerm(list, factor, norms, parameters, isOpen);
      }
      return {
        docs: docs.subarray(0, docCount),
        slotOf: slotOf.subarray(0, docCount),
        score,
        covered,
        named,
        namedTerms,
        total,
        fileScore,
        slots: slots.subarray(0, slotCount),
        // As the arrays have them.
        most: { chunk: Math.fround(mostChunk), file: Math.fround(mostFile) },
        frequencies,
      };
    },
  };
}

/** Always positive, as Lucene's. */
export function idf(documents: number, frequency: number): number {
  if (frequency === 0) return 0;
  return Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5));
}

/** Live documents in a posting list. */
export function liveFrequency(view: IndexView, { segment, postings }: SegmentPostings): number {
  if (segment.liveSlots === segment.docs.blobDocs.length) return postings.docs.length;
  let frequency = 0;
  for (const doc of postings.docs) {
    if (view.fileOfSlot(segment.slotBase + (segment.blobOf[doc] as number)) >= 0) frequency++;
  }
  return frequency;
}

interface Norms {
  readonly weights: Float64Array;
  readonly tables: readonly Float64Array[];
  readonly body: Float64Array;
  readonly openAll: boolean;
  file(segment: ViewSegment, slot: number): number;
}

/** Length norms by length: one division per possible length rather than per posting, and again only when averages move. */
function createNorms(): (view: IndexView, parameters: Bm25fParameters) => Omit<Norms, 'openAll'> {
  let last:
    | { readonly averages: string; readonly of: Bm25fParameters; readonly tables: LengthTables }
    | undefined;
  return (view, parameters) => {
    const fields = FIELDS.map((_, i) =>
      Math.max(1, (view.fieldTotals[i] as number) / Math.max(1, view.liveDocs)),
    );
    const averages = fields.join(' ');
    if (last?.averages !== averages || last.of !== parameters)
      last = { averages, of: parameters, tables: lengthTables(fields, parameters) };
    const total = view.fieldTotals.reduce((sum, x) => sum + x, 0);
    // Copies count once, in the totals as here.
    const blobs = view.segments.reduce((sum, segment) => sum + segment.liveSlots, 0);
    const averageFile = Math.max(1, total / Math.max(1, blobs));
    const { fileB } = parameters;
    const file = (segment: ViewSegment, slot: number) =>
      1 / (1 - fileB + (fileB * blobLength(segment, slot - segment.slotBase)) / averageFile);
    return { ...last.tables, file };
  };
}

type LengthTables = Pick<Norms, 'weights' | 'tables' | 'body'>;

function lengthTables(averages: readonly number[], parameters: Bm25fParameters): LengthTables {
  const weights = new Float64Array(FIELD_COUNT);
  const tables = FIELDS.map((field, i) => {
    weights[i] = parameters.weights[field];
    const average = averages[i] as number;
    const b = parameters.b[field];
    const table = new Float64Array(MAX_LENGTH + 1);
    for (let length = 0; length <= MAX_LENGTH; length++) table[length] = 1 / (1 - b + (b * length) / average);
    return table;
  });
  return { weights, tables, body: tables[0] as Float64Array };
}

const blobLengths = new WeakMap<ViewSegment, Float64Array>();

/** Terms in all fields of a blob; computed once per segment. */
function blobLength(segment: ViewSegment, ordinal: number): number {
  let known = blobLengths.get(segment);
  if (!known) {
    known = new Float64Array(segment.docs.blobDocs.length);
    const { lengths, count } = segment.docs;
    for (let doc = 0; doc < count; doc++) {
      const blob = segment.blobOf[doc] as number;
      for (let field = 0; field < FIELD_COUNT; field++) {
        known[blob] = (known[blob] as number) + (lengths[field * count + doc] as number);
      }
    }
    blobLengths.set(segment, known);
  }
  return known[ordinal] as number;
}
