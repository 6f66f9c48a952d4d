import { expect, test } from 'vitest';
import { decodeModel } from '../model-format.ts';
import { createPairSetBuilder, type PairSet } from '../pair-set.ts';
import { createStaticModel, type StaticModel } from '../static-model.ts';
import { adaptModel } from './adapt.ts';
import { createRandom } from './random.ts';

const letters = 'abcdefghijkl';
const words = [...letters].flatMap((topic) => [`ask${topic}`, `code${topic}`]);

/** Knows all words, and nothing of what belongs together. */
function base(): StaticModel {
  const random = createRandom(5);
  const vectors = Float32Array.from({ length: words.length * 16 }, () => random.normal() / 4);
  return createStaticModel('base', 16, words, vectors);
}

function repository(count: number): PairSet {
  const builder = createPairSetBuilder();
  for (let i = 0; i < count; i++) {
    const topic = letters[i % letters.length];
    builder.add({
      group: 'own',
      kind: 'commit',
      query: [`ask${topic}`],
      doc: new Map([
        [`code${topic}`, 1],
        [`code${topic}code${topic}`, 1],
      ]),
      path: [],
    });
  }
  return builder.finish();
}

function found(model: StaticModel): number {
  const vector = (term: string) => {
    const sum = new Float32Array(model.dims);
    model.addTerm(term, 1, sum);
    const norm = Math.hypot(...sum);
    return sum.map((x) => x / norm);
  };
  return [...letters].filter((topic) => {
    const query = vector(`ask${topic}`);
    const near = [...letters].map((other) =>
      vector(`code${other}`).reduce((sum, x, i) => sum + x * (query[i] ?? 0), 0),
    );
    return near.indexOf(Math.max(...near)) === letters.indexOf(topic);
  }).length;
}

test('learns what belongs together in this repository, and gives new words a vector', async () => {
  const before = base();
  const bytes = await adaptModel(before, repository(600), { seed: 1, maxSteps: 60 });
  const model = decodeModel(bytes ?? new Uint8Array());
  expect(found(before)).toBeLessThan(6);
  expect(found(model)).toBe(letters.length);
  expect(model.words.slice(0, words.length)).toEqual(words);
  expect(model.words).toContain('codeacodea');
});

test('the same pairs and seed give the same bytes, in no more steps than allowed', async () => {
  const run = async (seed: number, maxSteps: number) => {
    let last = 0;
    const bytes = await adaptModel(
      base(),
      repository(600),
      { seed, maxSteps },
      { onProgress: ({ steps }) => (last = steps) },
    );
    return { bytes, steps: last };
  };
  const first = await run(1, 3);
  expect(first.steps).toBe(3);
  expect(await run(1, 3)).toEqual(first);
  expect((await run(2, 3)).bytes).not.toEqual(first.bytes);
  expect((await run(1, 1000)).steps).toBe(4 * 18);
});

test('too few pairs teach nothing', async () => {
  expect(await adaptModel(base(), repository(63), { seed: 1, maxSteps: 9 })).toBeUndefined();
  expect(await adaptModel(base(), createPairSetBuilder().finish(), { seed: 1, maxSteps: 9 })).toBeUndefined();
});

test('an aborted adaptation ends with the reason', async () => {
  const signal = AbortSignal.abort(new Error('closing'));
  await expect(adaptModel(base(), repository(600), { seed: 1, maxSteps: 9 }, { signal })).rejects.toThrow(
    'closing',
  );
});
