// What adaptation to a repository is worth on the tuning suites: shipped weights beside weights adapted to each repository.
//   node training/measure-adaptation.ts --model FILE --truth DIR --corpora DIR [--steps N] [--kinds docstring,name,commit]
// The asked doc comments are blanked in the trees; others that share half of their words with a question are left out; commits are
// ancestors of the base, so older than every task.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { decodeModel } from '../packages/engine/src/embedding/model-format.ts';
import { createPairSetBuilder, type PairSet } from '../packages/engine/src/embedding/pair-set.ts';
import type { StaticModel } from '../packages/engine/src/embedding/static-model.ts';
import { adaptModel } from '../packages/engine/src/embedding/train/adapt.ts';
import { cleanSubject } from '../packages/engine/src/evaluation/clean-message.ts';
import { termsOf } from '../packages/engine/src/lexical/tokenize.ts';
import { BITS, FIELDS, type Field, MAX_TF } from '../packages/engine/src/model/packed-frequencies.ts';
import { RANK_OPTIONS, rankTuning } from './rank-tuning.ts';
import { type RepositoryBags, readTuningBags } from './tuning-bags.ts';

const MAX_COMMITS = 4000;
const MAX_CHANGED = 4;

/** Pairs of the repository itself, of these kinds. */
export function repositoryPairs(bags: RepositoryBags, folder: string, kinds: ReadonlySet<string>): PairSet {
  const builder = createPairSetBuilder();
  const asked = bags.questions.map(({ terms }) => new Set(terms.map(([term]) => term)));
  const pathOf = (chunk: number) => (bags.pathTerms[bags.pathOf[chunk] as number] ?? []).map(wordOf);
  const wordOf = (term: number) => bags.words[term] as string;
  const add = (kind: 'docstring' | 'name', field: Field, chunk: number) => {
    const shift = FIELDS.indexOf(field) * BITS;
    const doc = new Map<string, number>();
    const query: number[] = [];
    for (let i = bags.from[chunk] as number; i < (bags.from[chunk + 1] as number); i++) {
      const term = bags.terms[i] as number;
      const tf = bags.tfs[i] as number;
      if (((tf >> shift) & MAX_TF) > 0) query.push(term);
      const rest = tf & ~(MAX_TF << shift);
      if (rest !== 0) doc.set(wordOf(term), rest);
    }
    if (query.length < 3 || doc.size < 5 || (kind === 'docstring' && isAsked(query, asked))) return;
    builder.add({ group: '', kind, query: query.map(wordOf), doc, path: pathOf(chunk) });
  };
  for (let chunk = 0; chunk < bags.pathOf.length; chunk++) {
    if (kinds.has('docstring')) add('docstring', 'doc', chunk);
    if (kinds.has('name')) add('name', 'name', chunk);
  }
  if (kinds.has('commit'))
    addCommits(bags, folder, (pair) => builder.add({ ...pair, group: '', kind: 'commit' }));
  return builder.finish();
}

/** Jaccard of one half or more with a question. */
function isAsked(query: readonly number[], asked: readonly ReadonlySet<number>[]): boolean {
  return asked.some((question) => {
    const common = query.filter((term) => question.has(term)).length;
    return common / (query.length + question.size - common) >= 0.5;
  });
}

/** Each message with the chunk of each changed file that shares most of its words. */
function addCommits(
  bags: RepositoryBags,
  folder: string,
  add: (pair: { query: string[]; doc: Map<string, number>; path: string[] }) => void,
): void {
  const numbers = new Map(bags.words.map((word, i) => [word, i]));
  const chunksOf = new Map<string, number[]>();
  for (let chunk = 0; chunk < bags.pathOf.length; chunk++) {
    const file = bags.paths[bags.pathOf[chunk] as number] as string;
    chunksOf.set(file, [...(chunksOf.get(file) ?? []), chunk]);
  }
  const args = ['-C', folder, 'log', `-${MAX_COMMITS}`, '--no-merges', '--name-only', '--format=%x01%s%x00'];
  // A mirror without all old objects gives the newest commits and then fails: those are used.
  const log = spawnSync('git', args, { maxBuffer: 1 << 28 }).stdout.toString();
  for (const entry of log.split('\x01').slice(1)) {
    const [subject = '', files = ''] = entry.split('\0');
    const { words, wholes } = termsOf(cleanSubject(subject));
    const query = [...words, ...wholes];
    if (new Set(query).size < 3) continue;
    const wanted = new Set(query.map((word) => numbers.get(word)));
    const changed = files.split('\n').filter((file) => chunksOf.has(file));
    for (const file of changed.slice(0, MAX_CHANGED)) {
      const best = mostCommon(bags, chunksOf.get(file) as number[], wanted);
      const doc = new Map<string, number>();
      for (let i = bags.from[best] as number; i < (bags.from[best + 1] as number); i++)
        doc.set(bags.words[bags.terms[i] as number] as string, bags.tfs[i] as number);
      const pathWords = (bags.pathTerms[bags.pathOf[best] as number] ?? []).map(
        (term) => bags.words[term] as string,
      );
      if (doc.size >= 5) add({ query, doc, path: pathWords });
    }
  }
}

function mostCommon(
  bags: RepositoryBags,
  chunks: readonly number[],
  wanted: ReadonlySet<number | undefined>,
): number {
  let best = chunks[0] as number;
  let most = -1;
  for (const chunk of chunks) {
    const terms = bags.terms.subarray(bags.from[chunk], bags.from[chunk + 1]);
    const common = terms.reduce((sum, term) => sum + (wanted.has(term) ? 1 : 0), 0);
    if (common > most) [best, most] = [chunk, common];
  }
  return best;
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      model: text,
      truth: text,
      corpora: text,
      steps: { type: 'string', default: '400' },
      kinds: { type: 'string', default: 'docstring,name,commit' },
    },
  });
  const { model, truth, corpora } = values;
  if (model === undefined || truth === undefined || corpora === undefined)
    throw new Error('--model FILE, --truth DIR and --corpora DIR are needed');
  const bags = await readTuningBags(truth, corpora);
  const bases = JSON.parse(readFileSync(path.join(truth, 'bases.json'), 'utf8')) as Record<string, string>;
  const base = decodeModel(readFileSync(model));
  const adapted = new Map<string, StaticModel>();
  for (const own of bags) {
    const folder = path.join(
      corpora,
      `${own.repo.replace('/', '+')}@${(bases[own.repo] ?? '').slice(0, 12)}`,
    );
    const pairs = repositoryPairs(own, folder, new Set(values.kinds.split(',')));
    const started = performance.now();
    const bytes = await adaptModel(base, pairs, { seed: 1, maxSteps: Number(values.steps) });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (bytes) adapted.set(own.repo, decodeModel(bytes));
    process.stderr.write(
      `${own.repo}: ${pairs.kindOf.length} pairs, ${seconds} s, ${bytes?.length ?? 0} bytes\n`,
    );
  }
  for (const [name, modelOf] of [
    ['shipped', () => base],
    ['adapted', (own: RepositoryBags) => adapted.get(own.repo) ?? base],
  ] as const) {
    for (const [source, own] of rankTuning(bags, modelOf, RANK_OPTIONS)) {
      const cells = [own.static, own.words, own.fused, own.staticChunk, own.fusedChunk].map((x) =>
        x.toFixed(3),
      );
      process.stdout.write(`| ${name} | ${source} | ${own.questions} | ${cells.join(' | ')} |\n`);
    }
  }
}

if (import.meta.main) await main();
