/**
 * F4: edits, renames, deletions and branch switches while a workspace is open. After each, the very next search must find
 * every new version (none missed) and no old one (none stale); with a watcher, the time from the finished write to that
 * answer is the latency. Done in a small and in a large tree, and without a watcher, where each search scans.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openEngine, type Workspace } from '@conexus/engine';
import type { BenchContext, Figure, Scenario, ScenarioResult } from '../support/context.ts';
import { copyTree, corpus } from '../support/corpora.ts';
import { type Edit, openScript } from '../support/edits.ts';
import { percentile, round } from '../support/numbers.ts';
import { makeTree } from '../support/trees.ts';

interface Outcome {
  readonly latencies: number[];
  readonly scans: number[];
  missed: number;
  stale: number;
  pending: number;
  readonly kinds: Record<string, number>;
  readonly failures: string[];
}

const EDITS = 1000;

async function search(workspace: Workspace, token: string) {
  const { hits, freshness } = await workspace.search({ query: token, limit: 5 });
  return { hits: hits.filter((hit) => hit.text?.includes(token)), all: hits, freshness };
}

async function check(workspace: Workspace, edit: Edit, finished: number, outcome: Outcome): Promise<void> {
  let first = true;
  for (const { token, path } of edit.present) {
    const { hits, freshness } = await search(workspace, token);
    if (first) outcome.latencies.push(performance.now() - finished);
    first = false;
    outcome.scans.push(freshness.checkMs);
    if (freshness.pendingCount > 0) outcome.pending++;
    if (!hits.some((hit) => hit.path === path)) {
      outcome.missed++;
      outcome.failures.push(`${edit.what}: ${path} not found, checked by ${freshness.checkedBy}`);
    }
    outcome.stale += hits.filter((hit) => hit.path !== path).length;
  }
  for (const token of edit.absent) {
    const { all } = await search(workspace, token);
    if (first) outcome.latencies.push(performance.now() - finished);
    first = false;
    outcome.stale += all.filter(
      (hit) => hit.text?.includes(token) === true || hit.path.includes(token),
    ).length;
  }
}

async function live(workspace: Workspace, root: string, edits: number, seed: number): Promise<Outcome> {
  const outcome: Outcome = {
    latencies: [],
    scans: [],
    missed: 0,
    stale: 0,
    pending: 0,
    kinds: {},
    failures: [],
  };
  const script = openScript(root, seed);
  for (let i = 0; i < edits; i++) {
    const edit = script.next();
    const finished = performance.now();
    outcome.kinds[edit.what] = (outcome.kinds[edit.what] ?? 0) + 1;
    await check(workspace, edit, finished, outcome);
    // Not in step with timers of the index, such as the one that publishes.
    if (i % 7 === 0) await new Promise((done) => setTimeout(done, (i * 37) % 90));
  }
  return outcome;
}

async function measure(context: BenchContext, name: string, root: string, watch: boolean, edits: number) {
  const home = join(context.work, `home-${name}`);
  const engine = await openEngine({ home });
  const workspace = await engine.openWorkspace(root);
  const report = await workspace.index();
  if (watch) await workspace.watch();
  const outcome = await live(workspace, root, edits, watch ? 1 : 2);
  const { files, chunks } = await workspace.status();
  await engine.close();
  const { latencies, scans, ...rest } = outcome;
  const result = {
    name,
    files,
    chunks,
    edits,
    watch,
    indexSeconds: round(report.ms / 1000, 1),
    p50: round(percentile(latencies, 0.5)),
    p95: round(percentile(latencies, 0.95)),
    max: round(Math.max(...latencies)),
    checkP50: round(percentile(scans, 0.5)),
    checkP95: round(percentile(scans, 0.95)),
    ...rest,
    failures: rest.failures.slice(0, 20),
  };
  context.log(`${name}: ${JSON.stringify(result)}`);
  return result;
}

async function run(context: BenchContext): Promise<ScenarioResult> {
  const edits = Math.round(EDITS * context.scale);
  const small = join(context.work, 'small');
  copyTree(corpus(context.corpora, 'hono'), small, 0);
  const large = makeTree(context, 'large', { files: Math.round(50_000 * context.scale) }).root;
  const runs = [
    await measure(context, 'small', small, true, edits),
    await measure(context, 'large', large, true, edits),
  ];
  // The script begins with `git init`, so the one-shot run needs a tree of its own.
  const again = join(context.work, 'again');
  if (!existsSync(again)) copyTree(corpus(context.corpora, 'hono'), again, 0);
  runs.push(await measure(context, 'one-shot', again, false, Math.round(edits / 5)));
  const figures = runs.flatMap((r): Figure[] => [
    {
      name: `${r.name}: write to answer, p95`,
      value: r.p95,
      unit: 'ms',
      ...(r.watch ? { target: 50 } : {}),
      note: `${r.files} files, p50 ${r.p50} ms, longest ${r.max} ms`,
    },
    {
      name: `${r.name}: missed hits`,
      value: r.missed,
      unit: '',
      target: 0,
      note: `${r.edits} edits: ${Object.entries(r.kinds)
        .map(([kind, n]) => `${n} ${kind}`)
        .join(', ')}`,
    },
    { name: `${r.name}: stale hits`, value: r.stale, unit: '', target: 0 },
    {
      name: `${r.name}: check of the working tree, p95`,
      value: r.checkP95,
      unit: 'ms',
      note: r.watch ? 'by the watcher' : 'by a scan',
    },
  ]);
  return {
    about:
      'Each version of a file holds a token of its own; after each edit the next search must find it at its path, and no older one.',
    figures,
    details: runs,
  };
}

export const scenario: Scenario = { name: 'freshness', run };
