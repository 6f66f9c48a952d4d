import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from './bytes.ts';
import { FIELD_COUNT } from './fields.ts';
import { type EncodedSegment, findInPage, PageWriter, pageOf, scanPage } from './segment-format.ts';
import { type DocTable, decodeHeader, SEGMENT_VERSION } from './segment-header.ts';

type List = readonly (readonly [doc: number, tf: number])[];

/** Terms with their postings, in the order of the writer. */
type Lists = readonly (readonly [term: string, list: List])[];

function table(blobDocs: readonly number[]): DocTable {
  const count = blobDocs.reduce((sum, docs) => sum + docs, 0);
  return {
    count,
    start: Int32Array.from({ length: count }, (_, i) => i * 10 + 1),
    symbol: Int32Array.from({ length: count }, (_, i) => i - 1),
    lines: Uint16Array.from({ length: count }, (_, i) => i % 60_000),
    lengths: Uint16Array.from({ length: count * FIELD_COUNT }, (_, i) => i % 4096),
    kind: Uint8Array.from({ length: count }, (_, i) => i % 20),
    blobDocs,
  };
}

function encode(lists: Lists, blobDocs: readonly number[] = [1]): EncodedSegment {
  const writer = new PageWriter();
  for (const [term, list] of lists) {
    writer.add(
      term,
      list.map(([doc]) => doc),
      list.map(([, tf]) => tf),
    );
  }
  return writer.finish(table(blobDocs));
}

function readAll({ pages }: EncodedSegment): [string, [number, number][]][] {
  const found: [string, [number, number][]][] = [];
  for (const page of pages) {
    scanPage(page, (term, read) => {
      const { docs, tfs } = read();
      found.push([term, [...docs].map((doc, i) => [doc, tfs[i] as number])]);
      return true;
    });
  }
  return found;
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const anyTerm = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((text) => text.toWellFormed()),
  fc.string({ unit: fc.constantFrom('a', 'b', '😀', '😁', '用', '\uffee'), minLength: 1, maxLength: 30 }),
  fc.nat(5000).map((n) => `term${n}`),
);
const anyList = fc
  .uniqueArray(fc.tuple(fc.nat(1 << 24), fc.integer({ min: 1, max: 2 ** 30 - 1 })), {
    selector: ([doc]) => doc,
    minLength: 1,
    maxLength: 40,
  })
  .map((list) => list.sort(([a], [b]) => a - b));
const anyLists = fc
  .uniqueArray(fc.tuple(anyTerm, anyList), { selector: ([term]) => term, maxLength: 200 })
  .map((lists) => lists.sort(([a], [b]) => byCodeUnit(a, b)));

describe('varints', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat()), (numbers) => {
        const writer = new ByteWriter(1);
        for (const number of numbers) writer.varint(number);
        const reader = new ByteReader(writer.take());
        expect(numbers.map(() => reader.varint())).toEqual(numbers);
        expect(reader.position).toBe(reader.end);
      }),
    );
  });

  it('that are cut off, endless or beyond the given end are a RangeError', () => {
    for (const bytes of [
      [],
      [128],
      [255, 255],
      new Array<number>(1000).fill(128),
      new Array<number>(9).fill(255),
    ]) {
      expect(() => new ByteReader(Uint8Array.from(bytes)).varint()).toThrow(RangeError);
    }
    expect(() => new ByteReader(Uint8Array.from([1, 2, 3]), 0, 0).varint()).toThrow(RangeError);
    expect(() => new ByteReader(Uint8Array.from([5, 97]), 0).string()).toThrow(RangeError);
  });
});

