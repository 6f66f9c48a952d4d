// What the call graph is worth as a term of the ranking, beside the ranking as it is: prints a table.
//   node eval/tuning/graph-signal.ts --corpora DIR --home DIR [--truth DIR] [--only REPO]...
// Only repositories of languages that have a graph say anything. Paired bootstrap over queries; docs/adr/0026-graph-and-ranking.md judges.
import { parseArgs } from 'node:util';
import type { CodeGraph } from '../../packages/engine/src/model/code-graph.ts';
import { chunkLines, type RankedHit } from '../../packages/engine/src/query/rank.ts';
import { WEIGHTS } from '../../packages/engine/src/query/weights.ts';
import type { ComposedWorkspace } from '../../packages/engine/src/workspace/workspace.ts';
import { mean, pairedBootstrap } from '../scoring/bootstrap.ts';
import { type Measure, scoreRun } from '../scoring/measures.ts';
import { table } from '../scoring/tables.ts';
import { loadRows } from '../truth.ts';
import { openHarness, type Rescore } from './harness.ts';

/** Hits that give and that take: the rest of the candidates is too far down to matter. */
const LEADERS = 60;
const TESTS = 200;
const TAKERS = 300;

interface Signal {
  readonly name: string;
  /** Share of a caller's score that its callee gets, divided by the root of callees times callers. */
  readonly fromCaller?: number;
  /** The same of a test. */
  readonly fromTest?: number;
  /** Share of a callee's score that its caller gets. */
  readonly fromCallee?: number;
  /** Weight of ln(1 + callers) as a factor. */
  readonly callers?: number;
}

const SIGNALS: readonly Signal[] = [
  { name: 'as it is' },
  { name: 'often called', callers: 0.02 },
  { name: 'called by hits', fromCaller: 0.2 },
  { name: 'called by tests', fromTest: 0.4 },
  { name: 'called by hits and tests', fromCaller: 0.2, fromTest: 0.2 },
  { name: 'calls hits', fromCallee: 0.1 },
];

const { values: options } = parseArgs({
  options: {
    corpora: { type: 'string' },
    home: { type: 'string' },
    truth: { type: 'string', default: '../shared/eval/dev' },
    only: { type: 'string', multiple: true, default: [] },
  },
});
if (!options.corpora || !options.home) throw new Error('--corpora and --home are needed');

const rows = loadRows(options.truth).filter(
  ({ repo }) => options.only.length === 0 || options.only.includes(repo),
);
const harness = await openHarness(rows, options.corpora, options.home);
const graphs = new Map<ComposedWorkspace, Promise<CodeGraph>>();

function graphOf(workspace: ComposedWorkspace): Promise<CodeGraph> {
  const known = graphs.get(workspace);
  if (known) return known;
  const graph = workspace.codeGraph().then((answer) => answer.graph);
  graphs.set(workspace, graph);
  return graph;
}

/** Definitions that begin in the hit's chunk, else the function that it lies in. */
function symbolsOf(graph: CodeGraph, hit: RankedHit): readonly string[] {
  const { start, end } = chunkLines(hit);
  const inside = graph
    .inFile(hit.file.path)
    .filter((symbol) => symbol.kind !== 'module' && symbol.start >= start && symbol.start <= end);
  if (inside.length > 0) return inside.map(({ id }) => id);
  const around = graph.at(hit.file.path, start);
  return around && (around.kind === 'function' || around.kind === 'method') ? [around.id] : [];
}

const called = (graph: CodeGraph, id: string) => new Set(graph.outgoing(id, 'calls').map((edge) => edge.to));
const calling = (graph: CodeGraph, id: string) =>
  new Set(graph.incoming(id, 'calls').map((edge) => edge.from));

function rescoreBy(signal: Signal): Rescore {
  return async (workspace, hits) => {
    const graph = await graphOf(workspace);
    const takers = hits.slice(0, TAKERS);
    const symbols = takers.map((hit) => symbolsOf(graph, hit));
    const holder = new Map<string, number>();
    symbols.forEach((ids, i) => {
      for (const id of ids) if (!holder.has(id)) holder.set(id, i);
    });
    const gained = new Float64Array(takers.length);
    const give = (from: number, to: string, share: number) => {
      const i = holder.get(to);
      const { score = 0, demotion = 1 } = takers[from] ?? {};
      if (i !== undefined && i !== from)
        gained[i] = Math.max(gained[i] as number, (share * score) / demotion);
    };
    takers.slice(0, TESTS).forEach((hit, i) => {
      const isTest = hit.file.kind === 'test';
      const down = isTest ? (signal.fromTest ?? 0) : i < LEADERS ? (signal.fromCaller ?? 0) : 0;
      const up = i < LEADERS ? (signal.fromCallee ?? 0) : 0;
      for (const id of symbols[i] ?? []) {
        const [below, above] = [called(graph, id), calling(graph, id)];
        if (down > 0)
          for (const to of below) give(i, to, down / Math.sqrt(below.size * calling(graph, to).size));
        if (up > 0) for (const to of above) give(i, to, up / Math.sqrt(above.size * called(graph, to).size));
      }
    });
    return hits.map((hit, i) => {
      const callers = Math.max(0, ...(symbols[i] ?? []).map((id) => calling(graph, id).size));
      const factor = 1 + (signal.callers ?? 0) * Math.log1p(callers);
      return { ...hit, score: hit.score * factor + (gained[i] ?? 0) * hit.demotion };
    });
  };
}

const groups = [...Map.groupBy(rows, ({ source }) => source)].sort(([a], [b]) => (a < b ? -1 : 1));
const columns = groups.flatMap(([source, members]) =>
  (source === 'docstring' ? (['nDCG@10', 'cMRR'] as const) : (['nDCG@10'] as const)).map((measure) => ({
    source,
    members,
    measure: measure as Measure,
  })),
);
let base: ReturnType<typeof scoreRun> | undefined;
const lines: string[][] = [];
for (const signal of SIGNALS) {
  const scores = scoreRun(rows, await harness.run(WEIGHTS, rows, base && rescoreBy(signal)));
  const cells = columns.map(({ members, measure }) => {
    const of = (all: typeof scores) => members.map(({ id }) => all.get(id)?.[measure] ?? 0);
    const figure = mean(of(scores)).toFixed(3);
    if (!base) return figure;
    const { low, high } = pairedBootstrap(of(scores), of(base));
    return `${figure} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  });
  base ??= scores;
  lines.push([signal.name, ...cells]);
}
process.stdout.write(
  `${table(['signal', ...columns.map(({ source, members, measure }) => `${source} ${measure}, ${members.length}`)], lines)}\n`,
);
await harness.close();
