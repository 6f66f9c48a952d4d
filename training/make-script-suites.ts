// Suites of doc comments in Chinese, Japanese or Korean, from repositories of the lock: questions in another script than the code.
//   node --conditions=source training/make-script-suites.ts --corpora DIR --out DIR OWNER/NAME...
// Repositories of role `train` are for weights trained `--without` them. Writes search.jsonl, locate.jsonl (empty), strips.jsonl, bases.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { corpusPaths, readSource, type SourceFile } from './extract/source-files.ts';
import { corpusFolder, readLock } from './lock.ts';
import { type Asked, docstringQueries } from './tuning/definition-queries.ts';

const MAX_QUESTIONS = 120;
const MIN_CHARACTERS = 4;
const SCRIPTS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

const { values, positionals } = parseArgs({
  options: { corpora: { type: 'string' }, out: { type: 'string' } },
  allowPositionals: true,
});
const { corpora, out } = values;
if (corpora === undefined || out === undefined || positionals.length === 0)
  throw new Error('--corpora DIR, --out DIR and repositories of the lock are needed');

async function questionsOf(root: string, skip: readonly string[]): Promise<Asked[]> {
  const sources: SourceFile[] = [];
  for (const file of corpusPaths(root, skip)) {
    const source = await readSource(root, file);
    if (source !== undefined) sources.push(source);
  }
  return docstringQueries(sources, Number.MAX_SAFE_INTEGER)
    .filter(({ query }) => (query.match(SCRIPTS) ?? []).length >= MIN_CHARACTERS)
    .slice(0, MAX_QUESTIONS);
}

const search: object[] = [];
const strips: object[] = [];
const bases: Record<string, string> = {};
const lock = readLock();
for (const repo of positionals) {
  const entry = lock.find((one) => one.repo === repo);
  if (entry === undefined) throw new Error(`${repo} is not in the lock`);
  const { commit, language: lang } = entry;
  bases[repo] = commit;
  for (const { query, path: file, start, end, docStart, docEnd } of await questionsOf(
    path.join(corpora, corpusFolder(entry)),
    entry.skip ?? [],
  )) {
    const id = `script-${repo.replace('/', '-')}-${search.length}`;
    const relevant = [{ path: file, start, end }];
    search.push({ id, repo, commit, lang, split: 'tune', source: 'script', query, relevant });
    strips.push({ repo, commit, path: file, start: docStart, end: docEnd });
  }
}
mkdirSync(out, { recursive: true });
const write = (file: string, rows: readonly object[]) =>
  writeFileSync(path.join(out, file), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
write('search.jsonl', search);
write('locate.jsonl', []);
write('strips.jsonl', strips);
writeFileSync(path.join(out, 'bases.json'), `${JSON.stringify(bases, undefined, 2)}\n`);
