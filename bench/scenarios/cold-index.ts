/**
 * F3: indexing a repository from nothing until it answers, beside reading and parsing the same files alone on as many threads; and what
 * follows in the background, the call graph (facts of each content, then the resolution), which is no part of the ratio.
 * The two take turns; the ratio is the median over the rounds. Speed by language is stated from thread time.
 * The files are copied without `.git`: reading past commits is no part of parsing. With it, the time is stated beside.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '@conexus/engine';
import type { BenchContext, Figure, Scenario, ScenarioResult } from '../support/context.ts';
import { copyTree, corpus } from '../support/corpora.ts';
import { median, round } from '../support/numbers.ts';
import { cpuSince, parseOnly } from '../support/parse-only.ts';

const REPOSITORIES = [
  'hono',
  'tailscale',
  'sqlalchemy',
  'netty',
  'workers-sdk',
  'laravel',
  'redis',
  'uv',
  'rubocop',
];
const ROUNDS = 3;
const THREADS = Math.min(8, availableParallelism());

async function coldIndex(root: string, home: string) {
  // Vectors are not part of this figure: see embedding-cost.ts.
  const engine = await openEngine({ home, embedder: 'none' });
  const before = process.cpuUsage();
  const started = performance.now();
  const workspace = await engine.openWorkspace(root);
  const report = await workspace.index();
  const ms = performance.now() - started;
  const cpuMs = cpuSince(before);
  const atGraph = process.cpuUsage();
  const graphStarted = performance.now();
  await workspace.codeGraph();
  const graphMs = performance.now() - graphStarted;
  const graphCpuMs = cpuSince(atGraph);
  const files = (await workspace.files({ limit: 1e9 })).map(({ path, language, bytes }) => ({
    path: join(root, path),
    language,
    bytes,
  }));
  const { storeBytes, sourceBytes } = await workspace.status();
  await engine.close();
  return { ms, cpuMs, graphMs, graphCpuMs, report, files, storeBytes, sourceBytes };
}

interface Round {
  /** Until the index answers. */
  readonly indexMs: number;
  readonly indexOwnMs: number;
  readonly parseMs: number;
  readonly cpuRatio: number;
  /** After it: facts and resolution. */
  readonly graphMs: number;
  readonly graphCpuRatio: number;
}

async function measure(context: BenchContext, name: string) {
  const root = join(context.work, name);
  copyTree(corpus(context.corpora, name), root, 0);
  const rounds: Round[] = [];
  const speed: Record<string, unknown> = {};
  let last: Awaited<ReturnType<typeof coldIndex>> | undefined;
  for (let round_ = 0; round_ < ROUNDS; round_++) {
    last = await coldIndex(root, join(context.work, `${name}-${round_}`));
    const parse = await parseOnly(last.files, THREADS);
    rounds.push({
      indexMs: last.ms,
      indexOwnMs: last.report.ms,
      parseMs: parse.ms,
      cpuRatio: last.cpuMs / parse.cpuMs,
      graphMs: last.graphMs,
      graphCpuRatio: last.graphCpuMs / parse.cpuMs,
    });
  }
  if (!last) throw new Error('no rounds');
  for (const [language, { files, bytes, parseMs }] of Object.entries(last.report.byLanguage)) {
    const ms = Math.max(parseMs, 0.001);
    speed[language] = { files, mbPerS: round(bytes / 1e3 / ms), filesPerS: Math.round((files * 1000) / ms) };
  }
  const withHistory = await coldIndex(corpus(context.corpora, name), join(context.work, `${name}-history`));
  const ratio = median(rounds.map(({ indexMs, parseMs }) => indexMs / parseMs));
  const graphRatio = median(rounds.map(({ graphMs, parseMs }) => graphMs / parseMs));
  const graphCpuRatio = median(rounds.map((r) => r.graphCpuRatio));
  const best = Math.min(...rounds.map(({ indexMs }) => indexMs));
  context.log(
    `${name}: ${last.files.length} files, ${last.report.chunks} chunks, ${rounds.map((r) => `${Math.round(r.indexMs)}/${Math.round(r.parseMs)}`).join(' ')} ms, x${round(ratio)}, processor time x${round(median(rounds.map((r) => r.cpuRatio)))}; graph after it x${round(graphRatio)}, x${round(graphCpuRatio)}`,
  );
  return {
    name,
    files: last.files.length,
    chunks: last.report.chunks,
    megabytes: round(last.sourceBytes / 1e6),
    ratio: round(ratio),
    withHistoryMs: Math.round(withHistory.ms),
    cpuRatio: round(median(rounds.map((r) => r.cpuRatio))),
    graphRatio: round(graphRatio),
    graphCpuRatio: round(graphCpuRatio),
    mbPerS: round(last.sourceBytes / 1e3 / best),
    filesPerS: Math.round((last.files.length * 1000) / best),
    indexOverSource: round(last.storeBytes / last.sourceBytes),
    rounds: rounds.map(({ indexMs, indexOwnMs, parseMs, graphMs }) => ({
      indexMs: Math.round(indexMs),
      indexOwnMs: Math.round(indexOwnMs),
      parseMs: Math.round(parseMs),
      graphMs: Math.round(graphMs),
    })),
    languages: speed,
  };
}

async function run(context: BenchContext): Promise<ScenarioResult> {
  const names = REPOSITORIES.slice(0, Math.max(1, Math.round(REPOSITORIES.length * context.scale)));
  const details = [];
  for (const name of names) details.push(await measure(context, name));
  const index = details.reduce((sum, d) => sum + median(d.rounds.map((r) => r.indexMs)), 0);
  const parse = details.reduce((sum, d) => sum + median(d.rounds.map((r) => r.parseMs)), 0);
  const figures: Figure[] = [
    { name: 'index / parse, all repositories', value: round(index / parse), unit: 'x', target: 2.2 },
    {
      name: 'the same in processor time, median',
      value: round(median(details.map((d) => d.cpuRatio))),
      unit: 'x',
      note: 'less at the mercy of what else the machine does',
    },
    {
      name: 'call graph in the background / parse, median',
      value: round(median(details.map((d) => d.graphRatio))),
      unit: 'x',
      note: `processor time x${round(median(details.map((d) => d.graphCpuRatio)))}`,
    },
    ...details.map((d) => ({
      name: d.name,
      value: d.ratio,
      unit: 'x',
      target: 2.2,
      note: `${d.files} files, ${d.megabytes} MB: ${d.mbPerS} MB/s, ${d.filesPerS} files/s; processor time x${d.cpuRatio}; the graph after it x${d.graphRatio}; with git history ${d.withHistoryMs} ms instead of ${Math.round(median(d.rounds.map((r) => r.indexMs)))}`,
    })),
  ];
  return {
    about: `Cold index beside parsing alone, ${THREADS} threads each, median of ${ROUNDS} rounds in turns.`,
    figures,
    details,
  };
}

export const scenario: Scenario = { name: 'cold-index', run };
