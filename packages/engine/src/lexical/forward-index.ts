/** A segment's postings turned round: the terms of each document. For what looks at documents whole, not at terms. */
import { isWordTerm } from './fields.ts';
import type { Postings } from './posting-bits.ts';
import { scanPage } from './segment-format.ts';

export interface ForwardIndex {
  readonly terms: readonly string[];
  /** Terms of document `d`, in term order: `termOf[from[d] .. from[d + 1])`, with packed frequencies in `tfs`. */
  readonly from: Uint32Array;
  readonly termOf: Uint32Array;
  readonly tfs: Int32Array;
}

/** Words alone. Takes 8 bytes a posting. @throws RangeError for bytes that are no pages */
export function forwardIndex(documents: number, pages: readonly Uint8Array[]): ForwardIndex {
  const terms: string[] = [];
  const lists: Postings[] = [];
  for (const page of pages) {
    scanPage(page, (term, read) => {
      if (!isWordTerm(term)) return true;
      terms.push(term);
      lists.push(read());
      return true;
    });
  }
  const from = new Uint32Array(documents + 1);
  for (const { docs } of lists)
    for (const doc of docs) {
      if (doc >= documents) throw new RangeError('postings beyond the documents of the segment');
      from[doc + 1] = (from[doc + 1] as number) + 1;
    }
  for (let doc = 0; doc < documents; doc++) from[doc + 1] = (from[doc + 1] as number) + (from[doc] as number);
  const next = from.slice(0, documents);
  const termOf = new Uint32Array(from[documents] as number);
  const tfs = new Int32Array(termOf.length);
  lists.forEach(({ docs, tfs: packed }, term) => {
    for (let i = 0; i < docs.length; i++) {
      const doc = docs[i] as number;
      const at = next[doc] as number;
      next[doc] = at + 1;
      termOf[at] = term;
      tfs[at] = packed[i] as number;
    }
  });
  return { terms, from, termOf, tfs };
}
