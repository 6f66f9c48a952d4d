// Makes the pairs that the static embedding is trained on, from the corpora of prepare-corpora.ts.
//   nice node training/extract-pairs.ts --corpora DIR --out FILE [--parts DIR] [--lock FILE] [--only OWNER/NAME]...
// Each repository's pairs are kept in --parts: a run that was ended goes on, and nothing is extracted twice. Remove the folder
// after a change of the extraction.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { PAIR_KINDS, type PairSet } from '../packages/engine/src/embedding/pair-set.ts';
import { decodePairSet, encodePairSet } from '../packages/engine/src/embedding/pair-set-format.ts';
import { corpusPairs } from './extract/corpus-pairs.ts';
import { mergePairSets } from './extract/merge-sets.ts';
import { type CorpusEntry, corpusFolder, faultsOf, LOCK_FILE, readLock } from './lock.ts';

async function partOf(corpora: string, parts: string, entry: CorpusEntry): Promise<PairSet> {
  const file = path.join(parts, `${corpusFolder(entry)}.pairs`);
  if (existsSync(file)) return decodePairSet(readFileSync(file));
  const root = path.join(corpora, corpusFolder(entry));
  if (!existsSync(root)) throw new Error(`${entry.repo} is not in ${corpora}: run prepare-corpora.ts`);
  const started = performance.now();
  const set = await corpusPairs({ repo: entry.repo, root, skip: entry.skip ?? [] });
  writeFileSync(`${file}.part`, encodePairSet(set));
  renameSync(`${file}.part`, file);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${entry.repo}: ${set.kindOf.length} pairs in ${seconds} s (${kindsOf(set)})\n`);
  return set;
}

function kindsOf(set: PairSet, pairs: Iterable<number> = set.kindOf.keys()): string {
  const counts = PAIR_KINDS.map(() => 0);
  for (const pair of pairs) counts[set.kindOf[pair] as number]! += 1;
  return PAIR_KINDS.map((kind, i) => `${kind} ${counts[i]}`).join(', ');
}

/** Counts by language, then of all. */
function summary(set: PairSet, entries: readonly CorpusEntry[]): string {
  const languageOf = new Map(entries.map((entry) => [entry.repo, entry.language]));
  const pairs = [...set.kindOf.keys()];
  const byLanguage = Map.groupBy(
    pairs,
    (pair) => languageOf.get(set.groups[set.groupOf[pair] as number] ?? '') ?? '',
  );
  const rows = [...byLanguage].sort((a, b) => b[1].length - a[1].length);
  const lines = rows.map(([language, of]) => `${language}: ${of.length} (${kindsOf(set, of)})`);
  const average = (set.docTerms.length / Math.max(1, pairs.length)).toFixed(0);
  lines.push(`all: ${pairs.length} pairs of ${set.groups.length} repositories (${kindsOf(set)})`);
  lines.push(`${set.terms.length} terms, ${average} a chunk, ${set.queryTerms.length} in all queries`);
  return lines.join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      corpora: { type: 'string' },
      out: { type: 'string' },
      parts: { type: 'string' },
      lock: { type: 'string', default: LOCK_FILE },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  const { corpora, out, only } = values;
  if (corpora === undefined || out === undefined) throw new Error('--corpora DIR and --out FILE are needed');
  const parts = values.parts ?? `${out}.parts`;
  mkdirSync(parts, { recursive: true });
  const lock = readLock(values.lock);
  const faults = faultsOf(lock, new Set());
  if (faults.length > 0) throw new Error(faults.join('\n'));
  // Repositories with the role `tune` never get this far.
  const entries = lock.filter(
    (entry) => entry.role === 'train' && (only.length === 0 || only.includes(entry.repo)),
  );
  const started = performance.now();
  for (const entry of entries) await partOf(corpora, parts, entry);
  const set = mergePairSets(readParts(parts, entries));
  const bytes = encodePairSet(set);
  writeFileSync(`${out}.part`, bytes);
  renameSync(`${out}.part`, out);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  process.stdout.write(`${summary(set, entries)}\n${bytes.length} bytes, sha256 ${sha256}, ${seconds} s\n`);
}

/** One at a time: all parts together do not fit beside the whole. */
function* readParts(parts: string, entries: readonly CorpusEntry[]): Generator<PairSet> {
  for (const entry of entries)
    yield decodePairSet(readFileSync(path.join(parts, `${corpusFolder(entry)}.pairs`)));
}

await main();
