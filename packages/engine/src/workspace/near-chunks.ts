/** A vector against the vectors of a view, by document: whoever made them. Knows no model. */
import type { IndexView, ViewSegment } from '../lexical/index-view.ts';
import type { QueryMeaning } from '../query/meaning.ts';
import { maskOfRuns, NO_ROWS, type RowMask } from '../vectors/row-mask.ts';
import type { VectorSpace } from '../vectors/vector-space.ts';

export interface NearChunks extends Pick<QueryMeaning, 'nearest'> {
  /** 0 for a chunk without a vector, or with one of zeros. */
  cosineOf(doc: number): number;
}

/** Valid while the view stands still. */
export function nearChunks(query: Float32Array, view: IndexView, space: VectorSpace): NearChunks {
  const near = space.query(query);
  return {
    nearest(count, allowed) {
      const segments = new Map(view.segments.map((segment) => [segment.id, segment]));
      return near
        .search(count, (block) => rowsOf(view, segments.get(block), allowed))
        .map(({ block, row, score }) => ({ doc: (segments.get(block) as ViewSegment).docBase + row, score }));
    },
    cosineOf(doc) {
      const segment = view.segmentOfDoc(doc);
      return space.has(segment.id) ? near.score(segment.id, doc - segment.docBase) : 0;
    },
  };
}

/** Cosines of the same few chunks with one vector after the other; 0 for a chunk without a vector. */
export function cosinesOf(
  docs: readonly number[],
  view: IndexView,
  space: VectorSpace,
): (vector: Float32Array) => Float32Array {
  const places = docs.map((doc) => {
    const { id, docBase } = view.segmentOfDoc(doc);
    return space.has(id) ? { id, row: doc - docBase } : undefined;
  });
  return (vector) => {
    const query = space.query(vector);
    const cosines = new Float32Array(places.length);
    for (let i = 0; i < places.length; i++) {
      const place = places[i];
      if (place) cosines[i] = query.score(place.id, place.row);
    }
    return cosines;
  };
}

/** Rows whose file is live and allowed; undefined when all are. A segment may have left the view a moment ago. */
function rowsOf(
  view: IndexView,
  segment: ViewSegment | undefined,
  allowed: Uint8Array | undefined,
): RowMask | undefined {
  if (!segment) return NO_ROWS;
  if (!allowed && segment.liveSlots === segment.docs.blobDocs.length) return undefined;
  return maskOfRuns(segment.firstDoc, (blob) => {
    const slot = segment.slotBase + blob;
    return view.fileOfSlot(slot) >= 0 && (!allowed || allowed[slot] === 1);
  });
}
