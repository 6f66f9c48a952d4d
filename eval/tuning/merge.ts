// What merging the rankings of several repositories costs against asking the right one alone (docs/adr/0025). Every repository gets every query;
// the product's own merge is compared with simpler ones. Rows of `--truth` whose repository has a corpus; the same number of each source.
// Usage: node --conditions=source eval/tuning/merge.ts --truth DIR --corpora DIR --home DIR --repo OWNER/NAME --repo … [--each 25]
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  openEngine,
  type SearchAnswer,
  type SearchHit,
  type Workspace,
} from '../../packages/engine/src/index.ts';
import {
  coveredShares,
  mergeRankings,
  type RankedList,
} from '../../packages/server/src/operations/merge-rankings.ts';
import { mean } from '../scoring/bootstrap.ts';
import { scoreRun } from '../scoring/measures.ts';
import { table } from '../scoring/tables.ts';
import { type Job, planJobs } from '../suite/invoke.ts';
import { loadRows, type Row } from '../truth.ts';

const LIMIT = 20;

const { values: options } = parseArgs({
  options: {
    truth: { type: 'string', default: '../shared/eval/dev' },
    corpora: { type: 'string' },
    home: { type: 'string' },
    repo: { type: 'string', multiple: true, default: [] },
    each: { type: 'string', default: '25' },
  },
});
if (!options.corpora || !options.home || options.repo.length < 2)
  throw new Error('--corpora, --home and two --repo at least are needed');

type Answers = readonly SearchAnswer[];
type Asked = { readonly row: Row; readonly own: number; readonly answers: Answers };
type Factors = (answers: Answers) => readonly number[];

const bestScore = ({ hits }: SearchAnswer) => hits[0]?.score ?? 0;

/** The k-th of each list before the next of any: what can be done without comparing scores. */
function interleaved(answers: Answers): { hit: SearchHit; list: number }[] {
  const order = answers
    .map((_, i) => i)
    .sort((a, b) => bestScore(answers[b] as SearchAnswer) - bestScore(answers[a] as SearchAnswer));
  return Array.from({ length: LIMIT }, (_, rank) => rank)
    .flatMap((rank) => order.map((list) => ({ hit: answers[list]?.hits[rank], list })))
    .flatMap(({ hit, list }) => (hit === undefined ? [] : [{ hit, list }]))
    .slice(0, LIMIT);
}

const byFactor = (factors: Factors) => (answers: Answers) => {
  const chosen = factors(answers);
  const lists: RankedList<SearchHit>[] = answers.map(({ hits }, i) => ({ hits, factor: chosen[i] ?? 1 }));
  return mergeRankings(lists, LIMIT);
};

const MERGES = {
  'by rank, in turn': interleaved,
  "each list's best = 1": byFactor((answers) =>
    answers.map((answer) => 1 / Math.max(1e-9, bestScore(answer))),
  ),
  'scores as they are': byFactor((answers) => answers.map(() => 1)),
  'scores x covered share': byFactor((answers) => coveredShares(answers.map(({ plan }) => plan))),
} as const;

/** Of each repository, the tree that most of its rows are about. */
function jobOf(repo: string): Job {
  const jobs = planJobs(rows.filter((row) => row.repo === repo));
  const [first] = jobs.sort((a, b) => b.rows.length - a.rows.length);
  if (first === undefined) throw new Error(`no row is about ${repo}`);
  return first;
}

const engine = await openEngine({ home: options.home });
const rows = loadRows(options.truth);
const opened: { workspace: Workspace; rows: Row[] }[] = [];
for (const { target, rows: own } of options.repo.map(jobOf)) {
  const workspace = await engine.openWorkspace(path.join(options.corpora, target.corpus, target.root));
  await workspace.index();
  const bySource = Object.values(Object.groupBy(own, ({ source }) => source));
  opened.push({ workspace, rows: bySource.flatMap((some = []) => some.slice(0, Number(options.each))) });
}

async function ask(row: Row): Promise<Answers> {
  const common = { limit: LIMIT, maxTokens: 100_000, detail: 'locations', explain: true } as const;
  const answers: SearchAnswer[] = [];
  for (const { workspace } of opened)
    answers.push(
      row.task === undefined
        ? await workspace.search({ query: row.query ?? '', ...common })
        : await workspace.locate({ task: row.task, ...common }),
    );
  return answers;
}

/** Paths of another repository than the row's own are no path of its truth. */
const found = (hits: readonly { hit: SearchHit; list: number }[], own: number) =>
  hits.map(({ hit, list }) => ({ ...hit, path: list === own ? hit.path : `${list}:${hit.path}` }));

const asked: Asked[] = [];
for (const [own, { rows: some }] of opened.entries())
  for (const row of some) asked.push({ row, own, answers: await ask(row) });
const chosen = asked.map(({ row }) => row);
const line = (label: string, hitsOf: (one: Asked) => { hit: SearchHit; list: number }[]) => {
  const run = new Map(asked.map((one) => [one.row.id, found(hitsOf(one), one.own)]));
  const scores = [...scoreRun(chosen, run).values()];
  return [
    label,
    ...(['MRR', 'nDCG@10'] as const).map((measure) =>
      mean(scores.map((each) => each[measure] ?? 0)).toFixed(3),
    ),
  ];
};
const lines = [
  line('the right repository alone', ({ own, answers }) =>
    (answers[own]?.hits ?? []).map((hit) => ({ hit, list: own })),
  ),
  ...Object.entries(MERGES).map(([label, merge]) => line(label, ({ answers }) => [...merge(answers)])),
];
console.log(
  `${asked.length} queries, ${opened.length} repositories\n\n${table(['', 'MRR', 'nDCG@10'], lines)}`,
);
await engine.close();
