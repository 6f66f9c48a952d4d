/**
 * The store under `kill -9`, and what its operations cost.
 *
 *   node bench/scenarios/store-kill.ts [kills]
 *
 * Kills: two processes publish (20 files with one content, sometimes a merge) to one store; one or both are killed at a
 * random moment; a third process opens what is left and must find, of each writer, exactly the last generation it
 * reported or the next one, whole, with every page and outline readable and `integrity_check` ok.
 * Costs are printed as ratios too: one changed file in a small and in a large index should cost the same.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore } from '../../packages/engine/src/adapters/stores/sqlite-store.ts';
import type { Store } from '../../packages/engine/src/ports/store.ts';

const CHILD = new URL('../../packages/engine/src/adapters/stores/testing/store-child.ts', import.meta.url);

interface Writer {
  readonly child: ChildProcess;
  readonly gone: Promise<unknown>;
  readonly published: () => number;
}

function startWriter(file: string, name: string, first: number): Writer {
  const child = fork(CHILD, ['write', file, name, String(first), '1000000'], { execArgv: [] });
  let published = first - 1;
  child.on('message', (report: { published?: number }) => {
    published = report.published ?? published;
  });
  return {
    child,
    gone: Promise.all([once(child, 'exit'), once(child, 'disconnect')]),
    published: () => published,
  };
}

async function check(file: string, writer: string): Promise<number> {
  const child = fork(CHILD, ['check', file, writer], { execArgv: [] });
  let found: number | undefined;
  child.on('message', (report: { found?: number }) => {
    found = report.found;
  });
  await Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
  if (found === undefined) throw new Error(`the store is broken (child exit ${child.exitCode})`);
  return found;
}

async function kills(file: string, count: number): Promise<void> {
  const names = ['a', 'b'];
  const next = new Map(names.map((name) => [name, 0]));
  let committedUnreported = 0;
  for (let kill = 0; kill < count; kill += 1) {
    const writers = names.map((name) => ({ name, ...startWriter(file, name, next.get(name) ?? 0) }));
    const dead = () => writers.some((writer) => writer.child.exitCode !== null);
    while (!dead() && !writers.every((writer) => writer.published() >= (next.get(writer.name) ?? 0)))
      await sleep(1);
    if (dead()) throw new Error('a writer failed');
    // Past the first publications, so that moments inside merges and checkpoints are hit as well.
    await sleep(Math.random() * 60);
    for (const writer of writers) {
      writer.child.kill('SIGKILL');
      if (kill % 2 === 0) await sleep(Math.random() * 10);
    }
    await Promise.all(writers.map((writer) => writer.gone));
    for (const { name, published } of writers) {
      const found = await check(file, name);
      if (found !== published() && found !== published() + 1) {
        throw new Error(`kill ${kill}: ${name} reported ${published()}, found ${found}`);
      }
      if (found > published()) committedUnreported += 1;
      next.set(name, found + 1);
    }
  }
  const rounds = [...next.values()].reduce((sum, n) => sum + n, 0);
  console.log(
    `kills: ${count} (x2 processes), ${rounds} publications, none torn or lost; ` +
      `${committedUnreported} writers died between commit and report`,
  );
}

const hash = (n: number): string => n.toString(16).padStart(32, '0');

function publication(workspace: number, first: number, blobs: number, pages: number, pageBytes: number) {
  const keys = Array.from({ length: blobs }, (_, i) => ({
    hash: hash(first + i),
    language: 'typescript',
    fingerprint: 'bench',
  }));
  const time = 1_700_000_000_000_000_000n + BigInt(first);
  return {
    workspace,
    segments: [
      {
        header: new Uint8Array(32_000),
        pages: Array.from({ length: pages }, (_, i) => new Uint8Array(pageBytes).fill(i % 251)),
        blobs: keys.map((key) => ({ key, outline: new Uint8Array(900) })),
      },
    ],
    upserts: keys.map((blob, i) => ({
      path: `packages/module${(first + i) % 97}/src/some/deeper/folder/file-${first + i}.ts`,
      blob,
      stamp: { size: 4000, mtimeNs: time, ctimeNs: time, inode: BigInt(first + i) },
      kind: 'code' as const,
      traits: [],
    })),
    deletes: [],
  };
}

interface Cost {
  readonly wall: number;
  /** User and system time: what stays comparable on a machine that does other work. */
  readonly cpu: number;
}

