import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELD_COUNT } from './fields.ts';
import { createIndexView, type IndexView } from './index-view.ts';
import { addSegment, anyBlob, type Blob, encodeBlobs, fileAt, viewOf } from './testing/small-index.ts';

/** What the view counts, computed anew from its files. */
function recomputed(view: IndexView): unknown {
  const slots = new Map<number, string[]>();
  for (const file of view.files()) slots.set(file.slot, [...(slots.get(file.slot) ?? []), file.path]);
  const totals = new Array<number>(FIELD_COUNT).fill(0);
  let liveDocs = 0;
  for (const slot of slots.keys()) {
    const segment = view.segmentOfSlot(slot);
    const { lengths, count } = segment.docs;
    for (let doc = 0; doc < count; doc++) {
      if (segment.slotBase + (segment.blobOf[doc] as number) !== slot) continue;
      liveDocs++;
      for (let field = 0; field < FIELD_COUNT; field++) {
        totals[field] = (totals[field] as number) + (lengths[field * count + doc] as number);
      }
    }
  }
  return { totals, liveDocs, files: [...view.files()].length, live: slots.size };
}

function counted(view: IndexView): unknown {
  return {
    totals: [...view.fieldTotals],
    liveDocs: view.liveDocs,
    files: view.fileCount,
    live: view.segments.reduce((sum, segment) => sum + segment.liveSlots, 0),
  };
}

/** Every relation between files, slots, documents and segments. */
function checkWhole(view: IndexView): void {
  expect(counted(view)).toEqual(recomputed(view));
  const bySlot = new Map<number, number[]>();
  for (const file of view.files()) {
    expect(view.fileById(file.id)).toBe(file);
    expect(view.file(file.path)).toBe(file);
    expect(view.paths.has(file.id)).toBe(true);
    bySlot.set(file.slot, [...(bySlot.get(file.slot) ?? []), file.id]);
  }
  expect(view.paths.size).toBe(view.fileCount);
  let docEnd = 0;
  let slotEnd = 0;
  for (const segment of view.segments) {
    expect(segment.docBase).toBeGreaterThanOrEqual(docEnd);
    expect(segment.slotBase).toBeGreaterThanOrEqual(slotEnd);
    docEnd = segment.docBase + segment.docs.count;
    slotEnd = segment.slotBase + segment.docs.blobDocs.length;
    for (let doc = segment.docBase; doc < docEnd; doc++) expect(view.segmentOfDoc(doc)).toBe(segment);
    for (let slot = segment.slotBase; slot < slotEnd; slot++) {
      expect(view.segmentOfSlot(slot)).toBe(segment);
      const ids = bySlot.get(slot) ?? [];
      expect([...view.filesOfSlot(slot)].sort()).toEqual(ids.sort());
      expect(view.fileOfSlot(slot)).toBe(view.filesOfSlot(slot)[0] ?? -1);
    }
  }
  expect(view.docLimit).toBeGreaterThanOrEqual(docEnd);
  expect(view.slotLimit).toBeGreaterThanOrEqual(slotEnd);
}

const two: Blob = [{ body: 'one two three', name: 'one' }, { body: 'four' }];

