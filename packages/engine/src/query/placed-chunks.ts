/** Chunks at the lines that a text names: the frames of a trace, `path:12-20`, the hunks of a diff. */
import type { FileRecord, IndexView } from '../lexical/index-view.ts';
import type { SegmentPostings } from '../lexical/read-postings.ts';
import { definitionsOf } from './definition-matches.ts';
import { documentsAt } from './exact-matches.ts';
import { filesNamed } from './mention-scores.ts';
import { nearTheError } from './near-the-error.ts';
import type { QueryPlan } from './plan-query.ts';

/** A bare name that fits more files says nothing of lines. */
const MAX_FILES = 3;
/** The trace may be of another version: the function that a frame names says more than its line. */
const BY_LINE = 0.6;
const BY_NAME = 1;
const BY_BOTH = 1.1;

/** Document -> up to 1.1: what holds the lines, and what defines the function that the frame names. */
export function placedChunks(
  view: IndexView,
  { places, text }: QueryPlan,
  postings: ReadonlyMap<string, readonly SegmentPostings[]>,
  allowed: Uint8Array | undefined,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const files = filesNamed(
    view,
    places.map(({ path }) => path),
  );
  const weightOf = nearTheError(text);
  places.forEach(({ path, start, end, name }, position) => {
    const fits = files(path).filter(({ slot }) => !allowed || allowed[slot] === 1);
    if (fits.length === 0 || fits.length > MAX_FILES) return;
    const defined = name ? definitionsOf(view, postings.get(name.term), allowed) : new Map<number, number>();
    const weight = weightOf(position, places.length);
    for (const file of fits) {
      const own = new Map<number, number>();
      for (const doc of documentsAt(view, file.slot, start, end)) own.set(doc, BY_LINE * weight);
      for (const doc of defined.keys())
        if (isIn(view, doc, file)) own.set(doc, (own.has(doc) ? BY_BOTH : BY_NAME) * weight);
      for (const [doc, value] of own) found.set(doc, Math.max(found.get(doc) ?? 0, value));
    }
  });
  return found;
}

function isIn(view: IndexView, doc: number, { slot }: FileRecord): boolean {
  const segment = view.segmentOfDoc(doc);
  return segment.slotBase + (segment.blobOf[doc - segment.docBase] as number) === slot;
}
