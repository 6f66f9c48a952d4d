// Makes the suites that weights are tuned on, from the repositories with the role `tune`: docstrings, symbols, commits and
// issue-like bodies, in the format of eval/truth.ts, so that eval/prepare-corpora.ts and eval/run-suite.ts take them by --truth.
//   node training/make-tuning-suites.ts --corpora DIR --out DIR [--only OWNER/NAME]...
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import type { Row, StripRange } from '../eval/truth.ts';
import { type CorpusEntry, corpusFolder, LOCK_FILE, readLock } from './lock.ts';
import { commitQueries } from './tuning/commit-queries.ts';
import { docstringQueries, symbolQueries } from './tuning/definition-queries.ts';
import { repositoryAt } from './tuning/repository-at.ts';

const DOCSTRINGS = 60;
const SYMBOLS = 12;
const COMMITS = 40;

export interface Suite {
  readonly base: string;
  readonly search: readonly Row[];
  readonly locate: readonly Row[];
  readonly strips: readonly StripRange[];
}

/** @throws Error for a repository without enough of a past */
export async function suiteOf(root: string, entry: CorpusEntry): Promise<Suite> {
  const { repo, language: lang } = entry;
  const at = await repositoryAt(root, entry.skip ?? [], COMMITS);
  const commit = at.hash;
  const name = repo.slice(repo.indexOf('/') + 1);
  const row = { repo, commit, lang, split: 'tune' };
  const numbered = (kind: string, i: number) => `${kind}-${name}-${String(i).padStart(3, '0')}`;
  const relevant = ({ path, start, end }: { path: string; start: number; end: number }) => [
    { path, start, end },
  ];
  const docstrings = docstringQueries(at.sources, DOCSTRINGS);
  const symbols = symbolQueries(at.sources, SYMBOLS);
  return {
    base: commit,
    search: [
      ...docstrings.map((asked, i) => ({
        id: numbered('tdoc', i),
        ...row,
        query: asked.query,
        relevant: relevant(asked),
        source: 'docstring',
        name: asked.name,
      })),
      ...symbols.map((asked, i) => ({
        id: numbered('tsym', i),
        ...row,
        query: asked.query,
        relevant: relevant(asked),
        source: 'symbol',
      })),
    ],
    locate: commitQueries(at.tasks, COMMITS).map(({ source, hash, task, gold, namesFile }) => ({
      id: `t${source}-${name}-${hash.slice(0, 8)}`,
      ...row,
      task,
      gold,
      source,
      stem_in_task: namesFile,
      fix: hash,
    })),
    strips: docstrings.map((asked) => ({
      repo,
      commit,
      path: asked.path,
      start: asked.docStart,
      end: asked.docEnd,
    })),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      corpora: { type: 'string' },
      out: { type: 'string' },
      lock: { type: 'string', default: LOCK_FILE },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  const { corpora, out, only } = values;
  if (corpora === undefined || out === undefined) throw new Error('--corpora DIR and --out DIR are needed');
  const entries = readLock(values.lock).filter(
    ({ role, repo }) => role === 'tune' && (only.length === 0 || only.includes(repo)),
  );
  const suites: (readonly [string, Suite])[] = [];
  for (const entry of entries) {
    const suite = await suiteOf(path.resolve(corpora, corpusFolder(entry)), entry);
    suites.push([entry.repo, suite]);
    const counts = [...Map.groupBy([...suite.search, ...suite.locate], (row) => row.source)];
    const text = counts.map(([source, rows]) => `${source} ${rows.length}`).join(', ');
    process.stdout.write(`${entry.repo}@${suite.base.slice(0, 12)}: ${text}\n`);
  }
  mkdirSync(out, { recursive: true });
  const write = (name: string, rows: readonly unknown[]): void =>
    writeFileSync(path.join(out, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  write(
    'search',
    suites.flatMap(([, suite]) => suite.search),
  );
  write(
    'locate',
    suites.flatMap(([, suite]) => suite.locate),
  );
  write(
    'strips',
    suites.flatMap(([, suite]) => suite.strips),
  );
  const bases = Object.fromEntries(suites.map(([repo, suite]) => [repo, suite.base]));
  writeFileSync(path.join(out, 'bases.json'), `${JSON.stringify(bases, null, 1)}\n`);
}

if (import.meta.main) await main();
