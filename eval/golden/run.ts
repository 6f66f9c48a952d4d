/**
 * Golden ranks: hand-written queries over committed files, and at which rank the engine finds what was meant.
 * Usage: npm run golden               compares with ranks.tsv and shows every line that changed
 *        npm run golden -- --write    accepts the ranks as they are now
 * A change of ranking shows in review as changed lines. Corpora are copied to a folder without git, so that neither
 * history nor what lies around on this machine can change a rank. Knows the engine by its public door only.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine, type SearchHit, type Workspace } from '@conexus/engine';
import { type Corpus, copyCorpus, corpora } from './corpora.ts';
import {
  compareLines,
  type GoldenQuery,
  type GoldenRank,
  matchesSymbol,
  parseQueries,
  renderRanks,
} from './ranks.ts';

const folder = import.meta.dirname;
const ranksFile = join(folder, 'ranks.tsv');

/** Ranks beyond are "not found": nobody reads that far. */
const depth = 20;

async function main(write: boolean): Promise<number> {
  const queries = parseQueries(readFileSync(join(folder, 'queries.tsv'), 'utf8'));
  const scratch = mkdtempSync(join(tmpdir(), 'conexus-golden-'));
  try {
    const engine = await openEngine({ home: join(scratch, 'home') });
    const ranks: GoldenRank[] = [];
    for (const corpus of corpora) {
      const own = queries.filter((query) => query.corpus === corpus);
      ranks.push(...(await rankCorpus(engine, corpus, join(scratch, corpus), own)));
    }
    await engine.close();
    return settle(renderRanks(ranks), write);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

type Engine = Awaited<ReturnType<typeof openEngine>>;

async function rankCorpus(
  engine: Engine,
  corpus: Corpus,
  root: string,
  queries: readonly GoldenQuery[],
): Promise<GoldenRank[]> {
  copyCorpus(corpus, root);
  const gone = queries.filter((query) => !existsSync(join(root, query.path)));
  if (gone.length > 0) {
    throw new Error(
      `queries.tsv expects files that do not exist: ${gone.map((query) => query.path).join(', ')}`,
    );
  }
  const workspace = await engine.openWorkspace(root);
  await workspace.index();
  const ranks: GoldenRank[] = [];
  for (const query of queries) ranks.push(rankOf(query, await ask(workspace, query)));
  await workspace.close();
  return ranks;
}

async function ask(workspace: Workspace, query: GoldenQuery): Promise<readonly SearchHit[]> {
  const options = { limit: depth, maxTokens: 50_000, detail: 'locations' } as const;
  const answer =
    query.kind === 'task'
      ? await workspace.locate({ task: query.text, ...options })
      : await workspace.search({ query: query.text, ...options });
  return answer.hits;
}

/** Rank of the first hit in the expected file that shows the expected symbol. */
function rankOf(query: GoldenQuery, hits: readonly SearchHit[]): GoldenRank {
  const index = hits.findIndex((hit) => hit.path === query.path && matchesSymbol(query.symbol, hit.symbol));
  const first = hits[0];
  const top =
    first === undefined ? '-' : `${first.path}${first.symbol === undefined ? '' : `#${first.symbol}`}`;
  return { query, rank: index === -1 ? undefined : index + 1, top };
}

function settle(text: string, write: boolean): number {
  const before = existsSync(ranksFile) ? readFileSync(ranksFile, 'utf8') : '';
  const changes = compareLines(before, text);
  for (const change of changes) console.log(change);
  if (changes.length === 0) {
    console.log('golden ranks unchanged');
    return 0;
  }
  if (!write) {
    console.log('\nranks differ from eval/golden/ranks.tsv; where that is meant: npm run golden -- --write');
    return 1;
  }
  writeFileSync(ranksFile, text);
  console.log(`\nwrote eval/golden/ranks.tsv`);
  return 0;
}

process.exitCode = await main(process.argv.includes('--write'));
