/**
 * How long a search takes in process, by kind of query, in indexes of about 5 thousand, 100 thousand and a million
 * chunks; hits are read from disk again and checked, as always. Each query is new: nothing is asked twice. Words are asked with
 * meaning and, of a second engine, by words alone: each has a figure of its own.
 * Beside it: FTS5 over the same chunks with the same terms, `ORDER BY bm25()`, without reading any hit.
 */
import { join } from 'node:path';
import { openEngine, type Workspace } from '@conexus/engine';
import type { BenchContext, Figure, Scenario, ScenarioResult } from '../support/context.ts';
import { corpus } from '../support/corpora.ts';
import { buildFts5, type Fts5Baseline } from '../support/fts5.ts';
import { mean, percentile, residentMb, round } from '../support/numbers.ts';
import { KINDS, takeQueries } from '../support/queries.ts';
import { makeTree } from '../support/trees.ts';

interface Size {
  readonly name: string;
  readonly p50Target: number;
  /** Of words with meaning. */
  readonly hybridTarget?: number;
  /** MB of source to copy together; 0: one small corpus as it is. */
  readonly megabytes: number;
  readonly queries: number;
  readonly baselineQueries: number;
}

const SIZES: readonly Size[] = [
  { name: '5K', p50Target: 1, hybridTarget: 1.5, megabytes: 0, queries: 200, baselineQueries: 100 },
  { name: '100K', p50Target: 5, hybridTarget: 8, megabytes: 85, queries: 200, baselineQueries: 40 },
  { name: '1M', p50Target: 30, megabytes: 760, queries: 150, baselineQueries: 8 },
];
const LIMIT = 10;
const LEXICAL = 'words without meaning';
const WARM_UP = 40;

async function ask(workspace: Workspace, queries: readonly string[]) {
  const times: number[] = [];
  const answers: Awaited<ReturnType<Workspace['search']>>[] = [];
  for (const query of queries) {
    const started = performance.now();
    const answer = await workspace.search({ query, limit: LIMIT });
    times.push(performance.now() - started);
    answers.push(answer);
  }
  return { times, answers };
}

type Place = { readonly path: string; readonly start: number; readonly end: number };

/** Share of the baseline's hits that ours cover, by overlapping lines. */
function overlap(ours: readonly Place[], theirs: readonly Place[]): number {
  if (theirs.length === 0) return 1;
  const covered = theirs.filter((t) =>
    ours.some((o) => o.path === t.path && o.start <= t.end && o.end >= t.start),
  );
  return covered.length / theirs.length;
}

async function measureKind(
  workspace: Workspace,
  fts: Fts5Baseline | undefined,
  queries: readonly string[],
  baselineQueries: number,
) {
  const { times, answers } = await ask(workspace, queries);
  const again = await ask(workspace, queries);
  const baseline: number[] = [];
  const overlaps: number[] = [];
  for (const [i, query] of queries.slice(0, fts ? baselineQueries : 0).entries()) {
    const { terms } = await workspace.plan(query, 'search');
    const words = terms.filter(({ documents }) => documents > 0).map(({ term }) => term);
    if (!fts || words.length === 0) continue;
    const started = performance.now();
    const found = fts.search(words, LIMIT);
    baseline.push(performance.now() - started);
    overlaps.push(overlap(answers[i]?.hits ?? [], found));
  }
  return {
    queries: queries.length,
    p50: round(percentile(times, 0.5), 3),
    p95: round(percentile(times, 0.95), 3),
    repeatedP50: round(percentile(again.times, 0.5), 3),
    repeatedP95: round(percentile(again.times, 0.95), 3),
    fts5P50: round(percentile(baseline, 0.5), 3),
    fts5P95: round(percentile(baseline, 0.95), 3),
    top10Overlap: round(mean(overlaps), 3),
    empty: answers.filter(({ hits }) => hits.length === 0).length,
  };
}

