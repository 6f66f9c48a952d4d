/**
 * F5: what a second worktree costs, how soon a new process answers from an index that is there, how large an index is
 * beside its source, and how much memory indexing and serving take, in a tree of 12,500 and in one of 50,000 files.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { openEngine } from '@conexus/engine';
import type { BenchContext, Figure, Scenario, ScenarioResult } from '../support/context.ts';
import { corpus } from '../support/corpora.ts';
import { git } from '../support/edits.ts';
import type { MemoryReport } from '../support/memory-child.ts';
import { median, round } from '../support/numbers.ts';
import { atRest, vectorsAtRest } from '../support/store-files.ts';
import { makeTree } from '../support/trees.ts';
import type { WarmReport } from '../support/warm-child.ts';

const WARM_ROUNDS = 7;
const CLI = join(import.meta.dirname, '../../packages/server/bin/conexus.js');

function child<T>(script: string, ...args: readonly string[]): T {
  const file = join(import.meta.dirname, '../support', script);
  return JSON.parse(
    execFileSync(process.execPath, [...process.execArgv, file, ...args], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    }),
  ) as T;
}

async function worktrees(context: BenchContext, name: string) {
  const main = join(context.work, `${name}-main`);
  const second = join(context.work, `${name}-second`);
  git(context.work, 'clone', '-q', '--shared', corpus(context.corpora, name), main);
  git(main, 'worktree', 'add', '-q', '--detach', second);
  const home = join(context.work, `home-${name}`);
  const cold = await indexed(main, home);
  const before = atRest(home);
  const vectors = vectorsAtRest(home);
  const engine = await openEngine({ home });
  const started = performance.now();
  const other = await engine.openWorkspace(second);
  const report = await other.index();
  const ms = performance.now() - started;
  const { files, sourceBytes } = await other.status();
  await engine.close();
  const more = atRest(home) - before;
  const withGraph = await resolved(main, home);
  const result = {
    name,
    files,
    megabytes: round(sourceBytes / 1e6),
    coldMs: Math.round(cold.ms),
    secondMs: Math.round(ms),
    reused: report.reused,
    parsed: report.indexed,
    moreDisk: round((100 * more) / before, 3),
    moreDiskOfSource: round((100 * more) / sourceBytes, 3),
    indexOverSource: round((before - vectors) / sourceBytes, 3),
    withGraphOverSource: round((withGraph - more - vectors) / sourceBytes, 3),
  };
  context.log(JSON.stringify(result));
  return result;
}

/** What the indexes below a home take with the graph of this root, and the facts it is made of. */
async function resolved(root: string, home: string): Promise<number> {
  const engine = await openEngine({ home });
  await (await engine.openWorkspace(root)).codeGraph();
  await engine.close();
  return atRest(home);
}

