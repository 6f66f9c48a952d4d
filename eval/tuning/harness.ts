// Ranks the suites' queries in this process, so that a change of weights is measured in seconds. Reaches behind the
// engine's public door for the stages before text is read; the suites themselves run the command (run-suite.ts).
import path from 'node:path';
import { type EngineOptions, openEngine } from '../../packages/engine/src/index.ts';
import { normalizeName } from '../../packages/engine/src/lexical/tokenize.ts';
import { lastName } from '../../packages/engine/src/query/mentions.ts';
import { planQuery } from '../../packages/engine/src/query/plan-query.ts';
import { demotionOf, type RankedHit, rank, wishesOf } from '../../packages/engine/src/query/rank.ts';
import { liftRelated, relatedFiles } from '../../packages/engine/src/query/related-files.ts';
import { type Retrieved, retrieve } from '../../packages/engine/src/query/retrieve.ts';
import { firstOfEachFile } from '../../packages/engine/src/query/run-locate.ts';
import { decodedOutline, placeHit, searchWeights } from '../../packages/engine/src/query/run-search.ts';
import type { RankWeights, WeightTable } from '../../packages/engine/src/query/weights.ts';
import type { ComposedWorkspace } from '../../packages/engine/src/workspace/workspace.ts';
import type { Hit } from '../scoring/measures.ts';
import { type Job, planJobs } from '../suite/invoke.ts';
import type { Row } from '../truth.ts';

export interface Harness {
  /** Forgets retrieved candidates except those of the last parameters: call when a trial was accepted. */
  accept(): void;
  /** Results of every row under these weights, at most 20 each. */
  run(weights: WeightTable, rows?: readonly Row[], rescore?: Rescore): Promise<Map<string, Hit[]>>;
  close(): Promise<void>;
}

/** A signal on trial: ranked hits with other scores, in any order. */
export type Rescore = (workspace: ComposedWorkspace, hits: readonly RankedHit[]) => Promise<RankedHit[]>;

const LIMIT = 20;
const DEPTH = 400;
/** Candidates do not change while only the weights of their terms do: kept per query and parameters of retrieval. */
const memo = new Map<string, { readonly key: string; readonly retrieved: Retrieved }[]>();
/** The accepted parameters and those on trial. */
const KEPT = 2;

/** Which table of weights ranks a row. */
export function modeOf(row: Row): keyof WeightTable {
  if (row.task !== undefined) return 'locate';
  const { kind } = planQuery(row.query ?? '');
  return kind === 'words' || kind === 'report' ? 'search' : 'symbol';
}

export async function openHarness(
  rows: readonly Row[],
  corpora: string,
  home: string,
  options: Pick<EngineOptions, 'embedder' | 'adapts'> = {},
): Promise<Harness> {
  const engine = await openEngine({ home, ...options });
  const opened: { job: Job; workspace: ComposedWorkspace }[] = [];
  for (const job of planJobs(rows)) {
    const root = path.join(corpora, job.target.corpus, job.target.root);
    const workspace = (await engine.openWorkspace(root)) as ComposedWorkspace;
    const report = await workspace.index();
    const started = performance.now();
    const learned = (await workspace.adapt())
      ? `, learned in ${Math.round(performance.now() - started)} ms`
      : '';
    process.stderr.write(
      `${job.target.corpus} ${report.files} files, ${report.indexed} indexed, ${Math.round(report.ms)} ms${learned}\n`,
    );
    opened.push({ job, workspace });
  }
  return {
    async run(weights, only, rescore) {
      const wanted = only && new Set(only.map((row) => row.id));
      const run = new Map<string, Hit[]>();
      for (const { job, workspace } of opened) {
        for (const row of job.rows) {
          if (wanted && !wanted.has(row.id)) continue;
          run.set(row.id, await rankRow({ workspace, prefix: job.target.root, rescore }, row, weights));
        }
      }
      return run;
    },
    accept() {
      for (const [id, kept] of memo) memo.set(id, kept.slice(-1));
    },
    close: () => engine.close(),
  };
}

function withRelated(workspace: ComposedWorkspace, files: RankedHit[], table: RankWeights): RankedHit[] {
  return liftRelated(
    files,
    relatedFiles(workspace.query.view, files, workspace.query.changedTogether),
    table,
  );
}

interface Place {
  readonly workspace: ComposedWorkspace;
  readonly prefix: string;
  readonly rescore: Rescore | undefined;
}

async function rankRow(
  { workspace, prefix, rescore }: Place,
  row: Row,
  weights: WeightTable,
): Promise<Hit[]> {
  const index = workspace.query;
  const isTask = row.task !== undefined;
  const text = row.task ?? row.query ?? '';
  const plan = planQuery(text, isTask ? 'task' : 'search', index.ubiquitous());
  const table = isTask ? weights.locate : searchWeights(plan, weights);
  const key = JSON.stringify([table.bm25f, table.pathPlaces, table.history > 0, table.meaning > 0]);
  const kept = memo.get(row.id) ?? [];
  let known = kept.find((one) => one.key === key);
  if (!known) {
    known = {
      key,
      retrieved: await retrieve(index, plan, {
        weights: table,
        depth: DEPTH,
        oneEach: isTask,
        standing: (file) => demotionOf(file, table, wishesOf(plan)),
      }),
    };
    memo.set(row.id, [kept[0] ?? known, known].slice(0, KEPT));
  }
  const ranked = rank(known.retrieved.candidates, table, wishesOf(plan));
  const all = rescore
    ? (await rescore(workspace, ranked)).sort((a, b) => b.score - a.score || a.doc - b.doc)
    : ranked;
  const hits = isTask ? withRelated(workspace, firstOfEachFile(all), table) : all;
  const page = hits.slice(0, LIMIT + 20);
  const outlines = await index.outlines(page.map((hit) => hit.file.path));
  const names = new Set(plan.names.map(({ name }) => normalizeName(lastName(name))));
  const results: Hit[] = [];
  page.forEach((hit, i) => {
    const bytes = outlines[i];
    const { start, end } = placeHit(index, hit, bytes && decodedOutline(bytes), names);
    const overlaps = results.some(
      (other) => other.path === at(hit.file.path) && start <= (other.end ?? 0) && end >= (other.start ?? 0),
    );
    if (!overlaps && results.length < LIMIT) results.push({ path: at(hit.file.path), start, end });
  });
  return results;

  function at(file: string): string {
    return prefix === '' ? file : `${prefix}/${file}`;
  }
}
