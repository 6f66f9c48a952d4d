/**
 * A model as bytes. Little endian:
 *   0  magic "CNXEMB", two bytes of format version
 *   8  u32 bits a value (4 or 8), u32 dims, u32 words, u32 bytes of the vocabulary, f32 largest scale, u32 zero
 *   32 SHA-256 of bytes 0..32 and of all that follows
 *   64 vocabulary, UTF-8, one word a line, most frequent first
 *      u16 a word: its scale in 65535ths of the largest; then the rows (4 bits: the lower half byte comes first)
 * Knows no file system: bytes in, model out.
 */
import { createHash } from 'node:crypto';
import { POOLING_VERSION } from './pooling.ts';
import { type Bits, halfOf, quantiseRow } from './quantise.ts';
import { createStaticModel, type StaticModel } from './static-model.ts';

/** The bytes are no model of ours, or damaged. The message says which, in words for a user. */
export class ModelFormatError extends Error {
  override readonly name = 'ModelFormatError';
}

const MAGIC = 'CNXEMB';
const VERSION = 1;
const HEADER = 64;
const MAX_DIMS = 1024;
const MAX_WORDS = 1 << 20;
const SCALE_STEPS = 65535;

export interface ModelParts {
  readonly dims: number;
  /** Most frequent first; none empty, none with a line break, no two equal. */
  readonly words: readonly string[];
  /** words x dims, row by row. */
  readonly vectors: Float32Array;
}

/** @throws RangeError when the parts do not fit together */
export function encodeModel(parts: ModelParts, bits: Bits): Uint8Array {
  checkParts(parts);
  const { dims, words, vectors } = parts;
  const vocabulary = new TextEncoder().encode(words.join('\n'));
  const rows = words.map((_, i) => quantiseRow(vectors.subarray(i * dims, (i + 1) * dims), bits));
  const largest = Math.fround(rows.reduce((max, row) => Math.max(max, row.scale), 0));
  const rowBytes = (dims * bits) / 8;
  const bytes = new Uint8Array(HEADER + vocabulary.length + words.length * (2 + rowBytes));
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint16(6, VERSION, true);
  [bits, dims, words.length, vocabulary.length].forEach((n, i) => {
    view.setUint32(8 + i * 4, n, true);
  });
  view.setFloat32(24, largest, true);
  bytes.set(vocabulary, HEADER);
  const scalesAt = HEADER + vocabulary.length;
  const rowsAt = scalesAt + words.length * 2;
  rows.forEach(({ scale, levels }, i) => {
    view.setUint16(scalesAt + i * 2, largest > 0 ? Math.round((scale / largest) * SCALE_STEPS) : 0, true);
    const at = rowsAt + i * rowBytes;
    if (bits === 8) bytes.set(levels, at);
    else for (let j = 0; j < dims; j += 2) bytes[at + j / 2] = (levels[j] ?? 0) | ((levels[j + 1] ?? 0) << 4);
  });
  bytes.set(checksum(bytes), 32);
  return bytes;
}

function checkParts({ dims, words, vectors }: ModelParts): void {
  if (dims < 4 || dims > MAX_DIMS || dims % 4 !== 0)
    throw new RangeError(`dims is ${dims}: a multiple of 4, at most ${MAX_DIMS}`);
  if (words.length < 1 || words.length > MAX_WORDS)
    throw new RangeError(`${words.length} words: 1 to ${MAX_WORDS} are allowed`);
  if (vectors.length !== words.length * dims) throw new RangeError('vectors and words differ in number');
  if (!vectors.every(Number.isFinite)) throw new RangeError('a vector holds a value that is no number');
  if (words.some((word) => word === '' || word.includes('\n') || !word.isWellFormed()))
    throw new RangeError('a word is empty or has a line break');
  if (new Set(words).size !== words.length) throw new RangeError('a word stands twice in the vocabulary');
}

/** @throws ModelFormatError for bytes that are not whole and ours */
export function decodeModel(bytes: Uint8Array): StaticModel {
  const { bits, dims, count, vocabularyBytes, largest } = readHeader(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scalesAt = HEADER + vocabularyBytes;
  const words = new TextDecoder().decode(bytes.subarray(HEADER, scalesAt)).split('\n');
  if (words.length !== count)
    throw new ModelFormatError(`The model says ${count} words and holds ${words.length}.`);
  const vectors = new Float32Array(count * dims);
  const rows = bytes.subarray(scalesAt + count * 2);
  for (let i = 0; i < count; i++) {
    const scale = (view.getUint16(scalesAt + i * 2, true) / SCALE_STEPS) * largest;
    if (bits === 4) expand4(rows, vectors, i * dims, dims, scale);
    else expand8(rows, vectors, i * dims, dims, scale);
  }
  return createStaticModel(idOf(bytes, dims), dims, words, vectors);
}

/** The id of the model in these bytes, without decoding it. @throws ModelFormatError */
export function modelId(bytes: Uint8Array): string {
  return idOf(bytes, readHeader(bytes).dims);
}

/** Whether an id in a store is of a model of this kind, shipped or learned; other embedders have others. */
export const isStaticModel = (id: string): boolean => id.startsWith('static-');

function idOf(bytes: Uint8Array, dims: number): string {
  const digest = Buffer.from(bytes.subarray(32, 40)).toString('hex');
  return `static-${digest}-${dims}d-p${POOLING_VERSION}`;
}

function expand4(rows: Uint8Array, into: Float32Array, at: number, dims: number, scale: number): void {
  const half = halfOf(4);
  for (let i = at; i < at + dims; i += 2) {
    const pair = rows[i >> 1] as number;
    into[i] = ((pair & 15) - half) * scale;
    into[i + 1] = ((pair >> 4) - half) * scale;
  }
}

function expand8(rows: Uint8Array, into: Float32Array, at: number, dims: number, scale: number): void {
  const half = halfOf(8);
  for (let i = at; i < at + dims; i++) into[i] = ((rows[i] as number) - half) * scale;
}

interface Header {
  readonly bits: Bits;
  readonly dims: number;
  readonly count: number;
  readonly vocabularyBytes: number;
  readonly largest: number;
}

function readHeader(bytes: Uint8Array): Header {
  const fail = (message: string): never => {
    throw new ModelFormatError(message);
  };
  if (bytes.length < HEADER || Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== MAGIC)
    fail('This is not an embedding model of Conexus: it begins with other bytes.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint16(6, true);
  if (version !== VERSION) fail(`The model has format ${version}; this version reads format ${VERSION}.`);
  const [bits = 0, dims = 0, count = 0, vocabularyBytes = 0] = [8, 12, 16, 20].map((at) =>
    view.getUint32(at, true),
  );
  const largest = view.getFloat32(24, true);
  if (bits !== 4 && bits !== 8) return fail(`The model has ${bits} bits a value; 4 or 8 are known.`);
  if (dims < 4 || dims > MAX_DIMS || dims % 4 !== 0) fail(`The model has ${dims} dimensions.`);
  if (count < 1 || count > MAX_WORDS) fail(`The model says it holds ${count} words.`);
  const size = HEADER + vocabularyBytes + count * (2 + (dims * bits) / 8);
  if (bytes.length !== size) fail(`The model has ${bytes.length} bytes and should have ${size}.`);
  if (!checksum(bytes).equals(bytes.subarray(32, 64)))
    fail('The model is damaged: its checksum does not match.');
  if (!Number.isFinite(largest) || largest < 0) fail('The model holds a scale that is no number.');
  return { bits, dims, count, vocabularyBytes, largest };
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes.subarray(0, 32)).update(bytes.subarray(HEADER)).digest();
}
