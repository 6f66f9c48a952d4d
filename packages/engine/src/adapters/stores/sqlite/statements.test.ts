/** Publishing and following a workspace must not get slower with the index: every statement goes through a key. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entry, key, publication, segment } from '../testing/store-samples.ts';
import { closeConnection, openConnection, writeTransaction } from './connection.ts';
import { generation, openWorkspace, readManifest, readMeta, readSkipped } from './manifest.ts';
import { merge, orphans } from './merge.ts';
import { publish } from './publish.ts';
import { findBlobs, readOutlines, readPages, readSegmentBlobs } from './segments.ts';

/** Small tables read whole: one row, a handful of pipelines, the list of live segments; for merges, that of listings. */
const WHOLE = /^SCAN (state|s|p|segment|pipeline|listing)\b/;

test('no statement of the daily work scans a table that grows with the index', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'conexus-statements-'));
  const c = openConnection(join(folder, 'index.sqlite'), { tombstoneWrites: 1 });
  const id = await openWorkspace(c, '/r');
  const first = {
    ...publication(id, { segments: [segment('a', 'b')], put: ['x=a', 'y=b'] }),
    meta: { a: 'b' },
  };
  await writeTransaction(c, () => publish(c, { ...first, skipped: [] }));
  await writeTransaction(c, () => publish(c, publication(id, { remove: ['y'] })));
  await writeTransaction(c, () => publish(c, { ...publication(id, {}), upserts: [entry('x=b')] }));
  await writeTransaction(c, () => publish(c, publication(id, { segments: [segment('c')] })));
  const many = Array.from({ length: 200 }, (_, i) => `many/${i}=b`);
  await writeTransaction(c, () => publish(c, publication(id, { put: many })));
  await writeTransaction(c, () => publish(c, publication(id, { put: ['many/0=c'], remove: ['many/1'] })));
  await writeTransaction(c, () => publish(c, publication(id, { put: many, remove: ['many/2'] })));
  readManifest(c, id, 0);
  readManifest(c, id, 1);
  readManifest(c, id, generation(c, id));
  findBlobs(c, [key('a')]);
  readOutlines(c, [1]);
  readPages(c, 1, [0, 1]);
  readSegmentBlobs(c, 1);
  orphans(c, 1);
  readMeta(c, id, 'a');
  readSkipped(c, id);
  await writeTransaction(c, () => merge(c, { from: [1], header: new Uint8Array(), pages: [], blobs: [2] }));

  const scans: string[] = [];
  const used = [...c.statements.keys()].map((sql) => sql.replace(/^big /, ''));
  for (const sql of used) {
    const plan = c.db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => String(row.detail));
    const bad = plan.filter((line) => line.startsWith('SCAN') && !WHOLE.test(line));
    if (bad.length > 0) scans.push(`${bad.join(', ')}: ${sql}`);
  }
  // Only for a reader that asks for a large part of the manifest, which is then as long.
  expect(scans).toEqual(['SCAN blob: SELECT id, hash, pipeline, segment, ordinal FROM blob']);
  expect(used.length).toBeGreaterThan(25);
  closeConnection(c);
  rmSync(folder, { recursive: true });
});