describe('a view', () => {
  it('counts bytes that several files have once, until the last file is gone', () => {
    const view = viewOf({ 'a.ts': two, 'b.ts': [{ body: 'other' }] });
    view.setFile(fileAt('copy/a.ts', 1, 0));
    expect(view.liveDocs).toBe(3);
    expect(view.filesOfSlot(0).map((id) => view.fileById(id)?.path)).toEqual(['a.ts', 'copy/a.ts']);
    view.removeFile('a.ts');
    expect(view.liveDocs).toBe(3);
    expect(view.fileById(view.fileOfSlot(0))?.path).toBe('copy/a.ts');
    view.removeFile('copy/a.ts');
    expect(view.liveDocs).toBe(1);
    expect(view.fileOfSlot(0)).toBe(-1);
    expect(view.filesOfSlot(0)).toEqual([]);
    view.removeFile('copy/a.ts');
    checkWhole(view);
  });

  it('keeps a file the same when it gets other bytes, the same bytes elsewhere, or a new stamp', () => {
    const view = viewOf({ 'a.ts': two, 'b.ts': [] });
    addSegment(view, -1, encodeBlobs([[{ body: 'changed' }], two]));
    const { id } = view.file('a.ts') ?? { id: -1 };
    view.setFile(fileAt('a.ts', -1, 0));
    expect(view.file('a.ts')?.id).toBe(id);
    expect(view.liveDocs).toBe(1);
    view.setFile({ ...fileAt('a.ts', -1, 1), kind: 'doc' });
    view.setFile({ ...fileAt('a.ts', -1, 1), kind: 'test' });
    expect(view.file('a.ts')?.kind).toBe('test');
    checkWhole(view);
  });

  it('forgets the file that went, not another copy', () => {
    const view = viewOf({ 'a.ts': two });
    for (const path of ['b.ts', 'c.ts', 'd.ts']) view.setFile(fileAt(path, 1, 0));
    const paths = () => view.filesOfSlot(0).map((id) => view.fileById(id)?.path);
    view.removeFile('c.ts');
    expect(paths()).toEqual(['a.ts', 'b.ts', 'd.ts']);
    expect(view.isCopied(0)).toBe(true);
    view.removeFile('a.ts');
    view.removeFile('d.ts');
    expect(paths()).toEqual(['b.ts']);
    expect(view.isCopied(0)).toBe(false);
    checkWhole(view);
  });

  it('refuses what would corrupt it', () => {
    const view = viewOf({ 'a.ts': two });
    expect(() => view.dropSegment(1)).toThrow('live');
    expect(() => view.setFile(fileAt('b.ts', 7, 0))).toThrow(RangeError);
    expect(() => view.setFile(fileAt('b.ts', 1, 1))).toThrow(RangeError);
    expect(() => view.setFile(fileAt('b.ts', 1, -1))).toThrow(RangeError);
    expect(() => addSegment(view, 1, encodeBlobs([two]))).toThrow(RangeError);
    expect(() => view.segmentOfDoc(-1)).toThrow(RangeError);
    view.dropSegment(99);
    checkWhole(view);
    expect(view.fileCount).toBe(1);
  });

  it('gives the numbers of dropped segments to others, so that it does not grow with the number of changes', () => {
    const view = viewOf({ 'a.ts': two, 'b.ts': two, 'c.ts': [] });
    const limits = [];
    for (let id = 2; id < 200; id++) {
      addSegment(view, id, encodeBlobs([two, two, []]));
      ['a.ts', 'b.ts', 'c.ts'].forEach((path, ordinal) => {
        view.setFile(fileAt(path, id, ordinal));
      });
      view.dropSegment(id - 1);
      limits.push(view.docLimit, view.slotLimit);
    }
    expect(Math.max(...limits)).toBeLessThanOrEqual(12);
    checkWhole(view);
    // A gap of one blob has no room for a blob of more documents.
    addSegment(view, 1000, encodeBlobs([two]));
    addSegment(view, 1001, encodeBlobs([two]));
    view.setFile(fileAt('a.ts', 1001, 0));
    view.dropSegment(1000);
    addSegment(view, 1002, encodeBlobs([[...two, ...two]]));
    view.setFile(fileAt('b.ts', 1002, 0));
    checkWhole(view);
  });
});

type Change =
  | { readonly type: 'segment'; readonly blobs: readonly Blob[] }
  | { readonly type: 'set'; readonly path: string; readonly pick: number }
  | { readonly type: 'remove'; readonly path: string }
  | { readonly type: 'drop' };

const anyPath = fc.constantFrom('a.ts', 'src/b.ts', 'src/deep/c.py', 'test/a_test.go', 'README.md', 'x');
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('segment' as const),
      blobs: fc.array(anyBlob, { maxLength: 3 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('set' as const), path: anyPath, pick: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('remove' as const), path: anyPath }) },
  { weight: 2, arbitrary: fc.constant({ type: 'drop' as const }) },
);

function apply(view: IndexView, change: Change, step: number): void {
  if (change.type === 'segment') addSegment(view, step, encodeBlobs(change.blobs));
  else if (change.type === 'remove') view.removeFile(change.path);
  else if (change.type === 'drop') {
    for (const segment of [...view.segments]) if (segment.liveSlots === 0) view.dropSegment(segment.id);
  } else {
    const places = view.segments.flatMap(({ id, docs }) =>
      docs.blobDocs.map((_, ordinal) => ({ id, ordinal })),
    );
    const place = places[change.pick % Math.max(1, places.length)];
    if (place) view.setFile(fileAt(change.path, place.id, place.ordinal));
  }
}

describe('after any sequence of changes', () => {
  it('counts, copies and numbers are those of the files', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { minLength: 5, maxLength: 50, size: 'max' }), (changes) => {
        const view = createIndexView();
        changes.forEach((change, step) => {
          apply(view, change, step);
        });
        checkWhole(view);
      }),
      { numRuns: 150 },
    );
  });
});
