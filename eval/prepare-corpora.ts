// Makes the working trees that the ground truth asks for, from mirrors on this machine, and pins them in corpora.lock.json.
//   node eval/prepare-corpora.ts --mirrors DIR --out DIR [--truth DIR] [--only REPO]... [--force] [--lock FILE]
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { COCLR_REPO, writePool } from './corpora/cosqa-pool.ts';
import { checkOut, findMirror, git, hasCommit, headOf, trackedFiles } from './corpora/git-tree.ts';
import { licenceOf, licenceOfText } from './corpora/licence.ts';
import { COSQA_REPO, corpusName } from './corpora/names.ts';
import { stripTree } from './corpora/strip.ts';
import { loadBases, loadRows, loadStrips, type Row, type StripRange } from './truth.ts';

const HERE = import.meta.dirname;

/** The pool's file has not changed since CoCLR was published; pinned all the same. */
const COCLR_COMMIT = '14ebcacf9e9b';

export interface LockEntry {
  readonly corpus: string;
  readonly repo: string;
  readonly commit: string;
  /** Folder to index; empty for the whole tree. */
  readonly root: string;
  readonly licence: string;
  readonly strippedRanges: number;
  readonly files: number;
  readonly queries: number;
}

interface Wanted {
  readonly repo: string;
  readonly commit: string | null;
  readonly root: string;
  readonly queries: number;
}

interface Options {
  readonly mirrors: string;
  readonly out: string;
  readonly truth: string;
  readonly lock: string;
  readonly only: readonly string[];
  readonly force: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      mirrors: { type: 'string' },
      out: { type: 'string' },
      truth: { type: 'string', default: path.join(HERE, '../../shared/eval/dev') },
      lock: { type: 'string', default: path.join(HERE, 'corpora.lock.json') },
      only: { type: 'string', multiple: true, default: [] },
      force: { type: 'boolean', default: false },
    },
  });
  const { mirrors, out } = values;
  if (mirrors === undefined || out === undefined) throw new Error('--mirrors DIR and --out DIR are needed');
  return { ...values, mirrors: path.resolve(mirrors), out: path.resolve(out) };
}

/** One entry per (repository, commit, root), in a fixed order. */
export function wantedCorpora(rows: readonly Row[]): Wanted[] {
  const groups = Map.groupBy(rows, (row) => `${row.repo} ${row.commit ?? ''} ${row.root ?? ''}`);
  const wanted = [...groups.values()].flatMap((group) => {
    const row = group[0];
    return row === undefined
      ? []
      : [{ repo: row.repo, commit: row.commit, root: row.root ?? '', queries: group.length }];
  });
  const order = (entry: Wanted): string => `${entry.repo}@${entry.commit ?? ''}:${entry.root}`;
  return wanted.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function isReady(dir: string, commit: string, strips: number): boolean {
  const mark = path.join(dir, '.git', 'conexus-corpus');
  return headOf(dir) === commit && existsSync(mark) && readFileSync(mark, 'utf8') === `${commit} ${strips}\n`;
}

function prepareTree(
  options: Options,
  wanted: Wanted,
  commit: string,
  strips: readonly StripRange[],
): LockEntry {
  const { repo, root, queries } = wanted;
  const mirror = findMirror(options.mirrors, repo);
  if (mirror === undefined) throw new Error(`no mirror of ${repo} in ${options.mirrors}`);
  if (!hasCommit(mirror, commit)) throw new Error(`commit ${commit} is not in the mirror of ${repo}`);
  const corpus = corpusName(repo, commit);
  const dir = path.join(options.out, corpus);
  if (options.force || !isReady(dir, commit, strips.length)) {
    checkOut(mirror, commit, dir, (tree) => {
      stripTree(tree, strips);
      // Written last: a tree without this mark is made again.
      writeFileSync(path.join(tree, '.git', 'conexus-corpus'), `${commit} ${strips.length}\n`);
    });
  }
  const files = trackedFiles(dir, root).length;
  return {
    corpus,
    repo,
    commit,
    root,
    licence: licenceOf(dir),
    strippedRanges: strips.length,
    files,
    queries,
  };
}

function preparePool(options: Options, queries: number): LockEntry {
  const mirror = findMirror(options.mirrors, COCLR_REPO);
  if (mirror === undefined) throw new Error(`no mirror of ${COCLR_REPO} in ${options.mirrors}`);
  const commit = git(mirror, ['rev-parse', `${COCLR_COMMIT}^{commit}`]).trim();
  const dir = path.join(options.out, corpusName(COSQA_REPO, null));
  const part = `${dir}.part`;
  rmSync(part, { recursive: true, force: true });
  const files = writePool(mirror, commit, part);
  rmSync(dir, { recursive: true, force: true });
  renameSync(part, dir);
  const licence = licenceOfText(git(mirror, ['show', `${commit}:LICENSE`])) ?? 'unknown';
  const corpus = corpusName(COSQA_REPO, null);
  return { corpus, repo: COCLR_REPO, commit, root: '', licence, strippedRanges: 0, files, queries };
}

function prepareAll(options: Options): { entries: LockEntry[]; failures: string[] } {
  const strips = loadStrips(options.truth);
  const bases = loadBases(options.truth);
  const entries: LockEntry[] = [];
  const failures: string[] = [];
  for (const wanted of wantedCorpora(loadRows(options.truth))) {
    const { repo, commit } = wanted;
    if (options.only.length > 0 && !options.only.includes(repo)) continue;
    try {
      const ranges =
        bases[repo] === commit ? strips.filter((s) => s.repo === repo && s.commit === commit) : [];
      const entry =
        commit === null ? preparePool(options, wanted.queries) : prepareTree(options, wanted, commit, ranges);
      entries.push(entry);
      process.stdout.write(
        `ready  ${entry.corpus} ${entry.root} ${entry.files} files, ${entry.strippedRanges} ranges blanked\n`,
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`${repo}@${commit ?? ''}: ${reason}`);
      process.stderr.write(`FAILED ${repo}@${commit ?? ''}: ${reason}\n`);
    }
  }
  return { entries, failures };
}

/** What was not made this time keeps its pin. */
function writeLock(file: string, entries: readonly LockEntry[]): void {
  const key = (entry: LockEntry): string => `${entry.corpus}:${entry.root}`;
  const old = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { corpora: LockEntry[] }).corpora
    : [];
  const merged = new Map([...old, ...entries].map((entry) => [key(entry), entry]));
  const corpora = [...merged.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  writeFileSync(file, `${JSON.stringify({ corpora }, null, 2)}\n`);
}

function main(): void {
  const options = readOptions();
  mkdirSync(options.out, { recursive: true });
  const { entries, failures } = prepareAll(options);
  writeLock(options.lock, entries);
  process.stdout.write(`${entries.length} corpora ready, ${failures.length} failed\n`);
  if (failures.length > 0) process.exitCode = 1;
}

if (import.meta.main) main();
