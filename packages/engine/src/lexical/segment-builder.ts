/** Collects the chunks of blobs and writes them as one immutable segment. Knows no paths and no store. */
import { SYMBOL_KINDS, type ChunkFields, type SymbolKind } from '../model/parsed-file.ts';
import { BITS, DEFINITION_PREFIX, FIELD_COUNT, FIELDS, MAX_LENGTH, MAX_TF } from './fields.ts';
import { type DocTable, type EncodedSegment, PageWriter } from './segment-format.ts';
import { normalizeName, type TermSink, tokenize } from './tokenize.ts';

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

interface PostingList {
  readonly docs: number[];
  readonly tfs: number[];
}

export interface SegmentBuilder {
  /** Appends a blob; its ordinal is the number of blobs added before. */
  addBlob(documents: readonly ChunkDocument[]): void;
  readonly blobCount: number;
  readonly docCount: number;
  finish(): EncodedSegment;
}

export function createSegmentBuilder(): SegmentBuilder {
  const postings = new Map<string, PostingList>();
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
    const counts = new Map<string, number>();
    for (let field = 0; field < FIELD_COUNT; field++) {
      lengths.push(countTerms(document.fields[FIELDS[field] as keyof ChunkFields], field, counts));
    }
    document.definitions.forEach((name, i) => {
      const term = DEFINITION_PREFIX + normalizeName(name);
      if (!counts.has(term)) counts.set(term, i === 0 && document.ownDefinition ? 2 : 1);
    });
    for (const [term, tf] of counts) {
      const list = postings.get(term);
      if (list) {
        list.docs.push(doc);
        list.tfs.push(tf);
      } else {
        postings.set(term, { docs: [doc], tfs: [tf] });
      }
    }
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
    finish() {
      const writer = new PageWriter();
      for (const term of [...postings.keys()].sort(compareTerms)) {
        const list = postings.get(term) as PostingList;
        writer.add(term, list.docs, list.tfs);
      }
      return writer.finish(table());
    },
  };
}

/** By UTF-16 code unit, as `<` compares; `sort()` without it does the same, but says so less clearly. */
const compareTerms = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Adds a field's terms to `counts`; returns the field's length. */
function countTerms(text: string, field: number, counts: Map<string, number>): number {
  if (text.length === 0) return 0;
  const one = 1 << (field * BITS);
  const mask = MAX_TF << (field * BITS);
  let length = 0;
  const add = (term: string) => {
    const count = counts.get(term) ?? 0;
    if ((count & mask) !== mask) counts.set(term, count + one);
  };
  const sink: TermSink = {
    word(term) {
      length++;
      add(term);
    },
    whole: add,
  };
  tokenize(text, sink);
  return Math.min(length, MAX_LENGTH);
}
