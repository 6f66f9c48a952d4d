import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScorer, idf, type LexicalScores } from './bm25f.ts';
import { createIndexView, type IndexView } from './index-view.ts';
import { createPostingCache } from './posting-cache.ts';
import { readPostings } from './read-postings.ts';
import { differences, readable, scoreDocuments, scoreView, someParameters } from './testing/score-view.ts';
import { addSegment, anyBlob, type Blob, encodeBlobs, fileAt, viewOf } from './testing/small-index.ts';

const terms = [
  'alpha',
  'beta',
  'pars',
  'cooki',
  'parsecookie',
  'max',
  'token',
  'maxtokens',
  'x1',
  'donne',
  'donnees',
  '天気',
  'run',
  'never',
];
const anyTerms = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...terms), fc.constantFrom(0.3, 1, 2.5)), {
    selector: ([term]) => term,
    maxLength: 6,
  })
  .map((list) => list.map(([term, weight]) => ({ term, weight })));

/** Blobs over segments; some are used by a file, some by two, some by none. */
const anyIndex = fc.array(fc.array(fc.tuple(anyBlob, fc.integer({ min: 0, max: 2 })), { maxLength: 5 }), {
  maxLength: 4,
});

function build(index: readonly (readonly (readonly [Blob, number])[])[]): {
  view: IndexView;
  live: Map<string, Blob>;
} {
  const view = createIndexView();
  const live = new Map<string, Blob>();
  index.forEach((blobs, id) => {
    addSegment(view, id, encodeBlobs(blobs.map(([blob]) => blob)));
    blobs.forEach(([blob, copies], ordinal) => {
      for (let copy = 0; copy < copies; copy++)
        view.setFile(fileAt(`${copy}/${id}-${ordinal}.ts`, id, ordinal));
      if (copies > 0) live.set(`0/${id}-${ordinal}.ts`, blob);
    });
  });
  return { view, live };
}

describe('scores', () => {
  it('are those of the formula, whatever the segments, dead blobs and copies', async () => {
    await fc.assert(
      fc.asyncProperty(anyIndex, anyTerms, async (index, query) => {
        const { view, live } = build(index);
        const scores = await scoreView(view, query);
        expect(differences(readable(view, scores), scoreDocuments(live, query, someParameters))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('are the same for fewer files, when others are not allowed', async () => {
    await fc.assert(
      fc.asyncProperty(anyIndex, anyTerms, fc.func(fc.boolean()), async (index, query, isAllowed) => {
        const { view, live } = build(index);
        const allowed = new Uint8Array(view.slotLimit);
        for (const file of view.files()) {
          if (file.path.startsWith('0/') && isAllowed(file.path)) allowed[file.slot] = 1;
        }
        const scores = await scoreView(view, query, someParameters, allowed);
        const expected = scoreDocuments(live, query, someParameters, (path) => isAllowed(path));
        expect(differences(readable(view, scores), expected)).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  it('of a query do not depend on the queries before', async () => {
    const scorer = createScorer();
    await fc.assert(
      fc.asyncProperty(
        anyIndex,
        fc.array(fc.subarray(terms), { minLength: 1, maxLength: 4 }),
        async (index, queries) => {
          const { view } = build(index);
          for (const list of queries) {
            const query = list.map((term) => ({ term, weight: 1 }));
            const postings = await readPostings(view, list, createPostingCache(0));
            const everything = ({
              score,
              covered,
              named,
              namedTerms,
              fileScore,
              ...rest
            }: LexicalScores) => ({
              ...rest,
              byDoc: [score, covered, named, namedTerms].map((column) => [
                ...column.subarray(0, view.docLimit),
              ]),
              bySlot: [...fileScore.subarray(0, view.slotLimit)],
            });
            const expected = everything(createScorer().score(view, query, postings, someParameters));
            expect(everything(scorer.score(view, query, postings, someParameters))).toEqual(expected);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('count at most what a posting can hold', async () => {
    const blobs: Blob[] = [[{ body: 'alpha '.repeat(5000), name: 'alpha '.repeat(100) }], [{ body: 'beta' }]];
    const view = viewOf({ 'a.ts': blobs[0] as Blob, 'b.ts': blobs[1] as Blob });
    const query = [{ term: 'alpha', weight: 1 }];
    const live = new Map([
      ['a.ts', blobs[0] as Blob],
      ['b.ts', blobs[1] as Blob],
    ]);
    expect(
      differences(readable(view, await scoreView(view, query)), scoreDocuments(live, query, someParameters)),
    ).toEqual([]);
  });
});

describe('beside the score', () => {
  it('stands what of the query a document and its name have', async () => {
    const view = viewOf({
      'a.ts': [{ name: 'alpha', body: 'beta beta' }, { body: 'alpha' }],
      'b.ts': [{ body: 'delta' }],
    });
    const scores = await scoreView(view, [
      { term: 'alpha', weight: 2 },
      { term: 'beta', weight: 1 },
      { term: 'never', weight: 1 },
    ]);
    const alpha = 2 * idf(3, 2);
    const beta = idf(3, 1);
    expect(scores.frequencies).toEqual([2, 1, 0]);
    expect(scores.total).toBeCloseTo(alpha + beta, 5);
    expect([...scores.covered.subarray(0, 3)].map((value) => value.toFixed(4))).toEqual(
      [alpha + beta, alpha, 0].map((value) => value.toFixed(4)),
    );
    expect(scores.named[0]).toBeCloseTo(alpha, 5);
    expect([...scores.namedTerms.subarray(0, 3)]).toEqual([1, 0, 0]);
    expect([...scores.docs].sort()).toEqual([0, 1]);
  });

  it('no frequency makes idf negative', () => {
    for (const [documents, frequency] of [
      [1, 1],
      [10, 10],
      [0, 0],
      [5, 0],
    ] as const) {
      expect(idf(documents, frequency)).toBeGreaterThanOrEqual(0);
    }
  });
});
