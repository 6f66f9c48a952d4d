/** Decoded posting lists of immutable segments, least recently used out first, bounded in bytes. */
import type { Postings } from './segment-format.ts';

const ENTRY_BYTES = 160;

export interface PostingCache {
  /** undefined: not cached; null: cached, and the segment does not have the term. */
  get(segment: number, term: string): Postings | null | undefined;
  set(segment: number, term: string, postings: Postings | null): void;
}

export function createPostingCache(maxBytes: number): PostingCache {
  const entries = new Map<string, Postings | null>();
  let bytes = 0;
  const sizeOf = (postings: Postings | null) => ENTRY_BYTES + (postings ? postings.docs.length * 8 : 0);
  return {
    get(segment, term) {
      const key = `${segment} ${term}`;
      const found = entries.get(key);
      if (found === undefined) return undefined;
      entries.delete(key);
      entries.set(key, found);
      return found;
    },
    set(segment, term, postings) {
      const key = `${segment} ${term}`;
      const before = entries.get(key);
      if (before !== undefined) bytes -= sizeOf(before);
      entries.set(key, postings);
      bytes += sizeOf(postings);
      for (const [oldest, value] of entries) {
        if (bytes <= maxBytes || oldest === key) break;
        entries.delete(oldest);
        bytes -= sizeOf(value);
      }
    },
  };
}
