/** A query as the kernel reads it: int16, as fine as sums of int32 allow, so that only the rows are rounded to 8 bits. */
import { ConexusError } from '../model/errors.ts';

export interface QueryVector {
  /** As many as a row has bytes: filled up with zeros. */
  readonly values: Int16Array;
  /** Times a dot product with `values` and the row's inverse norm: the cosine. 0 for a query of zeros. */
  readonly unit: number;
}

/** Throws `ConexusError` when the query has another number of dimensions or is not finite. `stride` >= dims. */
export function quantiseQuery(query: Float32Array, dims: number, stride: number): QueryVector {
  if (query.length !== dims)
    throw unusable(`the query's vector has ${query.length} dimensions, the index ${dims}`);
  let largest = 0;
  for (const value of query) {
    if (!Number.isFinite(value)) throw unusable(`the query's vector holds ${value}`);
    largest = Math.max(largest, Math.abs(value));
  }
  const values = new Int16Array(stride);
  if (largest === 0) return { values, unit: 0 };
  const scale = Math.min(32_767, Math.floor((2 ** 31 - 1) / (stride * 128))) / largest;
  let square = 0;
  for (let i = 0; i < dims; i++) {
    const value = Math.round((query[i] as number) * scale);
    values[i] = value;
    square += value * value;
  }
  return { values, unit: 1 / Math.sqrt(square) };
}

function unusable(what: string): ConexusError {
  return new ConexusError(
    'invalid_argument',
    `the query cannot be compared by meaning: ${what}`,
    'Check the embedding model or provider: it must give finite vectors of one length.',
  );
}
