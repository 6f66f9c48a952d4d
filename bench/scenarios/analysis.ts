/** How long reports on code take with the graph loaded: definitions, files and questions, on the largest repositories of the corpora. */
import { openEngine } from '@conexus/engine';
import type { BenchContext, Figure, Scenario, ScenarioResult } from '../support/context.ts';
import { corpus } from '../support/corpora.ts';
import { percentile, randomFrom, round } from '../support/numbers.ts';

const REPOSITORIES = ['workers-sdk', 'netty', 'tailscale', 'sqlalchemy', 'uv'];
const DEFINITIONS = 300;
const FILES = 60;
const QUESTIONS = [
  'where is a connection closed',
  'how are errors retried',
  'parse the configuration file',
  'what writes to the cache',
  'how is a request authenticated',
];
/** Steps that decide what is analyzed; the graph is there before. */
const PLANNING = new Set(['route', 'locate']);

async function measure(context: BenchContext, name: string) {
  const engine = await openEngine({ home: `${context.work}/${name}-home`, embedder: 'none' });
  const workspace = await engine.openWorkspace(corpus(context.corpora, name));
  await workspace.index();
  await workspace.watch();
  const { graph } = await workspace.codeGraph();
  const files = (await workspace.files({ limit: 1e9 })).filter(({ path }) => graph.inFile(path).length > 1);
  const random = randomFrom(11);
  const one = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const times = { definition: [] as number[], file: [] as number[], question: [] as number[] };
  const planning: number[] = [];
  const ask = async (kind: keyof typeof times, target: string) => {
    const started = performance.now();
    const { steps } = await workspace.analyze({ target });
    times[kind].push(performance.now() - started);
    // Words are looked for by search, which has a bound of its own.
    if (kind !== 'question')
      planning.push(steps.filter((step) => PLANNING.has(step.name)).reduce((sum, { ms }) => sum + ms, 0));
  };
  await ask('definition', one(graph.inFile(one(files).path)).id);
  times.definition.length = 0;
  planning.length = 0;
  for (let i = 0; i < DEFINITIONS; i++) await ask('definition', one(graph.inFile(one(files).path)).id);
  for (let i = 0; i < FILES; i++) await ask('file', one(files).path);
  for (const question of QUESTIONS) await ask('question', question);
  await engine.close();
  const all = Object.values(times).flat();
  context.log(`${name}: p95 ${Math.round(percentile(all, 0.95))} ms`);
  return { name, files: files.length, symbols: graph.symbolCount, times, planning, all };
}

async function run(context: BenchContext): Promise<ScenarioResult> {
  const names = REPOSITORIES.slice(0, Math.max(1, Math.round(REPOSITORIES.length * context.scale)));
  const details: Awaited<ReturnType<typeof measure>>[] = [];
  for (const name of names) details.push(await measure(context, name));
  const figures: Figure[] = details.flatMap((d) => [
    {
      name: `${d.name}: a report, p95`,
      value: round(percentile(d.all, 0.95)),
      unit: 'ms',
      target: 300,
      note: `${d.files} files, ${d.symbols} definitions; definitions ${Math.round(percentile(d.times.definition, 0.95))}, files ${Math.round(percentile(d.times.file, 0.95))}, questions ${Math.round(percentile(d.times.question, 0.95))}; median ${round(percentile(d.all, 0.5))}`,
    },
    {
      name: `${d.name}: planning and routing, p95`,
      value: round(percentile(d.planning, 0.95)),
      unit: 'ms',
      target: 5,
    },
  ]);
  return { about: 'Reports on code, with the graph loaded.', figures, details };
}

export const scenario: Scenario = { name: 'analysis', run };
