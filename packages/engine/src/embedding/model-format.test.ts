import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeModel, encodeModel, ModelFormatError, type ModelParts } from './model-format.ts';

const words = ['retri', 'backoff', 'upstream', '再試行'];
function partsOf(dims: number, list: readonly string[] = words): ModelParts {
  const vectors = Float32Array.from(
    { length: dims * list.length },
    (_, i) => Math.sin(i * 7.3) * (1 + (i % 5)),
  );
  return { dims, words: list, vectors };
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  a.forEach((x, i) => {
    const y = b[i] ?? 0;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  });
  return dot / Math.sqrt(aa * bb);
}

describe('a model keeps its words and, nearly, its vectors', () => {
  test.each([
    [4, 0.985],
    [8, 0.9999],
  ] as const)('%d bits', (bits, least) => {
    const parts = partsOf(128);
    const model = decodeModel(encodeModel(parts, bits));
    expect(model.words).toEqual(words);
    expect(model.dims).toBe(128);
    words.forEach((word, i) => {
      const into = new Float32Array(128);
      expect(model.addTerm(word, 2, into)).toBe(true);
      expect(cosine(into, parts.vectors.subarray(i * 128, (i + 1) * 128))).toBeGreaterThan(least);
    });
  });
});

test('rows of zeros stay near zero, whatever the others hold', () => {
  const vectors = new Float32Array(2 * 8).fill(3, 8);
  const model = decodeModel(encodeModel({ dims: 8, words: ['none', 'some'], vectors }, 4));
  const into = new Float32Array(8);
  model.addTerm('none', 1, into);
  expect([...into]).toEqual(new Array(8).fill(0));
});

test('the id names the weights: another vector, another id', () => {
  const one = decodeModel(encodeModel(partsOf(8), 8));
  const parts = partsOf(8);
  parts.vectors[3] = 0.5;
  expect(decodeModel(encodeModel(partsOf(8), 8)).id).toBe(one.id);
  expect(decodeModel(encodeModel(parts, 8)).id).not.toBe(one.id);
});

test('an unknown term is the sum of its words; of noise nothing is known', () => {
  const model = decodeModel(encodeModel(partsOf(8), 8));
  const both = new Float32Array(8);
  model.addTerm('retri', Math.SQRT1_2, both);
  model.addTerm('backoff', Math.SQRT1_2, both);
  const compound = new Float32Array(8);
  expect(model.addTerm('retribackoff', 1, compound)).toBe(true);
  compound.forEach((value, i) => {
    expect(value).toBeCloseTo(both[i] as number, 4);
  });
  expect(model.addTerm('zzzzzz', 1, compound)).toBe(false);
});

test('more unknown terms than are remembered still give the same vectors', () => {
  const model = decodeModel(encodeModel(partsOf(8), 8));
  const first = new Float32Array(8);
  model.addTerm('retribackoff', 1, first);
  for (let i = 0; i < 40_000; i++) {
    model.offsetOf(`retri${String.fromCharCode(97 + (i % 26))}backoff${'abcdefghij'.repeat(1)[i % 10]}${i}`);
    model.offsetOf(
      `backoffretri${'abcdefghijklmnopqrstuvwxyz'[i % 26]}${'abcdefghijklmnopqrstuvwxyz'[(i >> 5) % 26]}`,
    );
  }
  const again = new Float32Array(8);
  model.addTerm('retribackoff', 1, again);
  expect(again).toEqual(first);
});

describe('what is no model is refused, saying why', () => {
  const good = encodeModel(partsOf(8), 4);
  const changed = (at: number, value: number) => {
    const bytes = good.slice();
    bytes[at] = value;
    return bytes;
  };
  test.each([
    ['empty', new Uint8Array(0), 'begins with other bytes'],
    ['foreign', new TextEncoder().encode('{"model":"bert"}'.repeat(9)), 'begins with other bytes'],
    ['newer', changed(6, 9), 'format 9'],
    ['bits', changed(8, 5), '5 bits'],
    ['dims', changed(12, 7), '7 dimensions'],
    ['cut off', good.subarray(0, good.length - 1), 'should have'],
    ['longer', Uint8Array.from([...good, 0]), 'should have'],
    ['huge', changed(19, 255), 'words'],
    ['a changed weight', changed(good.length - 1, 1), 'damaged'],
    ['a changed word', changed(66, 1), 'damaged'],
  ])('%s', (_, bytes, message) => {
    expect(() => decodeModel(bytes)).toThrow(ModelFormatError);
    expect(() => decodeModel(bytes)).toThrow(message);
  });

  test('any bytes, and any change of one byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => decodeModel(bytes)).toThrow(ModelFormatError);
      }),
    );
    for (let at = 0; at < good.length; at++) {
      expect(() => decodeModel(changed(at, (good[at] ?? 0) ^ 64))).toThrow(ModelFormatError);
    }
  });
});

describe('parts that do not fit are refused before they are written', () => {
  test.each([
    ['dims', { ...partsOf(8), dims: 6 }],
    ['no words', { dims: 8, words: [], vectors: new Float32Array(0) }],
    ['too few vectors', { ...partsOf(8), vectors: new Float32Array(8) }],
    ['a value that is no number', { dims: 4, words: ['a'], vectors: Float32Array.of(1, Number.NaN, 0, 0) }],
    ['a line break', partsOf(8, ['a\nb', 'c'])],
    ['twice', partsOf(8, ['a', 'a'])],
  ])('%s', (_, parts) => {
    expect(() => encodeModel(parts, 4)).toThrow(RangeError);
  });
});