describe('a segment', () => {
  it('gives back the terms and postings that were written', () => {
    fc.assert(
      fc.property(anyLists, (lists) => {
        const segment = encode(lists);
        expect(readAll(segment)).toEqual(lists);
        const { pageTerms } = decodeHeader(segment.header);
        for (const [term, list] of lists) {
          const found = findInPage(segment.pages[pageOf(pageTerms, term)] as Uint8Array, term);
          expect([...(found?.docs ?? [])]).toEqual(list.map(([doc]) => doc));
        }
      }),
    );
  });

  it('keeps its columns, also when the header stands at an odd place of a larger buffer', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 30 }), fc.nat(7), (blobDocs, shift) => {
        const { header } = encode([['a', [[0, 1]]]], blobDocs);
        const larger = Buffer.alloc(header.length + 32, 0xff);
        larger.set(header, shift);
        expect(decodeHeader(larger.subarray(shift, shift + header.length)).docs).toEqual(table(blobDocs));
      }),
    );
  });

  it('ends a page when it is full, and a long list makes a page of its own', () => {
    const long: List = Array.from({ length: 6000 }, (_, doc) => [doc * 300, 1]);
    const lists: Lists = [
      ...Array.from({ length: 3000 }, (_, i) => [`a${String(i).padStart(5, '0')}`, [[i, 1]]] as const),
      ['b', long],
      ['c', [[1, 1]]],
    ];
    const segment = encode(lists);
    const { pageTerms } = decodeHeader(segment.header);
    expect(pageTerms).toHaveLength(segment.pages.length);
    expect(pageTerms.at(-2)).toBe('b');
    expect(pageTerms.at(-1)).toBe('c');
    expect(Math.max(...segment.pages.slice(0, -2).map((page) => page.length))).toBeLessThanOrEqual(8192 + 32);
    for (const [term, list] of lists) {
      expect(findInPage(segment.pages[pageOf(pageTerms, term)] as Uint8Array, term)?.docs.length).toBe(
        list.length,
      );
    }
  });

  it('has no page for a term before the first, and finds nothing for terms between', () => {
    const segment = encode([
      ['d', [[0, 1]]],
      ['f', [[0, 1]]],
    ]);
    const { pageTerms } = decodeHeader(segment.header);
    expect(pageOf(pageTerms, 'c')).toBe(-1);
    expect(pageOf([], 'c')).toBe(-1);
    for (const term of ['dd', 'e', 'g', 'd\0']) {
      expect(findInPage(segment.pages[pageOf(pageTerms, term)] as Uint8Array, term)).toBeUndefined();
    }
  });

  it('of nothing is readable', () => {
    const { header, pages } = encode([], []);
    expect(pages).toEqual([]);
    expect(decodeHeader(header)).toEqual({ docs: table([]), pageTerms: [] });
  });
});

/** What reading all of a page does: 'read', or the name of the error. */
function outcome(read: () => void): string {
  try {
    read();
    return 'read';
  } catch (error) {
    return (error as Error).name;
  }
}

