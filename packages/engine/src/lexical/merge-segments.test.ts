import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIndexView, type IndexView } from './index-view.ts';
import { mergeSegments } from './merge-segments.ts';
import { scanPage } from './segment-format.ts';
import { decodeHeader } from './segment-header.ts';
import { differences, readable, scoreView } from './testing/score-view.ts';
import { addSegment, anyBlob, type Blob, encodeBlobs, fileAt } from './testing/small-index.ts';

type Input = readonly (readonly [blob: Blob, isDropped: boolean])[];

const anyInputs = fc.array(fc.array(fc.tuple(anyBlob, fc.boolean()), { maxLength: 5 }), { maxLength: 4 });
const queries = [
  'alpha beta',
  'pars cooki parsecookie',
  'maxtokens x1',
  '天気 donne',
  '=run =parsecookie run',
].map((text) => text.split(' ').map((term) => ({ term, weight: 1 })));

/** The wanted blobs over their own segments. */
function separate(inputs: readonly Input[]): IndexView {
  const view = createIndexView();
  inputs.forEach((blobs, id) => {
    addSegment(view, id, encodeBlobs(blobs.map(([blob]) => blob)));
    blobs.forEach(([, isDropped], ordinal) => {
      if (!isDropped) view.setFile(fileAt(`${id}-${ordinal}`, id, ordinal));
    });
  });
  return view;
}

function mergeInputs(inputs: readonly Input[]) {
  return mergeSegments(
    inputs.map((blobs) => ({
      segment: encodeBlobs(blobs.map(([blob]) => blob)),
      without: new Set([...blobs.keys()].filter((ordinal) => blobs[ordinal]?.[1])),
    })),
  );
}

/** The same files over the one segment of the merge. */
function merged(inputs: readonly Input[]): IndexView {
  const { segment, blobs } = mergeInputs(inputs);
  const view = createIndexView();
  addSegment(view, 9, segment);
  blobs.forEach(({ input, ordinal }, place) => {
    view.setFile(fileAt(`${input}-${ordinal}`, 9, place));
  });
  return view;
}

function termsIn({ pages }: { readonly pages: readonly Uint8Array[] }): string[] {
  const terms: string[] = [];
  for (const page of pages) scanPage(page, (term) => terms.push(term) > 0);
  return terms;
}

describe('a merged segment', () => {
  it('answers as its inputs without what was left out', async () => {
    await fc.assert(
      fc.asyncProperty(anyInputs, async (inputs) => {
        const before = separate(inputs);
        const after = merged(inputs);
        expect(after.liveDocs).toBe(before.liveDocs);
        expect([...after.fieldTotals]).toEqual([...before.fieldTotals]);
        for (const query of queries) {
          const [a, b] = [await scoreView(before, query), await scoreView(after, query)];
          expect(b.frequencies).toEqual(a.frequencies);
          expect(differences(readable(after, b), readable(before, a))).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is byte for byte what building it from the wanted blobs would give', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const wanted = inputs.flatMap((blobs) =>
          blobs.filter(([, isDropped]) => !isDropped).map(([blob]) => blob),
        );
        const { segment, blobs } = mergeInputs(inputs);
        expect(blobs).toHaveLength(wanted.length);
        expect(segment).toEqual(encodeBlobs(wanted));
      }),
      { numRuns: 100 },
    );
  });

  it('may be merged again, in any grouping', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyBlob, { maxLength: 3 }), { minLength: 3, maxLength: 3 }), (groups) => {
        const [a, b, c] = groups.map((blobs) => ({
          segment: encodeBlobs(blobs),
          without: new Set<number>(),
        }));
        if (!a || !b || !c) throw new Error('three groups');
        const all = (inputs: Parameters<typeof mergeSegments>[0]) => mergeSegments(inputs).segment;
        const none = new Set<number>();
        const left = all([{ segment: all([a, b]), without: none }, c]);
        const right = all([a, { segment: all([b, c]), without: none }]);
        expect(left).toEqual(all([a, b, c]));
        expect(right).toEqual(left);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps no term whose documents are all left out', () => {
    const { segment, blobs } = mergeInputs([
      [
        [[{ body: 'gone only' }], true],
        [[{ body: 'stays' }], false],
      ],
    ]);
    expect(termsIn(segment)).toEqual(['stai']);
    expect(blobs).toEqual([{ input: 0, ordinal: 1 }]);
  });

  it('of nothing, or of everything left out, is empty', () => {
    for (const inputs of [[], [[]], [[[[{ body: 'gone' }], true] as const]]] satisfies (readonly Input[])[]) {
      const { segment, blobs } = mergeInputs(inputs);
      expect(decodeHeader(segment.header).docs.count).toBe(0);
      expect(segment.pages).toEqual([]);
      expect(blobs).toEqual([]);
    }
  });

  it('holds terms over many pages in order', () => {
    const many = (from: number): Blob => [
      { body: Array.from({ length: 4000 }, (_, i) => `word${String((i * 7919 + from) % 9000)}`).join(' ') },
    ];
    const { segment } = mergeInputs([[[many(0), false]], [[many(5), false]]]);
    expect(segment.pages.length).toBeGreaterThan(5);
    const terms = termsIn(segment);
    expect(terms).toEqual([...new Set(terms)].sort());
    expect(segment).toEqual(encodeBlobs([many(0), many(5)]));
  });
});
