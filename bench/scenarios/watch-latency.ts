/**
 * How soon a change is known and what watching costs: our watcher beside Node's own recursive watching, in one run.
 *
 *   node --expose-gc bench/scenarios/watch-latency.ts [files ...]     (5000 and 40000 unless told)
 *
 * For each tree size and each way, a process of its own builds nothing but the watcher and reports:
 * setUpMs, memory it added (RSS after garbage collection), write -> event p50 and p95, and for ours the time of a drain
 * with nothing to tell, of a drain right after a write, and how many of those drains missed the file (must be 0).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, watch, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDiskSource } from '../../packages/engine/src/adapters/sources/disk-source.ts';

const FILES_PER_FOLDER = 10;
const LATENCY_ROUNDS = 300;
const DRAIN_ROUNDS = 2000;

type Way = 'ours' | 'recursive';

interface Figures {
  readonly files: number;
  readonly way: Way;
  readonly setUpMs: number;
  readonly addedMb: number;
  readonly eventP50Ms: number;
  readonly eventP95Ms: number;
  readonly idleDrainP50Ms?: number;
  readonly drainAfterWriteP50Ms?: number;
  readonly drainAfterWriteP95Ms?: number;
  readonly missed?: number;
}

function makeTree(files: number): string {
  const root = realpathSync.native(mkdtempSync(join(tmpdir(), 'conexus-bench-')));
  for (let i = 0; i < files; i++) {
    const folder = join(root, `p${Math.floor(i / 1000)}`, `d${Math.floor(i / FILES_PER_FOLDER) % 100}`);
    if (i % FILES_PER_FOLDER === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `file${i}.ts`), `export const x${i} = ${i};\n`);
  }
  return root;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(3));
}

function rssMb(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().rss / 2 ** 20;
}

/** Milliseconds from a finished write until the listener is called. */
async function eventLatencies(
  root: string,
  listen: (listener: () => void) => void,
  reset: () => Promise<void>,
): Promise<number[]> {
  let wake: (() => void) | undefined;
  // Watching alone does not keep a process running.
  const alive = setInterval(() => {}, 60_000);
  listen(() => wake?.());
  const times: number[] = [];
  for (let round = 0; round < LATENCY_ROUNDS; round++) {
    await reset();
    await new Promise((done) => setTimeout(done, 2));
    const heard = new Promise<void>((done) => {
      wake = done;
    });
    writeFileSync(join(root, 'p0', 'd0', `file${round % FILES_PER_FOLDER}.ts`), `changed ${round}\n`);
    const written = performance.now();
    await heard;
    times.push(performance.now() - written);
  }
  clearInterval(alive);
  return times;
}

async function measureOurs(root: string, files: number): Promise<Figures> {
  const source = openDiskSource(root);
  const before = rssMb();
  const started = performance.now();
  const watcher = await source.watch();
  const setUpMs = Math.round(performance.now() - started);
  if (!watcher.complete) throw new Error('the system does not allow so many watches');
  const addedMb = Number((rssMb() - before).toFixed(1));
  const drains = async (write: boolean): Promise<{ times: number[]; missed: number }> => {
    const times: number[] = [];
    let missed = 0;
    for (let round = 0; round < DRAIN_ROUNDS; round++) {
      const path = `p0/d0/file${round % FILES_PER_FOLDER}.ts`;
      if (write) writeFileSync(join(root, path), `drained ${round}\n`);
      const asked = performance.now();
      const { paths, all } = await watcher.drain();
      times.push(performance.now() - asked);
      if (write && !all && !paths.has(path)) missed++;
    }
    return { times, missed };
  };
  const idle = await drains(false);
  const written = await drains(true);
  const events = await eventLatencies(root, watcher.onChange, async () => void (await watcher.drain()));
  await watcher.close();
  return {
    files,
    way: 'ours',
    setUpMs,
    addedMb,
    eventP50Ms: percentile(events, 0.5),
    eventP95Ms: percentile(events, 0.95),
    idleDrainP50Ms: percentile(idle.times, 0.5),
    drainAfterWriteP50Ms: percentile(written.times, 0.5),
    drainAfterWriteP95Ms: percentile(written.times, 0.95),
    missed: written.missed,
  };
}

async function measureRecursive(root: string, files: number): Promise<Figures> {
  let listener = (): void => {};
  const before = rssMb();
  const started = performance.now();
  const handle = watch(root, { recursive: true }, () => listener());
  // It takes the tree up in the background; it is ready when it hears of the last folder.
  const last = `p${Math.floor((files - 1) / 1000)}/d${Math.floor((files - 1) / FILES_PER_FOLDER) % 100}/probe.ts`;
  await new Promise<void>((done) => {
    const timer = setInterval(() => writeFileSync(join(root, last), String(performance.now())), 20);
    handle.on('change', (_type, name) => {
      if (name !== last) return;
      clearInterval(timer);
      done();
    });
  });
  const setUpMs = Math.round(performance.now() - started);
  await new Promise((done) => setTimeout(done, 500));
  const addedMb = Number((rssMb() - before).toFixed(1));
  const settle = () => new Promise<void>((done) => setTimeout(done, 5));
  const events = await eventLatencies(
    root,
    (heard) => {
      listener = heard;
    },
    settle,
  );
  handle.close();
  return {
    files,
    way: 'recursive',
    setUpMs,
    addedMb,
    eventP50Ms: percentile(events, 0.5),
    eventP95Ms: percentile(events, 0.95),
  };
}

async function main(args: readonly string[]): Promise<void> {
  const [mode, way, root, files] = args;
  if (mode === '--measure' && root !== undefined) {
    const measure = way === 'ours' ? measureOurs : measureRecursive;
    process.stdout.write(JSON.stringify(await measure(root, Number(files))));
    return;
  }
  const sizes = args.length > 0 ? args.map(Number) : [5000, 40_000];
  console.log(
    JSON.stringify({
      node: process.version,
      system: `${process.platform} ${release()}`,
      cores: cpus().length,
    }),
  );
  for (const size of sizes) {
    const tree = makeTree(size);
    try {
      for (const each of ['ours', 'recursive'] satisfies Way[]) {
        const child = ['--expose-gc', fileURLToPath(import.meta.url), '--measure', each, tree, String(size)];
        console.log(execFileSync(process.execPath, child, { encoding: 'utf8' }));
      }
    } finally {
      rmSync(tree, { recursive: true });
    }
  }
}

await main(process.argv.slice(2));
