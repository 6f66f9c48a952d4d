/** Decoded posting lists of immutable segments, least recently used out first, bounded in bytes. */
import type { Postings } from './segment-format.ts';

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

export function createPostingCache(maxBytes: number): PostingCache {
  const entries = new Map<string, Postings | null>();
  let bytes = 0;
  const sizeOf = (key: string, postings: Postings | null) =>
    ENTRY_BYTES + key.length * 2 + (postings ? postings.docs.length * 8 : 0);
  const remove = (key: string, postings: Postings | null) => {
    entries.delete(key);
    bytes -= sizeOf(key, postings);
  };
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
      if (before !== undefined) remove(key, before);
      const size = sizeOf(key, postings);
      if (size > maxBytes) return;
      for (const [oldest, value] of entries) {
        if (bytes + size <= maxBytes) break;
        remove(oldest, value);
      }
      entries.set(key, postings);
      bytes += size;
    },
    get bytes() {
      return bytes;
    },
  };
}
