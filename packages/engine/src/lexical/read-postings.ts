/** Fetches the posting lists of a query's terms from all segments of a view, through the cache. */
import { addTo } from '../model/add-to.ts';
import type { IndexView, ViewSegment } from './index-view.ts';
import type { Postings } from './posting-bits.ts';
import type { PostingCache } from './posting-cache.ts';
import { findInPage, pageOf } from './segment-format.ts';

export interface SegmentPostings {
  readonly segment: ViewSegment;
  readonly postings: Postings;
}

/**
 * For each term, its postings by segment; segments without live blobs or without the term are left out.
 * @throws RangeError when the stored bytes are damaged
 */
export async function readPostings(
  view: IndexView,
  terms: readonly string[],
  cache: PostingCache,
): Promise<ReadonlyMap<string, readonly SegmentPostings[]>> {
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
