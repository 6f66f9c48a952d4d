/**
 * A posting list as bits, highest first, in Elias-gamma and exponential Golomb codes (Elias 1975; Teuhola 1978): most gaps
 * and frequencies are small, and a byte for each would take twice the space.
 *
 *   order (5 bits; none where there is one posting) | per posting: gap - 1 in exponential Golomb code of that order, the first
 *   counted from -1 | fields that have the term, as rank in FIELD_SETS | how often, for each of them, lowest bits first
 *
 * Ranks and frequencies are in gamma codes. A list ends on a whole byte.
 */
import { BITS, FIELD_COUNT, MAX_TF } from './fields.ts';

export interface Postings {
  /** Ascending document numbers. */
  readonly docs: Int32Array;
  /** Packed frequencies, see fields.ts. */
  readonly tfs: Int32Array;
}

/** Sets of fields, a bit each, most frequent first in code of several languages. */
const FIELD_SETS = [
  1, 4, 2, 8, 18, 3, 19, 17, 5, 9, 22, 23, 26, 7, 27, 10, 6, 21, 11, 12, 16, 30, 31, 14, 13, 15, 25, 24, 20,
  29, 28,
];
const RANK_OF_SET = Uint8Array.from({ length: 1 << FIELD_COUNT }, (_, set) => FIELD_SETS.indexOf(set));

const ORDER_BITS = 5;
/** Of the only posting of a list: its document number stands alone, and half of them have some twelve bits. */
const ORDER_OF_ONE = 12;
/** A gap takes at least one bit, a set of fields and a frequency one each. */
const MIN_BITS_EACH = 3;
/** Two times 31 bits and the order at most for the gap, eleven for each of six gamma codes. */
const MAX_BYTES_EACH = 24;

const gammaBits = (value: number) => 2 * (31 - Math.clz32(value)) + 1;

/** Bits that one call appends at most: with up to seven that wait for their byte they fit 31. */
const MAX_BITS = 24;

/** Appends bits to a buffer that grows. */
export class PostingWriter {
  private buffer = new Uint8Array(1024);
  private at = 0;
  private waiting = 0;
  private waitingBits = 0;

  /**
   * The postings at `from` to `to`; `docs` ascend, frequencies have 1 to MAX_TF in at least one field.
   * The bytes are a view, valid until the next call.
   */
  write(docs: ArrayLike<number>, tfs: ArrayLike<number>, from: number, to: number): Uint8Array {
    this.at = 0;
    const order = to - from === 1 ? ORDER_OF_ONE : bestOrder(docs, from, to);
    if (to - from > 1) this.bits(order, ORDER_BITS);
    let last = -1;
    for (let i = from; i < to; i++) {
      if (this.at + MAX_BYTES_EACH > this.buffer.length) this.grow();
      const doc = docs[i] as number;
      this.golomb(doc - last - 1, order);
      this.frequency(tfs[i] as number);
      last = doc;
    }
    if (this.waitingBits > 0) this.bits(0, 8 - this.waitingBits);
    return this.buffer.subarray(0, this.at);
  }

  private golomb(value: number, order: number): void {
    const high = (value >>> order) + 1;
    const zeros = 31 - Math.clz32(high);
    const low = value & ((1 << order) - 1);
    if (2 * zeros + 1 + order <= MAX_BITS) {
      this.bits((high << order) | low, 2 * zeros + 1 + order);
      return;
    }
    this.wide(0, zeros);
    this.wide(high, zeros + 1);
    this.wide(low, order);
  }

  private frequency(packed: number): void {
    const code = packed < SHORT_CODES.length ? (SHORT_CODES[packed] as number) : 0;
    if (code > 0) {
      this.bits(code & CODE_MASK, code >>> MAX_BITS);
      return;
    }
    this.gamma((RANK_OF_SET[setOf(packed)] as number) + 1);
    for (let rest = packed; rest > 0; rest >>>= BITS) if ((rest & MAX_TF) > 0) this.gamma(rest & MAX_TF);
  }

  private gamma(value: number): void {
    this.bits(value, gammaBits(value));
  }

  private wide(value: number, width: number): void {
    const lower = Math.min(width, 16);
    this.bits(value >>> lower, width - lower);
    this.bits(value & ((1 << lower) - 1), lower);
  }

  /** `value` has at most `width` bits, and `width` is at most MAX_BITS. */
  private bits(value: number, width: number): void {
    const bits = (this.waiting << width) | value;
    let count = this.waitingBits + width;
    while (count >= 8) {
      count -= 8;
      this.buffer[this.at++] = bits >>> count;
    }
    this.waiting = bits & ((1 << count) - 1);
    this.waitingBits = count;
  }

  private grow(): void {
    const larger = new Uint8Array(this.buffer.length * 2);
    larger.set(this.buffer);
    this.buffer = larger;
  }
}

function setOf(packed: number): number {
  let set = 0;
  for (let field = 0; field < FIELD_COUNT; field++)
    if (((packed >>> (field * BITS)) & MAX_TF) > 0) set |= 1 << field;
  return set;
}

/** Codes of frequencies in the two lowest fields alone, two thirds of all: length, then as many bits; 0 for longer ones. */
const CODE_MASK = (1 << MAX_BITS) - 1;
const SHORT_CODES = Uint32Array.from({ length: 1 << (2 * BITS) }, (_, packed) => {
  let code = (RANK_OF_SET[setOf(packed)] as number) + 1;
  let width = packed === 0 ? 0 : gammaBits(code);
  for (let rest = packed; rest > 0; rest >>>= BITS) {
    const tf = rest & MAX_TF;
    if (tf === 0) continue;
    code = (code << gammaBits(tf)) | tf;
    width += gammaBits(tf);
  }
  return width > MAX_BITS ? 0 : width * 2 ** MAX_BITS + code;
});

