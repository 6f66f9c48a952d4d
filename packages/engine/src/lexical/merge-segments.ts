/** Merges segments into one, leaving out blobs nobody wants. Streams terms in order: holds one page per input. */
import { FIELD_COUNT } from './fields.ts';
import type { Postings } from './posting-bits.ts';
import { type EncodedSegment, PageWriter, scanPage } from './segment-format.ts';
import { type DocTable, decodeHeader } from './segment-header.ts';

export interface MergeInput {
  readonly segment: EncodedSegment;
  /** Ordinals of blobs to leave out. */
  readonly without: ReadonlySet<number>;
}

export interface MergeOutput {
  readonly segment: EncodedSegment;
  /** For each blob of the new segment: where it came from. */
  readonly blobs: readonly { readonly input: number; readonly ordinal: number }[];
}

interface Cursor {
  readonly pages: readonly Uint8Array[];
  /** New document number of each old one, -1 when left out. */
  readonly renumber: Int32Array;
  page: number;
  entries: { term: string; read: () => Postings }[];
  at: number;
}

export function mergeSegments(inputs: readonly MergeInput[]): MergeOutput {
  const tables = inputs.map((input) => decodeHeader(input.segment.header).docs);
  const { table, renumberings, blobs } = concatTables(inputs, tables);
  const cursors = inputs.map<Cursor>((input, i) => ({
    pages: input.segment.pages,
    renumber: renumberings[i] as Int32Array,
    page: -1,
    entries: [],
    at: 0,
  }));
  for (const cursor of cursors) advance(cursor);

  const writer = new PageWriter();
  for (let term = smallestTerm(cursors); term !== undefined; term = smallestTerm(cursors)) {
    const docs: number[] = [];
    const tfs: number[] = [];
    for (const cursor of cursors) {
      const entry = cursor.entries[cursor.at];
      if (entry?.term !== term) continue;
      appendPostings(entry.read(), cursor.renumber, docs, tfs);
      advance(cursor);
    }
    writer.add(term, docs, tfs);
  }
  return { segment: writer.finish(table), blobs };
}

function appendPostings(from: Postings, renumber: Int32Array, docs: number[], tfs: number[]): void {
  for (let i = 0; i < from.docs.length; i++) {
    const doc = renumber[from.docs[i] as number] as number;
    if (doc < 0) continue;
    docs.push(doc);
    tfs.push(from.tfs[i] as number);
  }
}

function smallestTerm(cursors: readonly Cursor[]): string | undefined {
  let smallest: string | undefined;
  for (const cursor of cursors) {
    const term = cursor.entries[cursor.at]?.term;
    if (term !== undefined && (smallest === undefined || term < smallest)) smallest = term;
  }
  return smallest;
}

function advance(cursor: Cursor): void {
  cursor.at++;
  while (cursor.at >= cursor.entries.length && cursor.page + 1 < cursor.pages.length) {
    cursor.page++;
    const entries: Cursor['entries'] = [];
    scanPage(cursor.pages[cursor.page] as Uint8Array, (term, read) => entries.push({ term, read }) > 0);
    cursor.entries = entries;
    cursor.at = 0;
  }
}

function concatTables(inputs: readonly MergeInput[], tables: readonly DocTable[]) {
  const kept: { table: DocTable; doc: number }[] = [];
  const blobDocs: number[] = [];
  const blobs: { input: number; ordinal: number }[] = [];
  const renumberings = tables.map((table, input) => {
    const renumber = new Int32Array(table.count).fill(-1);
    let doc = 0;
    table.blobDocs.forEach((count, ordinal) => {
      const wanted = !inputs[input]?.without.has(ordinal);
      for (let end = doc + count; doc < end; doc++) {
        if (wanted) renumber[doc] = kept.push({ table, doc }) - 1;
      }
      if (wanted) {
        blobDocs.push(count);
        blobs.push({ input, ordinal });
      }
    });
    return renumber;
  });
  const count = kept.length;
  const lengths = new Uint16Array(count * FIELD_COUNT);
  kept.forEach(({ table, doc }, i) => {
    for (let field = 0; field < FIELD_COUNT; field++) {
      lengths[field * count + i] = table.lengths[field * table.count + doc] as number;
    }
  });
  const table: DocTable = {
    count,
    start: Int32Array.from(kept, ({ table, doc }) => table.start[doc] as number),
    lines: Uint16Array.from(kept, ({ table, doc }) => table.lines[doc] as number),
    symbol: Int32Array.from(kept, ({ table, doc }) => table.symbol[doc] as number),
    kind: Uint8Array.from(kept, ({ table, doc }) => table.kind[doc] as number),
    lengths,
    blobDocs,
  };
  return { table, renumberings, blobs };
}
