/**
 * Vectors of all chunks of a segment, made term by term: a term's vector is looked up once, however many chunks have it.
 * Knows no page format and no store: postings in, rows out.
 */
import { isWordTerm } from '../model/packed-frequencies.ts';
import { termWeight } from './pooling.ts';
import { writeInt8Row } from './quantise.ts';
import { addScaled, type StaticModel } from './static-model.ts';

export interface SegmentEmbedder {
  /** Postings of a term: ascending documents, packed frequencies. Those outside the range are passed over. */
  add(term: string, docs: Int32Array, tfs: Int32Array): void;
  /** One row of `dims` signed bytes a document of the range (see `writeInt8Row`). */
  finish(): Int8Array<ArrayBuffer>;
}

/** For the documents `from .. from + count`. Takes 4 x dims bytes a document while it runs. */
export function createSegmentEmbedder(model: StaticModel, count: number, from = 0): SegmentEmbedder {
  const { dims } = model;
  const sums = new Float32Array(count * dims);
  return {
    add(term, docs, tfs) {
      if (!isWordTerm(term)) return;
      const at = model.offsetOf(term);
      if (at < 0) return;
      const vectors = model.vectors();
      for (let i = 0; i < docs.length; i++) {
        const doc = (docs[i] as number) - from;
        if (doc >= count) break;
        if (doc >= 0) addScaled(vectors, at, termWeight(tfs[i] as number), sums, doc * dims, dims);
      }
    },
    finish() {
      const rows = new Int8Array(count * dims);
      for (let at = 0; at < rows.length; at += dims) writeInt8Row(sums.subarray(at, at + dims), rows, at);
      return rows;
    },
  };
}
