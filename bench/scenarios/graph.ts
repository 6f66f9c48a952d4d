/**
 * What the graph adds to a cold index, and how fast it answers and follows edits. It is made after the index, from facts that are read in
 * a pass of their own: that pass is measured beside, in this thread, with parsing alone in turns as its measure.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { openEngine, type Workspace } from '@conexus/engine';
import { packFacts } from '../../packages/engine/src/model/packed-facts.ts';
import { loadLanguage, readTree } from '../../packages/engine/src/syntax/parse-file.ts';
import {
  readReferences,
  referenceLanguages,
} from '../../packages/engine/src/syntax/references/read-references.ts';
import type { BenchContext, Figure, Scenario, ScenarioResult } from '../support/context.ts';
import { copyTree, corpus } from '../support/corpora.ts';
import { median, percentile, randomFrom, round } from '../support/numbers.ts';
import { cpuSince } from '../support/parse-only.ts';

const REPOSITORIES = ['hono', 'sqlalchemy', 'tailscale', 'netty', 'uv', 'workers-sdk'];
const ROUNDS = 3;
const EDITS = 10;
const QUESTIONS = 1_000;

interface CodeFile {
  readonly text: string;
  readonly language: string;
}

/** Milliseconds of this thread, and bytes: reading facts, with the parse they need, and that parse alone. */
async function factsCost(files: readonly CodeFile[]) {
  for (const { language } of files) await loadLanguage(language);
  let bytes = 0;
  const whole: number[] = [];
  const parsed: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const before = process.cpuUsage();
    for (const { text, language } of files) readTree(text, language, () => undefined);
    parsed.push(cpuSince(before));
    const middle = process.cpuUsage();
    bytes = 0;
    for (const { text, language } of files) {
      const facts = readReferences(text, language);
      if (facts) bytes += zstdCompressSync(packFacts(facts)).length;
    }
    whole.push(cpuSince(middle));
  }
  return { ms: median(whole), parseMs: median(parsed), bytes };
}

async function updates(workspace: Workspace, paths: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < EDITS; i++) {
    const path = paths[Math.floor((i * paths.length) / EDITS)] as string;
    appendFileSync(join(workspace.root, path), '\n');
    const started = performance.now();
    while ((await workspace.codeGraph()).freshness.state !== 'fresh');
    times.push(performance.now() - started);
  }
  return times;
}

async function questions(workspace: Workspace): Promise<number[]> {
  const random = randomFrom(7);
  const { graph } = await workspace.codeGraph();
  const symbols = (await workspace.files({ limit: 1e9 })).flatMap(({ path }) => graph.inFile(path));
  const times: number[] = [];
  for (let i = 0; i < QUESTIONS; i++) {
    const symbol = symbols[Math.floor(random() * symbols.length)];
    if (!symbol) break;
    const started = performance.now();
    const now = await workspace.codeGraph();
    for (const { id } of now.graph.find(symbol.name)) now.graph.incoming(id, 'calls');
    times.push(performance.now() - started);
  }
  return times;
}

async function measure(context: BenchContext, name: string) {
  const root = join(context.work, name);
  copyTree(corpus(context.corpora, name), root, 0);
  const home = join(context.work, `${name}-home`);
  let engine = await openEngine({ home, embedder: 'none' });
  let workspace = await engine.openWorkspace(root);
  const before = process.cpuUsage();
  await workspace.index();
  const indexCpu = cpuSince(before);
  const atGraph = process.cpuUsage();
  const started = performance.now();
  const { graph } = await workspace.codeGraph();
  const graphMs = performance.now() - started;
  const graphCpu = cpuSince(atGraph);
  await engine.close();

  engine = await openEngine({ home, embedder: 'none' });
  const opened = performance.now();
  workspace = await engine.openWorkspace(root);
  await workspace.codeGraph();
  const warmMs = performance.now() - opened;
  const { storeBytes, sourceBytes } = await workspace.status();
  await workspace.watch();
  const listed = await workspace.files({ limit: 1e9 });
  const code = listed.filter(({ language }) => referenceLanguages.includes(language));
  const times = await questions(workspace);
  const follow = await updates(
    workspace,
    code.map(({ path }) => path),
  );
  await engine.close();

  const texts = code.map(({ path, language }) => ({
    text: readFileSync(join(root, path), 'utf8'),
    language,
  }));
  const facts = await factsCost(texts);
  const share = graphCpu / Math.max(1, indexCpu);
  context.log(
    `${name}: ${code.length} files of code, graph adds x${round(share)} to ${Math.round(indexCpu)} ms`,
  );
  return {
    name,
    files: listed.length,
    codeFiles: code.length,
    symbols: graph.symbolCount,
    isPartial: graph.isPartial,
    unread: graph.unread.length,
    indexCpuMs: Math.round(indexCpu),
    factsCpuMs: Math.round(facts.ms),
    factsOverParse: facts.ms / Math.max(1, facts.parseMs),
    graphCpuMs: Math.round(graphCpu),
    graphMs: Math.round(graphMs),
    warmMs: Math.round(warmMs),
    share,
    callersMs: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) },
    updateMs: { p50: median(follow), p95: percentile(follow, 0.95) },
    factsOverSource: facts.bytes / Math.max(1, sourceBytes),
    factsOverIndex: facts.bytes / Math.max(1, storeBytes - facts.bytes),
  };
}

async function run(context: BenchContext): Promise<ScenarioResult> {
  const names = REPOSITORIES.slice(0, Math.max(1, Math.round(REPOSITORIES.length * context.scale)));
  const details: Awaited<ReturnType<typeof measure>>[] = [];
  for (const name of names) details.push(await measure(context, name));
  const figures: Figure[] = details.flatMap((d) => [
    {
      name: `${d.name}: graph / cold index, processor time`,
      value: round(d.share),
      unit: 'x',
      target: 0.3,
      note: `${d.codeFiles} files of code, ${d.symbols} definitions${d.isPartial ? ', partial' : ''}: graph ${d.graphCpuMs} ms, of which facts ${d.factsCpuMs} ms, x${round(d.factsOverParse)} of parsing alone; index ${d.indexCpuMs} ms`,
    },
    { name: `${d.name}: callers, p95`, value: round(d.callersMs.p95), unit: 'ms', target: 20 },
    {
      name: `${d.name}: an edit until the graph has it, median`,
      value: Math.round(d.updateMs.p50),
      unit: 'ms',
      note: `p95 ${Math.round(d.updateMs.p95)}; a warm start reads the graph in ${d.warmMs} ms`,
    },
    {
      name: `${d.name}: bytes of facts / index without them`,
      value: round(d.factsOverIndex),
      unit: 'x',
      note: `facts are ${round(d.factsOverSource)} of the source`,
    },
  ]);
  return {
    about: 'The graph beside a cold index of the same files: what it adds, how fast it answers and follows.',
    figures,
    details,
  };
}

export const scenario: Scenario = { name: 'graph', run };