function warmStart(context: BenchContext, name: string, root: string, home: string) {
  const query = 'parse the request header';
  const inProcess: WarmReport[] = [];
  const cli: number[] = [];
  for (let round_ = 0; round_ < WARM_ROUNDS; round_++) {
    inProcess.push(child<WarmReport>('warm-child.ts', root, home, query));
    const started = performance.now();
    execFileSync(process.execPath, [CLI, 'search', query, '--root', root, '--json'], {
      encoding: 'utf8',
      env: { ...process.env, CONEXUS_HOME: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    cli.push(performance.now() - started);
  }
  const result = {
    name,
    answeredMs: round(median(inProcess.map(({ answered }) => answered)), 0),
    importedMs: round(median(inProcess.map(({ imported }) => imported)), 0),
    openedMs: round(median(inProcess.map(({ opened }) => opened)), 0),
    checkMs: round(median(inProcess.map(({ checkMs }) => checkMs)), 0),
    cliMs: round(median(cli), 0),
    hits: inProcess[0]?.hits,
  };
  context.log(JSON.stringify(result));
  return result;
}

async function indexed(root: string, home: string) {
  const engine = await openEngine({ home });
  const report = await (await engine.openWorkspace(root)).index();
  await engine.close();
  return report;
}

function memory(context: BenchContext, name: string, files: number) {
  const { root } = makeTree(context, name, { files });
  const home = join(context.work, `home-${name}`);
  const report = child<MemoryReport>('memory-child.ts', root, home);
  context.log(`${name}: ${JSON.stringify(report)}`);
  return { name, root, home, ...report, restBytes: atRest(home), vectorBytes: vectorsAtRest(home) };
}

async function run(context: BenchContext): Promise<ScenarioResult> {
  const trees = [await worktrees(context, 'hono'), await worktrees(context, 'tailscale')];
  const hono = corpus(context.corpora, 'hono');
  const home = join(context.work, 'home-warm');
  await indexed(hono, home);
  const warm = [warmStart(context, 'hono', hono, home)];
  const quarter = memory(context, 'quarter', Math.round(12_500 * context.scale));
  const whole = memory(context, 'whole', Math.round(50_000 * context.scale));
  warm.push(warmStart(context, 'whole', whole.root, whole.home));
  const figures: Figure[] = [
    ...trees.flatMap((t): Figure[] => [
      {
        name: `second worktree, ${t.name}`,
        value: t.secondMs,
        unit: 'ms',
        target: 1000,
        baseline: t.coldMs,
        note: `${t.files} files, ${t.megabytes} MB, ${t.parsed} parsed`,
      },
      {
        name: `second worktree, ${t.name}: more disk`,
        value: t.moreDisk,
        unit: '%',
        target: 1,
        note: `of the index; ${t.moreDiskOfSource} % of the source`,
      },
      {
        name: `index without vectors / source, ${t.name}`,
        value: t.indexOverSource,
        unit: 'x',
        target: 0.5,
        note: 'with git history',
      },
      {
        name: `the same with the graph, ${t.name}`,
        value: t.withGraphOverSource,
        unit: 'x',
        note: 'graph and facts, which are made when they are asked for',
      },
    ]),
    ...warm.flatMap((w): Figure[] => [
      {
        name: `new process to first answer, ${w.name}`,
        value: w.answeredMs,
        unit: 'ms',
        target: 300,
        note: `imports ${w.importedMs} ms, open by ${w.openedMs} ms, scan ${w.checkMs} ms`,
      },
      { name: `command line search, ${w.name}`, value: w.cliMs, unit: 'ms', target: 300 },
    ]),
    {
      name: 'index without vectors / source, whole',
      value: round((whole.restBytes - whole.vectorBytes) / whole.sourceBytes, 3),
      unit: 'x',
      target: 0.5,
      note: `${whole.files} files, ${Math.round(whole.sourceBytes / 1e6)} MB; vectors ${round(whole.vectorBytes / whole.sourceBytes, 3)} x more; ${round(whole.storeBytes / whole.sourceBytes, 2)} x while open`,
    },
    ...[quarter, whole].flatMap((m): Figure[] => [
      {
        name: `peak memory while indexing ${m.files} files`,
        value: m.peakMb,
        unit: 'MB',
        note: `by tenths of the time: ${m.tenthsMb.join(' ')}; ${m.seconds} s, ${m.chunks} chunks`,
      },
      {
        name: `memory serving ${m.files} files`,
        value: m.afterSearchesMb,
        unit: 'MB',
        note: `${m.afterIndexMb} MB before 300 searches`,
      },
    ]),
    {
      name: 'peak memory, four times the files',
      value: round(whole.peakMb / quarter.peakMb),
      unit: 'x',
      note: 'flat would be 1',
    },
  ];
  return {
    about: 'Costs beside the index itself; baseline of a second worktree: the first.',
    figures,
    details: {
      trees,
      warm,
      quarter: { ...quarter, root: '', home: '' },
      whole: { ...whole, root: '', home: '' },
    },
  };
}

export const scenario: Scenario = { name: 'footprint', run };
