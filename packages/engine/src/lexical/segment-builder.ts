/** Collects the chunks of blobs and writes them as one immutable segment. Knows no paths and no store. */
import { type ChunkFields, SYMBOL_KINDS, type SymbolKind } from '../model/parsed-file.ts';
import {
  DEFINITION_PREFIX,
  EXACT_DEFINITION_PREFIX,
  FIELD_COUNT,
  FOLDED_DEFINITION,
  OWN_DEFINITION,
} from './fields.ts';
import { literalPhrases } from './literal-phrases.ts';
import { type EncodedSegment, PageWriter } from './segment-format.ts';
import type { DocTable } from './segment-header.ts';
import { createTermCounter } from './term-counter.ts';
import { exactName, normalizeName } from './tokenize.ts';

export interface ChunkDocument {
  readonly start: number;
  readonly end: number;
  readonly symbol: number;
  readonly kind: SymbolKind | undefined;
  readonly fields: ChunkFields;
  /** Names defined in the chunk: its own symbol first, then the small ones folded into it. */
  readonly definitions: readonly string[];
  readonly ownDefinition: boolean;
}

export interface SegmentBuilder {
  /** Appends a blob; its ordinal is the number of blobs added before. */
  addBlob(documents: readonly ChunkDocument[]): void;
  readonly blobCount: number;
  readonly docCount: number;
  /** `onTerm` sees every posting list on its way into the pages, in term order. */
  finish(onTerm?: (term: string, docs: Int32Array, tfs: Int32Array) => void): EncodedSegment;
}

export function createSegmentBuilder(): SegmentBuilder {
  const counter = createTermCounter();
  const postings = createPostingPool();
  const starts: number[] = [];
  const lines: number[] = [];
  const symbols: number[] = [];
  const kinds: number[] = [];
  const lengths: number[] = [];
  const blobDocs: number[] = [];

  const addDocument = (document: ChunkDocument) => {
    const doc = starts.length;
    starts.push(document.start);
    lines.push(Math.min(document.end - document.start + 1, 0xffff));
    symbols.push(document.symbol);
    kinds.push(document.kind === undefined ? 0 : SYMBOL_KINDS.indexOf(document.kind) + 1);
    const { body, signature, doc: comment, scope, name } = document.fields;
    // In the order of FIELDS. By name: a look-up by a variable name costs as much as a short text.
    lengths.push(counter.addField(body, 0), counter.addField(signature, 1), counter.addField(comment, 2));
    lengths.push(counter.addField(scope, 3), counter.addField(name, 4));
    document.definitions.forEach((name, i) => {
      const tf = i === 0 && document.ownDefinition ? OWN_DEFINITION : FOLDED_DEFINITION;
      counter.addTerm(DEFINITION_PREFIX + normalizeName(name), tf);
      counter.addTerm(EXACT_DEFINITION_PREFIX + exactName(name), tf);
    });
    // Tests repeat the messages of what they test, and are named by texts of their own.
    if (document.kind !== 'test')
      for (const text of [signature, body]) literalPhrases(text, (term) => counter.addTerm(term, 1));
    counter.takeDocument((term, tf) => postings.add(term, doc, tf));
  };

  const table = (): DocTable => {
    const count = starts.length;
    const fieldMajor = new Uint16Array(count * FIELD_COUNT);
    for (let doc = 0; doc < count; doc++) {
      for (let field = 0; field < FIELD_COUNT; field++) {
        fieldMajor[field * count + doc] = lengths[doc * FIELD_COUNT + field] as number;
      }
    }
    return {
      count,
      start: Int32Array.from(starts),
      lines: Uint16Array.from(lines),
      symbol: Int32Array.from(symbols),
      lengths: fieldMajor,
      kind: Uint8Array.from(kinds),
      blobDocs,
    };
  };

  return {
    addBlob(documents) {
      for (const document of documents) addDocument(document);
      blobDocs.push(documents.length);
    },
    get blobCount() {
      return blobDocs.length;
    },
    get docCount() {
      return starts.length;
    },
    finish(onTerm) {
      const writer = new PageWriter();
      const { terms, numbers } = counter;
      const byTerm = postings.byTerm(terms.length);
      // `sort()` compares by UTF-16 code unit, as `<` does and the readers of pages expect.
      for (const term of terms.toSorted()) {
        const number = numbers.get(term) as number;
        const from = byTerm.from[number] as number;
        const to = byTerm.from[number + 1] as number;
        writer.add(term, byTerm.docs, byTerm.tfs, from, to);
        onTerm?.(term, byTerm.docs.subarray(from, to), byTerm.tfs.subarray(from, to));
      }
      return writer.finish(table());
    },
  };
}

interface PostingPool {
  add(term: number, doc: number, tf: number): void;
  /** Postings of term `t` at `from[t] .. from[t + 1]`, in the order they were added. */
  byTerm(termCount: number): {
    readonly from: Int32Array;
    readonly docs: Int32Array;
    readonly tfs: Int32Array;
  };
}

/** All postings in three flat arrays: a list per term would cost an object for each of the many terms met once. */
function createPostingPool(): PostingPool {
  let terms = new Int32Array(1 << 14);
  let docs = new Int32Array(1 << 14);
  let tfs = new Int32Array(1 << 14);
  let count = 0;
  const grown = (array: Int32Array) => {
    const larger = new Int32Array(array.length * 2);
    larger.set(array);
    return larger;
  };
  return {
    add(term, doc, tf) {
      if (count === terms.length) {
        terms = grown(terms);
        docs = grown(docs);
        tfs = grown(tfs);
      }
      terms[count] = term;
      docs[count] = doc;
      tfs[count++] = tf;
    },
    byTerm(termCount) {
      const from = new Int32Array(termCount + 1);
      for (let i = 0; i < count; i++)
        from[(terms[i] as number) + 1] = (from[(terms[i] as number) + 1] as number) + 1;
      for (let t = 0; t < termCount; t++) from[t + 1] = (from[t + 1] as number) + (from[t] as number);
      const next = from.slice(0, termCount);
      const sortedDocs = new Int32Array(count);
      const sortedTfs = new Int32Array(count);
      for (let i = 0; i < count; i++) {
        const term = terms[i] as number;
        const at = next[term] as number;
        next[term] = at + 1;
        sortedDocs[at] = docs[i] as number;
        sortedTfs[at] = tfs[i] as number;
      }
      return { from, docs: sortedDocs, tfs: sortedTfs };
    },
  };
}