async function measureSize(context: BenchContext, size: Size) {
  const root =
    size.megabytes === 0
      ? corpus(context.corpora, 'hono')
      : makeTree(context, size.name, { megabytes: size.megabytes }).root;
  const engine = await openEngine({ home: join(context.work, `home-${size.name}`) });
  const workspace = await engine.openWorkspace(root);
  const { ms: indexMs, chunks } = await workspace.index();
  await workspace.watch();
  const queries = await takeQueries(workspace, size.queries);
  const others = await takeQueries(workspace, WARM_UP, 99);
  for (const kind of KINDS) await ask(workspace, others[kind]);
  const rssMb = residentMb();
  context.log(
    `${size.name}: ${chunks} chunks indexed in ${Math.round(indexMs / 1000)} s, ${rssMb} MB resident; building the baseline`,
  );
  const fts = await buildFts5(join(context.work, `fts-${size.name}.sqlite`), workspace);
  const kinds: Record<string, Awaited<ReturnType<typeof measureKind>>> = {};
  for (const kind of KINDS) {
    kinds[kind] = await measureKind(workspace, fts, queries[kind], size.baselineQueries);
    context.log(`${size.name} ${kind}: ${JSON.stringify(kinds[kind])}`);
  }
  kinds[LEXICAL] = await measureLexical(context, size, root, fts);
  fts.close();
  const { files, storeBytes, sourceBytes } = await workspace.status();
  await engine.close();
  return {
    size,
    files,
    chunks: fts.chunks,
    indexSeconds: round(indexMs / 1000, 1),
    rssMb,
    storeMb: round(storeBytes / 1e6),
    sourceMb: round(sourceBytes / 1e6),
    kinds,
  };
}

/** The same index and words, by an engine that has no vectors. */
async function measureLexical(context: BenchContext, size: Size, root: string, fts: Fts5Baseline) {
  const engine = await openEngine({ home: join(context.work, `home-${size.name}`), embedder: 'none' });
  const workspace = await engine.openWorkspace(root);
  await workspace.index();
  await workspace.watch();
  await ask(workspace, (await takeQueries(workspace, WARM_UP, 99)).words);
  const { words } = await takeQueries(workspace, size.queries);
  const measured = await measureKind(workspace, fts, words, size.baselineQueries);
  context.log(`${size.name} ${LEXICAL}: ${JSON.stringify(measured)}`);
  await engine.close();
  return measured;
}

/** Issue texts have none. */
function targetOf(kind: string, size: Size): number | undefined {
  if (kind === 'report') return undefined;
  return kind === 'words' ? size.hybridTarget : size.p50Target;
}

async function run(context: BenchContext): Promise<ScenarioResult> {
  const sizes = SIZES.slice(0, Math.max(1, Math.round(SIZES.length * context.scale)));
  const details = [];
  for (const size of sizes) details.push(await measureSize(context, size));
  const figures = details.flatMap(({ size, kinds, rssMb, chunks }): Figure[] => [
    ...Object.entries(kinds).flatMap(([kind, k]): Figure[] => {
      const asked = targetOf(kind, size);
      const target = asked === undefined ? {} : { target: asked };
      const note = `top-10 overlap ${k.top10Overlap}; asked again: p50 ${k.repeatedP50} ms`;
      return [
        { name: `${size.name} ${kind} p50`, value: k.p50, unit: 'ms', ...target, baseline: k.fts5P50, note },
        {
          name: `${size.name} ${kind} p95`,
          value: k.p95,
          unit: 'ms',
          target: round(4 * k.p50, 3),
          baseline: k.fts5P95,
        },
      ];
    }),
    { name: `${size.name} resident memory`, value: rssMb, unit: 'MB', note: `${chunks} chunks` },
  ]);
  return {
    about:
      'Search in process with a running watcher, every query new; baseline: SQLite FTS5 on the same chunks and terms. Issue texts have no target of their own.',
    figures,
    details,
  };
}

export const scenario: Scenario = { name: 'query-latency', run };
