import { describe, expect, it } from 'vitest';
import { createIndexView } from './index-view.ts';
import { createPostingCache } from './posting-cache.ts';
import { readPostings } from './read-postings.ts';
import { PageWriter } from './segment-format.ts';
import { addSegment, encodeBlobs, fileAt } from './testing/small-index.ts';

/** A view of two segments that counts the pages it reads, as `segment:page`. */
function counting() {
  const view = createIndexView();
  const reads: string[] = [];
  for (const id of [1, 2]) {
    const { header, pages } = encodeBlobs([[{ body: `alpha only${id === 1 ? 'first' : 'second'}` }]]);
    view.addSegment(id, header, async (numbers) => {
      reads.push(...numbers.map((number) => `${id}:${number}`));
      return numbers.map((number) => pages[number] as Uint8Array);
    });
    view.setFile(fileAt(`${id}.ts`, id, 0));
  }
  return { view, reads };
}

describe('postings', () => {
  it('are read once, page by page, also those that are not there', async () => {
    const { view, reads } = counting();
    const cache = createPostingCache(1 << 20);
    const terms = ['alpha', 'onlyfirst', 'never', '\0before'];
    const first = await readPostings(view, terms, cache);
    expect(
      [...first].map(([term, lists]) => `${term} ${lists.map(({ segment }) => segment.id).join()}`),
    ).toEqual(['alpha 1,2', 'onlyfirst 1', 'never ', '\0before ']);
    expect(reads).toEqual(['1:0', '2:0']);
    expect(await readPostings(view, terms, cache)).toEqual(first);
    expect(reads).toHaveLength(2);
  });

  it('of segments without a live file are not read', async () => {
    const { view, reads } = counting();
    view.removeFile('2.ts');
    const found = await readPostings(view, ['alpha'], createPostingCache(0));
    expect(found.get('alpha')).toHaveLength(1);
    expect(reads).toEqual(['1:0']);
  });

  it('are those of each segment once, when segments come while they are read', async () => {
    const { view } = counting();
    const reading = readPostings(view, ['alpha'], createPostingCache(1 << 20));
    view.removeFile('1.ts');
    view.dropSegment(1);
    addSegment(view, 3, encodeBlobs([[{ body: 'alpha' }]]));
    const ids = ((await reading).get('alpha') ?? []).map(({ segment }) => segment.id);
    expect(ids).toEqual([1, 2]);
  });

  it('that name documents the segment does not have are refused', async () => {
    const writer = new PageWriter();
    writer.add('alpha', [0, 7], [1, 1]);
    const { pages } = writer.finish({
      count: 0,
      start: new Int32Array(),
      symbol: new Int32Array(),
      lines: new Uint16Array(),
      lengths: new Uint16Array(),
      kind: new Uint8Array(),
      blobDocs: [],
    });
    const view = createIndexView();
    view.addSegment(1, encodeBlobs([[{ body: 'alpha' }]]).header, async () => pages);
    view.setFile(fileAt('a.ts', 1, 0));
    await expect(readPostings(view, ['alpha'], createPostingCache(0))).rejects.toThrow(RangeError);
  });
});
