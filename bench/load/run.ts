/**
 * Loads `conexus serve` and writes what was found to bench/runs/<date>-<machine>/load/.
 *
 *   node --conditions=source bench/load/run.ts [PROFILE...] --corpora DIR [--seconds 30] [--clients 500] [--files 10000] [--threads N] [--home DIR] [--out DIR]
 *
 * Serves two repositories: `main`, checkouts side by side with at least `--files` files, which is searched; and `graph`, one checkout
 * with its history, which is asked for relations, reports and past commits. `--clients` are those of the soak, `--threads` the query threads of each server. `--home` keeps tree and indexes for the next time.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openEngine } from '@conexus/engine';
import { corpus } from '../support/corpora.ts';
import { describeMachine, machineSlug } from '../support/machine.ts';
import { makeTree } from '../support/trees.ts';
import { takeHeavy, takeHybrid, takeMix } from './mix.ts';
import type { LoadContext } from './profile.ts';
import { PROFILES } from './profiles.ts';
import { writeProfile } from './report.ts';

const GRAPH_CORPUS = 'netty';
const CALLS = 2_000;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    corpora: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    clients: { type: 'string', default: '500' },
    files: { type: 'string', default: '10000' },
    threads: { type: 'string' },
    home: { type: 'string' },
    out: { type: 'string' },
  },
});
const log = (line: string): void => console.error(`  ${line}`);

async function prepareContext(
  corpora: string,
  work: string,
): Promise<LoadContext & { readonly served: string }> {
  const tree = join(work, 'tree');
  if (!existsSync(tree)) {
    makeTree({ corpora, work, scale: 1, log }, 'tree', { files: Number(values.files) });
    const git = (...args: string[]) =>
      execFileSync('git', [
        '-C',
        tree,
        '-c',
        'user.name=bench',
        '-c',
        'user.email=bench@example.org',
        ...args,
      ]);
    git('init', '-q');
    git('add', '-A');
    // Without a commit git is asked for HEAD each second.
    git('commit', '-q', '-m', 'all files');
  }
  const home = join(work, 'home');
  const roots = { main: tree, graph: corpus(corpora, GRAPH_CORPUS) };
  const engine = await openEngine({ home, adapts: false });
  const [main, graph] = await Promise.all([
    engine.openWorkspace(roots.main),
    engine.openWorkspace(roots.graph),
  ]);
  await main.index();
  await graph.index();
  await graph.codeGraph();
  // Too large for one thread: found out here once and kept, so that no server tries it beside the calls that are measured.
  await main.codeGraph();
  // Otherwise each question that queries are drawn from compares every file with the disk.
  await Promise.all([main.watch(), graph.watch()]);
  log('indexed');
  const asked = { main: { repo: 'main', workspace: main }, graph: { repo: 'graph', workspace: graph } };
  const { files, chunks } = await main.status();
  const context = {
    roots,
    home,
    mix: await takeMix(asked.main, asked.graph, CALLS, 3),
    hybrid: await takeHybrid(asked.main, 500),
    heavy: await takeHeavy(asked.graph),
    seconds: Number(values.seconds),
    clients: Number(values.clients),
    queryThreads: values.threads === undefined ? undefined : Number(values.threads),
    served: `${files} files in ${chunks} chunks, and ${GRAPH_CORPUS} with ${(await graph.status()).files} files`,
    log,
  };
  await engine.close();
  return context;
}

async function main(corpora: string): Promise<void> {
  const names = positionals.length > 0 ? positionals : Object.keys(PROFILES);
  const unknown = names.filter((name) => !(name in PROFILES));
  if (unknown.length > 0)
    throw new Error(`no profile ${unknown.join(', ')}; there are ${Object.keys(PROFILES).join(', ')}`);
  const work = values.home ?? realpathSync(mkdtempSync(join(tmpdir(), 'conexus-load-')));
  mkdirSync(work, { recursive: true });
  try {
    const { served, ...context } = await prepareContext(resolve(corpora), work);
    for (const profile of names) {
      const machine = describeMachine();
      const day = new Date().toISOString().slice(0, 10);
      const folder =
        values.out ?? join(import.meta.dirname, '..', 'runs', `${day}-${machineSlug(machine)}`, 'load');
      const started = performance.now();
      log(`# ${profile}`);
      const result = await PROFILES[profile]?.(context);
      if (result === undefined) continue;
      const seconds = Math.round((performance.now() - started) / 1_000);
      writeProfile(folder, { profile, machine, served, seconds, ...result });
      for (const { name, value, unit, target, atLeast, baseline } of result.figures)
        console.log(
          `${profile}: ${name}: ${value} ${unit}${target === undefined ? '' : ` (<= ${target})`}${atLeast === undefined ? '' : ` (>= ${atLeast})`}${baseline === undefined ? '' : ` baseline ${baseline}`}`,
        );
    }
  } finally {
    if (values.home === undefined) rmSync(work, { recursive: true, force: true });
  }
}

if (values.corpora === undefined) {
  console.error(
    `usage: bench/load/run.ts [PROFILE...] --corpora DIR\nprofiles: ${Object.keys(PROFILES).join(', ')}`,
  );
  process.exitCode = 2;
} else {
  await main(values.corpora);
  process.exit();
}
