/** Fetches the posting lists of a query's terms from all segments of a view, through the cache. */
import { addTo } from '../model/add-to.ts';
import type { IndexView, ViewSegment } from './index-view.ts';
import { pairsOfPhrase } from './literal-phrases.ts';
import type { Postings } from './posting-bits.ts';
import type { PostingCache } from './posting-cache.ts';
import { findInPage, pageOf } from './segment-format.ts';

export interface SegmentPostings {
  readonly segment: ViewSegment;
  readonly postings: Postings;
}

/**
 * For each term, its postings by segment; segments without live blobs or without the term are left out. A phrase of three and more
 * words is in the documents that have all its pairs: in one literal nearly always, and no pair stands in the index twice.
 * @throws RangeError when the stored bytes are damaged
 */
export async function readPostings(
  view: IndexView,
  terms: readonly string[],
  cache: PostingCache,
): Promise<ReadonlyMap<string, readonly SegmentPostings[]>> {
  const longer = terms.flatMap((term) => {
    const pairs = pairsOfPhrase(term);
    return pairs.length > 0 ? [{ term, pairs }] : [];
  });
  const composed = new Set(longer.map(({ term }) => term));
  const stored = [...terms.filter((term) => !composed.has(term)), ...longer.flatMap(({ pairs }) => pairs)];
  const found = await readStored(view, stored, cache);
  for (const { term, pairs } of longer)
    found.set(term, pairs.map((pair) => found.get(pair) ?? []).reduce(withBoth));
  return found;
}

async function readStored(
  view: IndexView,
  terms: readonly string[],
  cache: PostingCache,
): Promise<Map<string, readonly SegmentPostings[]>> {
  const result = new Map<string, SegmentPostings[]>(terms.map((term) => [term, []]));
  for (const segment of [...view.segments]) {
    if (segment.liveSlots === 0) continue;
    const missing = new Map<number, string[]>();
    for (const [term, list] of result) {
      const cached = cache.get(segment.id, term);
      if (cached) list.push({ segment, postings: cached });
      if (cached !== undefined) continue;
      const page = pageOf(segment.pageTerms, term);
      if (page < 0) cache.set(segment.id, term, null);
      else addTo(missing, page, term);
    }
    if (missing.size === 0) continue;
    const numbers = [...missing.keys()];
    const pages = await segment.readPages(numbers);
    numbers.forEach((number, i) => {
      for (const term of missing.get(number) as string[]) {
        const postings = findInPage(pages[i] as Uint8Array, term) ?? null;
        if (postings && (postings.docs.at(-1) as number) >= segment.docs.count) {
          throw new RangeError(`segment ${segment.id}: postings beyond its documents`);
        }
        cache.set(segment.id, term, postings);
        if (postings) result.get(term)?.push({ segment, postings });
      }
    });
  }
  return result;
}

/** Postings of the first in documents that the second has, too. */
function withBoth(
  first: readonly SegmentPostings[],
  second: readonly SegmentPostings[],
): readonly SegmentPostings[] {
  return first.flatMap(({ segment, postings }) => {
    const others = second.find((each) => each.segment === segment)?.postings.docs;
    if (others === undefined) return [];
    const kept: number[] = [];
    for (let i = 0, j = 0; i < postings.docs.length; i++) {
      const doc = postings.docs[i] as number;
      while (j < others.length && (others[j] as number) < doc) j++;
      if (others[j] === doc) kept.push(i);
    }
    if (kept.length === 0) return [];
    const at = (list: Int32Array) => Int32Array.from(kept, (i) => list[i] as number);
    return [{ segment, postings: { docs: at(postings.docs), tfs: at(postings.tfs) } }];
  });
}
