/** Vectors of a segment that is in the index already, from its postings: no file is read or parsed. */
import { createSegmentEmbedder } from '../embedding/segment-embedder.ts';
import type { StaticModel } from '../embedding/static-model.ts';
import { scanPage } from '../lexical/segment-format.ts';

/** What a segment's vectors are made of. */
export interface EmbeddableSegment {
  readonly documents: number;
  readonly pages: readonly Uint8Array[];
}

/** Documents summed at a time: 32 MB at 128 dimensions, whatever the size of the segment. */
const RANGE = 1 << 16;

/** One row of `dims` signed bytes a document, in document order. @throws RangeError for bytes that are no pages */
export function embedSegment({ documents, pages }: EmbeddableSegment, model: StaticModel): Uint8Array {
  const rows = new Int8Array(documents * model.dims);
  for (let from = 0; from < documents; from += RANGE) {
    const embedder = createSegmentEmbedder(model, Math.min(RANGE, documents - from), from);
    for (const page of pages) {
      scanPage(page, (term, read) => {
        const { docs, tfs } = read();
        embedder.add(term, docs, tfs);
        return true;
      });
    }
    rows.set(embedder.finish(), from * model.dims);
  }
  return new Uint8Array(rows.buffer);
}
