/**
 * Runs scenarios and writes what they found to bench/runs/<date>-<machine>/.
 *
 *   npm run build && node bench/run.ts SCENARIO... --corpora DIR [--scale 1] [--out DIR] [--keep]
 *
 * Measures what is published. With `node --conditions=source` it runs the sources, whose types every thread must strip
 * first: quick to try, and slower by a second or so per process.
 * Each scenario gets a process of its own, so that memory figures are its own. `--scale 0.1` tries one out; its
 * figures are not for the record. Exit status 1: a scenario failed (a figure that misses its target is no failure).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { BenchContext, Scenario } from './support/context.ts';
import { describeMachine, machineSlug } from './support/machine.ts';
import { verdict, writeResult } from './support/report.ts';

const SCENARIOS: Readonly<Record<string, () => Promise<{ readonly scenario: Scenario }>>> = {
  'cold-index': () => import('./scenarios/cold-index.ts'),
  'index-kill': () => import('./scenarios/index-kill.ts'),
  'shared-store': () => import('./scenarios/shared-store.ts'),
  footprint: () => import('./scenarios/footprint.ts'),
  freshness: () => import('./scenarios/freshness.ts'),
  'query-latency': () => import('./scenarios/query-latency.ts'),
  'initialize-latency': () => import('./scenarios/initialize-latency.ts'),
  'http-load': () => import('./scenarios/http-load.ts'),
  'vector-scan': () => import('./scenarios/vector-scan.ts'),
  'embedding-cost': () => import('./scenarios/embedding-cost.ts'),
  graph: () => import('./scenarios/graph.ts'),
  analysis: () => import('./scenarios/analysis.ts'),
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    corpora: { type: 'string' },
    scale: { type: 'string', default: '1' },
    out: { type: 'string' },
    keep: { type: 'boolean', default: false },
    alone: { type: 'boolean', default: false },
  },
});

/** As the binary starts (packages/server/bin/start.cjs): grammars as baseline WebAssembly, for the baselines, too. */
const PRODUCT_FLAGS = ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

async function runAlone(name: string, corpora: string): Promise<void> {
  const load = SCENARIOS[name];
  if (!load) throw new Error(`unknown scenario ${name}`);
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'conexus-bench-')));
  const scale = Number(values.scale);
  const context: BenchContext = {
    corpora: resolve(corpora),
    work,
    scale,
    log: (line) => console.error(`  ${line}`),
  };
  const started = performance.now();
  try {
    const machine = describeMachine();
    const { scenario } = await load();
    const result = await scenario.run(context);
    const seconds = (performance.now() - started) / 1000;
    const day = new Date().toISOString().slice(0, 10);
    const folder = values.out ?? join(import.meta.dirname, 'runs', `${day}-${machineSlug(machine)}`);
    writeResult(folder, { scenario: name, machine, scale, seconds: Math.round(seconds), ...result });
    for (const figure of result.figures) {
      const { name: label, value, unit, target, baseline } = figure;
      const judged = target === undefined ? '' : `  (<= ${target}: ${verdict(figure)})`;
      console.log(
        `${label}: ${value} ${unit}${judged}${baseline === undefined ? '' : `  baseline ${baseline}`}`,
      );
    }
  } finally {
    if (!values.keep) rmSync(work, { recursive: true, force: true });
  }
}

function runEach(names: readonly string[]): number {
  let failed = 0;
  for (const name of names) {
    console.log(`# ${name}`);
    const own = [
      ...process.execArgv,
      ...PRODUCT_FLAGS,
      '--expose-gc',
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(import.meta.url),
    ];
    const { status } = spawnSync(
      process.execPath,
      [...own, name, ...process.argv.slice(2).filter((a) => !names.includes(a)), '--alone'],
      {
        stdio: 'inherit',
      },
    );
    if (status !== 0) failed++;
  }
  return failed;
}

if (positionals.length === 0 || values.corpora === undefined) {
  console.error(
    `usage: bench/run.ts SCENARIO... --corpora DIR\nscenarios: ${Object.keys(SCENARIOS).join(', ')}`,
  );
  process.exitCode = 2;
} else if (values.alone) {
  await runAlone(positionals[0] as string, values.corpora);
  process.exit();
} else {
  process.exitCode = runEach(positionals) > 0 ? 1 : 0;
}
