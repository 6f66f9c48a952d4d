/** Decoded posting lists of immutable segments, those not asked for lately out first, bounded in bytes. */
import type { Postings } from './posting-bits.ts';

/** Key, map entry and two typed arrays without their numbers. */
const ENTRY_BYTES = 400;

export interface PostingCache {
  /** undefined: not cached; null: cached, and the segment does not have the term. */
  get(segment: number, term: string): Postings | null | undefined;
  /** An entry larger than the whole cache is not kept. */
  set(segment: number, term: string, postings: Postings | null): void;
  /** What is held, as estimated; at most the bound. */
  readonly bytes: number;
}

interface Entry {
  readonly segment: number;
  readonly term: string;
  readonly postings: Postings | null;
  readonly size: number;
  /** Asked for since the clock's hand came by. */
  used: boolean;
}

/**
 * Entries leave by second chance (the clock algorithm): an access sets a mark, where moving the entry to the end of a list
 * took longer than many a list's scoring.
 */
export function createPostingCache(maxBytes: number): PostingCache {
  const segments = new Map<number, Map<string, Entry>>();
  const clock = new Set<Entry>();
  let bytes = 0;
  const remove = (entry: Entry) => {
    clock.delete(entry);
    bytes -= entry.size;
    const terms = segments.get(entry.segment);
    terms?.delete(entry.term);
    if (terms?.size === 0) segments.delete(entry.segment);
  };
  const makeRoom = (size: number) => {
    for (const entry of clock) {
      if (bytes + size <= maxBytes) return;
      if (entry.used) {
        entry.used = false;
        // To the end, where this loop meets it again.
        clock.delete(entry);
        clock.add(entry);
      } else remove(entry);
    }
  };
  return {
    get(segment, term) {
      const found = segments.get(segment)?.get(term);
      if (found === undefined) return undefined;
      found.used = true;
      return found.postings;
    },
    set(segment, term, postings) {
      const before = segments.get(segment)?.get(term);
      if (before !== undefined) remove(before);
      const size = ENTRY_BYTES + term.length * 2 + (postings ? postings.docs.length * 8 : 0);
      if (size > maxBytes) return;
      makeRoom(size);
      const entry = { segment, term, postings, size, used: false };
      clock.add(entry);
      bytes += size;
      const terms = segments.get(segment);
      if (terms) terms.set(term, entry);
      else segments.set(segment, new Map([[term, entry]]));
    },
    get bytes() {
      return bytes;
    },
  };
}
