/** Chunks that define the names of a query, from the dictionary's terms of definitions. */
import { FIELDS, OWN_DEFINITION } from '../lexical/fields.ts';
import type { IndexView } from '../lexical/index-view.ts';
import type { SegmentPostings } from '../lexical/read-postings.ts';
import { shapeOf } from './chunk-shape.ts';
import type { QueryPlan } from './plan-query.ts';

/**
 * Chunks that define a name the query mentions: 1 for a chunk's own symbol spelled as written, less for another
 * spelling, for a declaration without a body, and for a small definition folded into a larger chunk.
 */
export function definitionMatches(
  view: IndexView,
  plan: QueryPlan,
  postings: ReadonlyMap<string, readonly SegmentPostings[]>,
  allowed: Uint8Array | undefined,
): Map<number, number> {
  const matches = new Map<number, number>();
  for (const name of plan.names) {
    const exact = definitionsOf(view, postings.get(name.exactTerm), allowed);
    const any = definitionsOf(view, postings.get(name.term), allowed);
    if (any.size > MAX_DEFINITIONS) continue;
    for (const [doc, strength] of any) {
      const value = exact.has(doc) ? strength : strength * OTHER_SPELLING;
      matches.set(doc, Math.max(matches.get(doc) ?? 0, value));
    }
  }
  return matches;
}

const OTHER_SPELLING = 0.7;
const WITHOUT_BODY = 0.8;
/** Strength of a small definition within a chunk of something larger. */
export const FOLDED = 0.5;
const BODY_FIELD = FIELDS.indexOf('body');

/** Chunks that define what a term of the dictionary stands for -> how much they do. */
export function definitionsOf(
  view: IndexView,
  lists: readonly SegmentPostings[] = [],
  allowed: Uint8Array | undefined,
): Map<number, number> {
  const found = new Map<number, number>();
  for (const { segment, postings } of lists) {
    const { lengths, count, kind } = segment.docs;
    for (let i = 0; i < postings.docs.length; i++) {
      const local = postings.docs[i] as number;
      const slot = segment.slotBase + (segment.blobOf[local] as number);
      if (view.fileOfSlot(slot) < 0 || (allowed && allowed[slot] !== 1)) continue;
      const isOwn = postings.tfs[i] === OWN_DEFINITION;
      const isBare =
        shapeOf(kind[local] as number) === 'callable' && lengths[BODY_FIELD * count + local] === 0;
      found.set(segment.docBase + local, isOwn ? (isBare ? WITHOUT_BODY : 1) : FOLDED);
    }
  }
  return found;
}

/** A name defined more often than this (`get`, `toString`) picks nothing out. */
const MAX_DEFINITIONS = 400;
