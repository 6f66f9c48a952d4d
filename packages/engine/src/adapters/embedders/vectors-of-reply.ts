/** A reply's numbers -> vectors, or a sentence on what is wrong with them. Nothing that is doubtful passes. */
import type { RawVector } from './provider.ts';

/** Larger than any model's; an absurd count must not become memory. */
const MAX_DIMENSIONS = 16_384;

/** Vectors of length 1 in the order of the texts, all of one dimension; a string says why not. */
export function vectorsOfReply(
  raw: readonly RawVector[] | undefined,
  count: number,
  dimensions: number | undefined,
): readonly Float32Array[] | string {
  if (raw === undefined) return 'the reply has no list of vectors';
  if (raw.length !== count) return `it sent ${raw.length} vectors for ${count} texts`;
  const vectors: (Float32Array | undefined)[] = Array.from({ length: count });
  let wanted = dimensions;
  for (const [place, item] of raw.entries()) {
    const index = item.index ?? place;
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= count)
      return `a vector belongs to text ${String(index).slice(0, 20)}, of ${count}`;
    if (vectors[index as number]) return `two vectors belong to text ${String(index)}`;
    const vector = readVector(item.values);
    if (typeof vector === 'string') return vector;
    if (wanted !== undefined && vector.length !== wanted)
      return `a vector has ${vector.length} dimensions, not ${wanted}`;
    wanted = vector.length;
    vectors[index as number] = vector;
  }
  return vectors as readonly Float32Array[];
}

function readVector(values: unknown): Float32Array | string {
  const numbers = typeof values === 'string' ? fromBase64(values) : values;
  if (!Array.isArray(numbers) && !(numbers instanceof Float32Array))
    return 'a vector is not a list of numbers';
  if (numbers.length === 0 || numbers.length > MAX_DIMENSIONS)
    return `a vector has ${numbers.length} dimensions`;
  return normalised(numbers);
}

/** undefined where it is not base64 of whole float32. */
function fromBase64(text: string): Float32Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % 4 !== 0) return undefined;
  const numbers = new Float32Array(bytes.length / 4);
  for (let i = 0; i < numbers.length; i++) numbers[i] = bytes.readFloatLE(4 * i);
  return numbers;
}

/** To length 1, summed in double precision. */
export function normalised(numbers: ArrayLike<unknown>): Float32Array | string {
  let squares = 0;
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i];
    if (typeof value !== 'number' || !Number.isFinite(value))
      return 'a vector has a value that is not a finite number';
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  if (!Number.isFinite(length)) return 'a vector has values too large to be used';
  if (length === 0) return 'a vector is all zeros';
  const vector = new Float32Array(numbers.length);
  for (let i = 0; i < vector.length; i++) vector[i] = (numbers[i] as number) / length;
  return vector;
}