/** From that of the mean gap downwards: lists are uneven, and lower orders are better for those. */
function bestOrder(docs: ArrayLike<number>, from: number, to: number): number {
  const mean = (docs[to - 1] as number) / (to - from);
  let order = 31 - Math.clz32(mean + 1);
  let cost = gapBits(docs, from, to, order);
  while (order > 0) {
    const lower = gapBits(docs, from, to, order - 1);
    if (lower >= cost) break;
    cost = lower;
    order--;
  }
  return order;
}

function gapBits(docs: ArrayLike<number>, from: number, to: number, order: number): number {
  let bits = (1 + order) * (to - from);
  let last = -1;
  for (let i = from; i < to; i++) {
    const doc = docs[i] as number;
    bits += 2 * (31 - Math.clz32(((doc - last - 1) >>> order) + 1));
    last = doc;
  }
  return bits;
}

/** One posting, and the word that is read at its end. */
const PADDING = MAX_BYTES_EACH + 8;

/**
 * Hot loop: one posting is one look at 32 bits as a rule.
 * @throws RangeError for what `PostingWriter` did not write, before memory is taken for it
 */
export function decodePostings(page: Uint8Array, start: number, end: number, count: number): Postings {
  const length = end - start;
  if (length < 0 || end > page.length || count * MIN_BITS_EACH > length * 8)
    throw new RangeError('postings run past the page');
  const bytes = new Uint8Array(length + PADDING);
  bytes.set(page.subarray(start, end));
  const docs = new Int32Array(count);
  const tfs = new Int32Array(count);
  const order = count === 1 ? ORDER_OF_ONE : wordAt(bytes, 0) >>> (32 - ORDER_BITS);
  const step = 1 - 2 ** order;
  const limit = length * 8;
  let at = count === 1 ? 0 : ORDER_BITS;
  let doc = -1;
  for (let i = 0; i < count; i++) {
    if (at >= limit) throw new RangeError('postings run past their end');
    const word = wordAt(bytes, at);
    const zeros = Math.clz32(word);
    const width = zeros + 1 + order;
    if (width > 32) throw new RangeError('a gap is too long');
    const used = zeros + width;
    const from = used > 32 ? wordAt(bytes, at + zeros) : word << zeros;
    doc += (from >>> (32 - width)) + step;
    docs[i] = doc;
    at += used;
    const next = (used > 32 - QUICK_BITS ? wordAt(bytes, at) : word << used) >>> (32 - QUICK_BITS);
    let tf = QUICK_TF[next] as number;
    if (tf > 0) at += QUICK_LENGTH[next] as number;
    else {
      tf = frequencyAt(bytes, at);
      if (tf === 0) throw new RangeError('a frequency is unreadable');
      at += frequencyBits(tf);
    }
    tfs[i] = tf;
  }
  if (Math.ceil(at / 8) !== length || doc > MAX_DOC) throw new RangeError('postings do not fit their length');
  return { docs, tfs };
}

const MAX_DOC = 2 ** 31 - 1;

function wordAt(bytes: Uint8Array, at: number): number {
  const i = at >>> 3;
  const shift = at & 7;
  const word =
    ((bytes[i] as number) << 24) |
    ((bytes[i + 1] as number) << 16) |
    ((bytes[i + 2] as number) << 8) |
    (bytes[i + 3] as number);
  return (word << shift) | ((bytes[i + 4] as number) >>> (8 - shift));
}

/** 0 for none of at most 16 bits. */
function gammaAt(bytes: Uint8Array, at: number): number {
  const word = wordAt(bytes, at);
  const zeros = Math.clz32(word);
  return zeros > 15 ? 0 : (word << zeros) >>> (31 - zeros);
}

/** 0 for bits that no frequency has. */
function frequencyAt(bytes: Uint8Array, start: number): number {
  const rank = gammaAt(bytes, start);
  if (rank < 1 || rank > FIELD_SETS.length) return 0;
  const set = FIELD_SETS[rank - 1] as number;
  let at = start + gammaBits(rank);
  let packed = 0;
  for (let field = 0; field < FIELD_COUNT; field++) {
    if ((set & (1 << field)) === 0) continue;
    const tf = gammaAt(bytes, at);
    if (tf < 1 || tf > MAX_TF) return 0;
    at += gammaBits(tf);
    packed |= tf << (field * BITS);
  }
  return packed;
}

function frequencyBits(packed: number): number {
  let bits = gammaBits((RANK_OF_SET[setOf(packed)] as number) + 1);
  for (let rest = packed; rest > 0; rest >>>= BITS) if ((rest & MAX_TF) > 0) bits += gammaBits(rest & MAX_TF);
  return bits;
}

/** Frequencies of up to so many bits, nearly all, by what the next bits are; 0 for the others. */
const QUICK_BITS = 12;
const QUICK_TF = new Int32Array(1 << QUICK_BITS);
const QUICK_LENGTH = new Uint8Array(1 << QUICK_BITS);
for (let next = 0; next < 1 << QUICK_BITS; next++) {
  const bytes = new Uint8Array(PADDING);
  bytes[0] = next >> (QUICK_BITS - 8);
  bytes[1] = next << (16 - QUICK_BITS);
  const tf = frequencyAt(bytes, 0);
  if (tf === 0 || frequencyBits(tf) > QUICK_BITS) continue;
  QUICK_TF[next] = tf;
  QUICK_LENGTH[next] = frequencyBits(tf);
}
