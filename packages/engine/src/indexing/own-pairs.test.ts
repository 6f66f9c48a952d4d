import { expect, test } from 'vitest';
import { PAIR_KINDS, type PairSet } from '../embedding/pair-set.ts';
import { encodePairSet } from '../embedding/pair-set-format.ts';
import { createSegmentBuilder } from '../lexical/segment-builder.ts';
import type { ChunkFields } from '../model/parsed-file.ts';
import { ownPairs, type PairSource } from './own-pairs.ts';

function source(documents: readonly Partial<ChunkFields>[]): PairSource {
  const builder = createSegmentBuilder();
  for (const fields of documents) {
    builder.addBlob([
      {
        start: 1,
        end: 1,
        symbol: -1,
        kind: undefined,
        fields: { name: '', scope: '', signature: '', doc: '', body: '', ...fields },
        definitions: ['defined'],
        ownDefinition: true,
      },
    ]);
  }
  return { documents: documents.length, pages: builder.finish().pages };
}

const BODY = 'socket queue parser cookie header buffer';

/** `kind: query -> document | path` of each pair. */
function print(set: PairSet): string[] {
  const words = (terms: Uint32Array, from: Uint32Array, i: number) =>
    [...terms.subarray(from[i], from[i + 1])]
      .map((term) => set.terms[term])
      .sort()
      .join(' ');
  return [...set.kindOf].map(
    (kind, i) =>
      `${PAIR_KINDS[kind]}: ${words(set.queryTerms, set.queryFrom, i)} -> ${words(set.docTerms, set.docFrom, i)} | ${words(set.pathTerms, set.pathFrom, i)}`,
  );
}

test('a doc comment asks for its chunk without the comment, a name for its body', () => {
  const code = source([{ name: 'sendFileLater', doc: 'queues socket writes', body: BODY }]);
  expect(print(ownPairs([{ ...code, paths: ['src/net.ts'] }], undefined))).toEqual([
    'docstring: queue socket write -> buffer cooki file header later parser queue send sendfilelater socket | net src',
    'name: file later send sendfilelater -> buffer cooki header parser queue socket write | net src',
  ]);
});

test('a message asks for the chunk of each changed file that has most of its words', () => {
  const code = source([{ body: `${BODY} alpha` }, { body: `${BODY} timeout deadline` }, { body: BODY }]);
  const commits = source([{ name: 'fix deadline timeout', body: '' }]);
  const pairs = ownPairs([{ ...code, paths: ['aa.ts', 'aa.ts', 'bb.ts'] }], {
    ...commits,
    commits: [{ hash: 'c1', paths: ['aa.ts', 'gone.ts', 'bb.ts'] }],
  });
  expect(print(pairs)).toEqual([
    'commit: deadlin fix timeout -> buffer cooki deadlin header parser queue socket timeout | aa',
    'commit: deadlin fix timeout -> buffer cooki header parser queue socket | bb',
  ]);
});

test('what says too little, or is named by no file, teaches nothing', () => {
  const code = source([
    { doc: 'two words', body: BODY },
    { doc: 'many words of documentation', body: 'x' },
    { doc: 'many words of documentation', body: BODY },
  ]);
  expect(ownPairs([{ ...code, paths: ['a', 'b', undefined] }], undefined).kindOf).toHaveLength(0);
  expect(ownPairs([], undefined).kindOf).toHaveLength(0);
});

test('how files fell into segments, and in which order commits were read, changes nothing', () => {
  const files = Array.from({ length: 40 }, (_, i) => ({
    path: `src/module${(i * 7) % 40}.ts`,
    chunks: [1, 2].map((n) => ({
      name: `turnWheel${i}Part${n}`,
      doc: `turns the wheel number${i} part${n}`,
      body: `${BODY} spoke${i} axle${n}`,
    })),
  }));
  const past = Array.from({ length: 9 }, (_, i) => ({
    message: { name: `repair spoke${i} of wheel number${i}` },
    commit: { hash: `${(i * 5) % 9}`, paths: [`src/module${i}.ts`, `src/module${i + 20}.ts`] },
  }));
  const built = (segments: readonly (typeof files)[], commits: typeof past) =>
    encodePairSet(
      ownPairs(
        segments.map((segment) => ({
          ...source(segment.flatMap(({ chunks }) => chunks)),
          paths: segment.flatMap(({ path, chunks }) => chunks.map(() => path)),
        })),
        { ...source(commits.map(({ message }) => message)), commits: commits.map(({ commit }) => commit) },
      ),
    );
  const whole = built([files], past);
  expect(whole.length).toBeGreaterThan(5_000);
  const parts = [files.slice(31), files.slice(0, 9).toReversed(), [], files.slice(9, 31)];
  expect(built(parts, past.toReversed())).toEqual(whole);
});
