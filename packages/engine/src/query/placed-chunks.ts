/** Chunks at the lines that a text names: the frames of a trace, `path:12-20`, the hunks of a diff. */
import type { FileRecord, IndexView } from '../lexical/index-view.ts';
import type { SegmentPostings } from '../lexical/read-postings.ts';
import { definitionsOf } from './definition-matches.ts';
import { documentsAt } from './exact-matches.ts';
import { filesNamed } from './mention-scores.ts';
import type { QueryPlan } from './plan-query.ts';

/** A bare name that fits more files says nothing of lines. */
const MAX_FILES = 3;
/** The trace may be of another version: the function that a frame names says more than its line. */
const BY_LINE = 0.6;
const BY_NAME = 1;

/** Document -> up to 1.6: what holds the lines, and what defines the function that the frame names. */
export function placedChunks(
  view: IndexView,
  { places }: QueryPlan,
  postings: ReadonlyMap<string, readonly SegmentPostings[]>,
  allowed: Uint8Array | undefined,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const files = filesNamed(
    view,
    places.map(({ path }) => path),
  );
  places.forEach(({ path, start, end, name }, position) => {
    const fits = files(path).filter(({ slot }) => !allowed || allowed[slot] === 1);
    if (fits.length === 0 || fits.length > MAX_FILES) return;
    const defined = name ? definitionsOf(view, postings.get(name.term), allowed) : new Map<number, number>();
    // Both ends of a trace are near the error: see mention-scores.ts.
    const weight = 1 / (1 + 0.15 * Math.min(position, places.length - 1 - position));
    for (const file of fits) {
      const own = new Map<number, number>();
      const add = (doc: number, value: number) => own.set(doc, (own.get(doc) ?? 0) + value * weight);
      for (const doc of documentsAt(view, file.slot, start, end)) add(doc, BY_LINE);
      for (const doc of defined.keys()) if (isIn(view, doc, file)) add(doc, BY_NAME);
      for (const [doc, value] of own) found.set(doc, Math.max(found.get(doc) ?? 0, value));
    }
  });
  return found;
}

function isIn(view: IndexView, doc: number, { slot }: FileRecord): boolean {
  const segment = view.segmentOfDoc(doc);
  return segment.slotBase + (segment.blobOf[doc - segment.docBase] as number) === slot;
}