async function median(runs: number, body: (run: number) => Promise<unknown>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    const before = process.cpuUsage();
    await body(run);
    const { user, system } = process.cpuUsage(before);
    costs.push({ wall: performance.now() - start, cpu: (user + system) / 1000 });
  }
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[runs >> 1] ?? 0;
  return { wall: middle(costs.map((cost) => cost.wall)), cpu: middle(costs.map((cost) => cost.cpu)) };
}

const ms = (value: number): string => `${value.toFixed(value < 1 ? 3 : 1)} ms`;
const show = ({ wall, cpu }: Cost): string => `${ms(wall)} (cpu ${ms(cpu)})`;

/** One edited file: a small segment, one row. */
async function oneFile(store: Store, workspace: number, base: number): Promise<Cost> {
  return median(50, async (run) => {
    const edit = publication(workspace, base + run, 1, 3, 1500);
    const upserts = edit.upserts.map((row) => ({ ...row, path: 'packages/module1/src/edited.ts' }));
    await store.publish({ ...edit, upserts });
  });
}

async function costs(folder: string): Promise<void> {
  const small = openSqliteStore(join(folder, 'small.sqlite'));
  const smallId = await small.openWorkspace('/small');
  await small.publish(publication(smallId, 0, 100, 100, 4000));
  const file = join(folder, 'large.sqlite');
  const large = openSqliteStore(file);
  const id = await large.openWorkspace('/large');
  const filling = performance.now();
  for (let i = 0; i < 100; i += 1) await large.publish(publication(id, i * 500, 500, 100, 4000));
  console.log(`filling 50,000 files in 100 publications: ${ms(performance.now() - filling)}`);

  const bulk = await median(9, (run) =>
    large.publish(publication(id, 1_000_000 + run * 250, 250, 1000, 8000)),
  );
  console.log(`publish 250 blobs with 1,000 pages of 8 KB: ${show(bulk)}`);
  const edits = [await oneFile(small, smallId, 2_000_000), await oneFile(large, id, 2_000_000)] as const;
  console.log(
    `publish one file: ${ms(edits[0].wall)} among 100, ${ms(edits[1].wall)} among 50,000 (x${(edits[1].wall / edits[0].wall).toFixed(2)})`,
  );
  const calls = 20_000;
  const asked = await median(5, async () => {
    for (let i = 0; i < calls; i += 1) await large.generation(id);
  });
  console.log(`generation(): ${((asked.wall / calls) * 1000).toFixed(2)} us`);
  const manifest = await large.readManifest(id, 0);
  const whole = await median(7, () => large.readManifest(id, 0));
  console.log(`readManifest: ${manifest.upserts.length} rows in ${show(whole)}`);
  const delta = await median(50, () => large.readManifest(id, manifest.generation - 1));
  console.log(`readManifest of one change: ${show(delta)}`);
  const page = await median(5, async (run) => {
    for (let i = 0; i < 1000; i += 1) await large.readPages(1 + ((i * 37 + run) % 100), [(i * 61) % 100]);
  });
  console.log(`readPages, one of 4 KB: ${page.wall.toFixed(2)} us`);
  console.log(`stats: ${JSON.stringify(await large.stats())}`);
  const open = await median(9, async () => openSqliteStore(file).close());
  console.log(`open, check and close: ${show(open)}`);
  await small.close();
  await large.close();
}

const count = Number(process.argv[2] ?? 100);
const folder = mkdtempSync(join(tmpdir(), 'conexus-bench-store-'));
try {
  console.log(
    `node ${process.version}, sqlite ${process.versions.sqlite}, ${cpus().length} x ${cpus()[0]?.model ?? '?'}`,
  );
  await costs(folder);
  await kills(join(folder, 'killed.sqlite'), count);
} finally {
  rmSync(folder, { recursive: true });
}
