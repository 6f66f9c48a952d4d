import { describe, expect, test } from 'vitest';
import { decodeModel, encodeModel } from '../model-format.ts';
import { createPairSetBuilder, type PairSet } from '../pair-set.ts';
import { embedQuery } from '../pooling.ts';
import { planBatches } from './plan-batches.ts';
import { createRandom } from './random.ts';
import { chooseVocabulary } from './term-rows.ts';
import { type TrainingOptions, trainModel } from './train-model.ts';

const options: TrainingOptions = {
  dims: 16,
  widths: [16, 8],
  words: 1000,
  minGroups: 1,
  batch: 32,
  block: 8,
  grouped: 0.5,
  epochs: 20,
  pathWeight: 0.5,
  dropName: 0.4,
  dropPath: 0.4,
  unknownWeight: 1,
  rate: 0.02,
  scale: 20,
  seed: 7,
};

/** Queries and chunks speak of the same topic in words that never meet: `ask3x0` is answered by `code3x1`. */
function topics(count: number): PairSet {
  const builder = createPairSetBuilder();
  const random = createRandom(1);
  const letter = (n: number) => String.fromCharCode(97 + n);
  for (let i = 0; i < count; i++) {
    const topic = i % 12;
    const word = (prefix: string) => `${prefix}${letter(topic)}${letter(random.below(3))}`;
    builder.add({
      group: `g${i % 3}`,
      kind: i % 2 === 0 ? 'docstring' : 'commit',
      query: [word('ask'), word('ask'), 'the'],
      doc: new Map([
        [word('code'), 1],
        ['return', 3],
      ]),
      path: [word('path')],
    });
  }
  return builder.finish();
}

describe('training', () => {
  test('brings words together that mean the same and never meet', async () => {
    const losses: number[] = [];
    const parts = await trainModel(topics(600), options, { onProgress: ({ loss }) => losses.push(loss) });
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) * 0.8);
    for (const bits of [4, 8] as const) {
      const model = decodeModel(encodeModel(parts, bits));
      const vector = (term: string) => embedQuery(model, [{ term, weight: 1 }]);
      const cosine = (a: string, b: string) => vector(a).reduce((s, x, i) => s + x * (vector(b)[i] ?? 0), 0);
      let right = 0;
      for (const topic of 'abcdefghijkl') {
        const near = [...'abcdefghijkl'].map((other) => cosine(`ask${topic}a`, `code${other}b`));
        if (near.indexOf(Math.max(...near)) === 'abcdefghijkl'.indexOf(topic)) right++;
      }
      expect(right).toBeGreaterThanOrEqual(10);
    }
  });

  test('gives the same bytes for the same seed, others for another', async () => {
    const pairs = topics(200);
    const run = async (seed: number) =>
      encodeModel(await trainModel(pairs, { ...options, epochs: 2, seed }), 4);
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  test('stops when it is told to', async () => {
    const controller = new AbortController();
    const steps: number[] = [];
    const running = trainModel(topics(600), options, {
      signal: controller.signal,
      onProgress: ({ step }) => {
        steps.push(step);
        controller.abort(new Error('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
    expect(steps).toHaveLength(1);
  });

  test('too few pairs for a batch train nothing; none at all is an error', async () => {
    const parts = await trainModel(topics(5), options);
    expect(parts.words.length).toBeGreaterThan(3);
    await expect(trainModel(createPairSetBuilder().finish(), options)).rejects.toThrow(RangeError);
  });
});

describe('the vocabulary', () => {
  test('prefers what many groups use, and needs enough of them', () => {
    const builder = createPairSetBuilder();
    const add = (group: string, term: string, times: number) => {
      for (let i = 0; i < times; i++)
        builder.add({ group, kind: 'test', query: [term], doc: new Map([['x', 1]]), path: [] });
    };
    add('one', 'often', 50);
    for (const group of ['one', 'two', 'three', 'four']) add(group, 'shared', 9);
    add('two', 'rare', 1);
    const pairs = builder.finish();
    expect(chooseVocabulary(pairs, 10, 1)).toEqual(['x', 'shared', 'often', 'rare']);
    expect(chooseVocabulary(pairs, 10, 2)).toEqual(['x', 'shared']);
    expect(chooseVocabulary(pairs, 1, 1)).toEqual(['x']);
  });
});

describe('the plan', () => {
  const pairs = topics(600);
  const plan = { batch: 32, block: 8, grouped: 0.5 };

  test('takes each pair at most once a pass, in whole batches, for as many passes as it needs', () => {
    const order = planBatches(pairs, plan, 18, createRandom(1));
    expect(order).toHaveLength(18 * 32);
    expect(new Set(order).size).toBe(order.length);
    const longer = planBatches(pairs, plan, 40, createRandom(1));
    expect(longer).toHaveLength(40 * 32);
    expect(longer.subarray(0, 18 * 32)).toEqual(order);
    expect(longer.subarray(18 * 32, 36 * 32)).not.toEqual(order);
    expect(planBatches(topics(31), plan, 40, createRandom(1))).toHaveLength(0);
  });

  test('has blocks of one group, as many as asked', () => {
    const order = planBatches(pairs, plan, 18, createRandom(1));
    let grouped = 0;
    for (let at = 0; at < order.length; at += 8) {
      const groups = new Set([...order.subarray(at, at + 8)].map((pair) => pairs.groupOf[pair]));
      if (groups.size === 1) grouped++;
    }
    expect(grouped / (order.length / 8)).toBeGreaterThan(0.4);
    expect(grouped / (order.length / 8)).toBeLessThan(0.6);
  });

  test('takes of each kind the share asked', () => {
    const order = planBatches(pairs, { ...plan, kindShares: [0.1] }, 9, createRandom(1));
    const docstrings = [...order].filter((pair) => pairs.kindOf[pair] === 0).length;
    expect(docstrings).toBeGreaterThan(10);
    expect(docstrings).toBeLessThan(60);
    expect([...order].filter((pair) => pairs.kindOf[pair] === 2).length).toBeGreaterThan(240);
  });
});
