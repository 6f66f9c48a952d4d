/** Several processes on one store: no torn snapshot, and a process killed at any moment leaves a whole generation. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from './sqlite-store.ts';
import { checkRounds } from './testing/store-rounds.ts';

interface Report {
  readonly published?: number;
  readonly ready?: boolean;
  readonly snapshots?: number;
  readonly done?: boolean;
}

let folder: string;
let file: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conexus-processes-'));
  file = join(folder, 'index.sqlite');
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function start(...args: string[]) {
  const child = fork(new URL('./testing/store-child.ts', import.meta.url), args, {
    execArgv: [],
    silent: true,
  });
  children.push(child);
  const reports: Report[] = [];
  let errors = '';
  child.on('message', (report: Report) => reports.push(report));
  child.stderr?.on('data', (chunk) => (errors += chunk));
  return { child, reports, errors: () => errors };
}

test('two writers that also merge, two readers: every snapshot is whole', { timeout: 60_000 }, async () => {
  const readers = [start('read', file), start('read', file)];
  await Promise.all(readers.map(({ child }) => once(child, 'message')));
  const writers = [start('write', file, 'a', '0', '40'), start('write', file, 'b', '0', '40')];
  const all = [...writers, ...readers];
  const exits = all.map(({ child }) => once(child, 'exit'));
  await Promise.all(exits.slice(0, 2));
  for (const { child } of readers) child.send('stop');
  await Promise.all(exits);
  for (const { child, reports, errors } of all) {
    expect(errors()).toBe('');
    expect(child.exitCode).toBe(0);
    expect(reports.at(-1)?.done).toBe(true);
  }
  for (const reader of readers) expect(reader.reports.at(-1)?.snapshots).toBeGreaterThan(1);
  const store = openSqliteStore(file);
  const { upserts } = await store.readManifest(1, 0);
  expect([...checkRounds(upserts)].sort()).toEqual([
    ['a', 39],
    ['b', 39],
  ]);
  await store.close();
});

test('killed at a random moment: the previous or the next generation, nothing between', {
  timeout: 60_000,
}, async () => {
  let next = 0;
  for (let kill = 0; kill < 5; kill += 1) {
    const { child, reports } = start('write', file, 'a', String(next), '1000');
    const gone = Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
    while (!reports.some((report) => report.published !== undefined)) await sleep(2);
    await sleep(Math.random() * 30);
    child.kill('SIGKILL');
    await gone;
    const published = Math.max(...reports.map((report) => report.published ?? -1));
    const store = openSqliteStore(file);
    const { upserts } = await store.readManifest(1, 0);
    const found = checkRounds(upserts).get('a') ?? -1;
    // It may have died between its commit and the message about it.
    expect([published, published + 1]).toContain(found);
    expect(await store.readMeta(1, 'a')).toBe(String(found));
    for (const row of upserts) await store.readPages(row.blob.segment, [row.blob.ordinal]);
    await store.close();
    next = found + 1;
  }
});