describe('corrupt bytes', () => {
  const lists: Lists = Array.from({ length: 60 }, (_, i) => [
    `term${String(i).padStart(3, '0')}`,
    Array.from({ length: (i * 7) % 50 }, (_, doc) => [doc * 3, (doc % 90) + 1] as const),
  ]);
  const segment = encode(lists, [100, 50]);
  const page = segment.pages[0] as Uint8Array;

  it('of a page are a RangeError or other postings, never another error, a hang or a large allocation', () => {
    const damage = fc.array(fc.tuple(fc.nat(page.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    const before = process.memoryUsage().arrayBuffers;
    fc.assert(
      fc.property(damage, fc.nat(page.length), (changes, cut) => {
        const broken = page.slice(0, cut % 5 === 0 ? cut : page.length);
        for (const [at, value] of changes) if (at < broken.length) broken[at] = value;
        expect(outcome(() => readAll({ header: segment.header, pages: [broken] }))).toMatch(
          /^(read|RangeError)$/,
        );
      }),
      { numRuns: 1500 },
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
  });

  /** A page of one term `a`, with what stands behind it. */
  const pageWith =
    (...size: readonly number[]) =>
    (postings: readonly number[]) => {
      const writer = new ByteWriter();
      writer.byte(0x01);
      writer.byte(97);
      for (const number of size) writer.varint(number);
      writer.bytes(Uint8Array.from(postings));
      return writer.take();
    };

  it('that claim more postings than there are bytes are refused before anything is allocated', () => {
    const bytes = pageWith(500_000_000 * 2, 2)([1, 2]);
    const started = performance.now();
    expect(() => findInPage(bytes, 'a')).toThrow(RangeError);
    expect(performance.now() - started).toBeLessThan(200);
  });

  it('of postings beyond any document are refused', () => {
    const far = [0, 0x80, 0, 0, 0];
    expect(() =>
      findInPage(pageWith(2 * 6, 30)([...far, ...far, ...far, ...far, ...far, ...far]), 'a'),
    ).toThrow(RangeError);
    // An order of 31: gaps up to 2^31 each.
    expect(() => findInPage(pageWith(2 * 2, 12)([0xff, ...new Array<number>(11).fill(0xff)]), 'a')).toThrow(
      RangeError,
    );
  });

  it('of a frequency that no term has are refused', () => {
    // Two documents in a row; the second has a set of fields beyond the last.
    expect(() => findInPage(pageWith(2 * 2, 3)([0b00000_1_1_1, 0b1_00000_10, 0b0001_0000]), 'a')).toThrow(
      RangeError,
    );
  });

  it('of postings that end before or after their length are refused', () => {
    // One document in the body: 5 bits of order, 1 of gap, 2 of frequency, a byte for two postings in all.
    const two = [0b00000_1_1_1, 0b1_1_1_00000];
    expect([...(findInPage(pageWith(2 * 2, 2)(two), 'a')?.docs ?? [])]).toEqual([0, 1]);
    expect(() => findInPage(pageWith(2 * 2, 3)([...two, 0]), 'a')).toThrow(RangeError);
    expect(() => findInPage(pageWith(2 * 2, 1)(two), 'a')).toThrow(RangeError);
    expect(() => findInPage(pageWith(2 * 2, 3)(two), 'a')).toThrow(RangeError);
  });

  it('of a header are a RangeError', () => {
    const { header } = segment;
    expect(outcome(() => decodeHeader(new Uint8Array()))).toBe('RangeError');
    expect(outcome(() => decodeHeader(Uint8Array.of(255, 255, 255, 255, 0)))).toBe('RangeError');
    for (const length of [3, 4, 20, header.length - 1]) {
      expect(outcome(() => decodeHeader(header.slice(0, length)))).toBe('RangeError');
    }
    // A view that ends too early, in a buffer that goes on.
    expect(outcome(() => decodeHeader(header.subarray(0, header.length - 8)))).toBe('RangeError');
    fc.assert(
      fc.property(fc.nat(header.length - 1), fc.nat(255), (at, value) => {
        const broken = header.slice();
        broken[at] = value;
        expect(outcome(() => decodeHeader(broken))).toMatch(/^(read|RangeError)$/);
      }),
      { numRuns: 500 },
    );
    for (const counts of [[], [1, 0, 0], [0, 1, 0], [0, 0, 5], [1, 1, 0, 2], [2 ** 32 - 1, 2 ** 32 - 1, 0]]) {
      const body = new Uint8Array(Uint32Array.from([...counts, ...new Array<number>(20).fill(0)]).buffer);
      for (const length of [body.length, counts.length * 4]) {
        const packed = zstdCompressSync(body.subarray(0, length));
        const bytes = new Uint8Array(5 + packed.length);
        bytes[0] = SEGMENT_VERSION;
        new DataView(bytes.buffer).setUint32(1, length, true);
        bytes.set(packed, 5);
        expect(outcome(() => decodeHeader(bytes))).toBe('RangeError');
      }
    }
  });

  it('of a header that would unpack to more than it says are refused without the memory', () => {
    const packed = zstdCompressSync(new Uint8Array(64 << 20));
    const bytes = new Uint8Array(5 + packed.length);
    bytes[0] = SEGMENT_VERSION;
    new DataView(bytes.buffer).setUint32(1, 100, true);
    bytes.set(packed, 5);
    const before = process.memoryUsage().arrayBuffers;
    expect(outcome(() => decodeHeader(bytes))).toBe('RangeError');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20);
  });
});
