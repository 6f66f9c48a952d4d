// Chunks and questions of the tuning repositories as bags of terms: read once, ranked by many models.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { chunkFile } from '../packages/engine/src/chunking/chunk-file.ts';
import { chunkDocuments } from '../packages/engine/src/indexing/derive-file.ts';
import { FIELDS } from '../packages/engine/src/lexical/fields.ts';
import { createTermCounter } from '../packages/engine/src/lexical/term-counter.ts';
import { termsOf } from '../packages/engine/src/lexical/tokenize.ts';
import { fileKindOf } from '../packages/engine/src/model/file-kind.ts';
import {
  decodeText,
  skipByContent,
  skipByPath,
  splitLines,
} from '../packages/engine/src/model/skip-rules.ts';
import { loadLanguage, parseFile } from '../packages/engine/src/syntax/parse-file.ts';
import { languageOf } from '../packages/engine/src/syntax/registry.ts';

/** One repository. Chunk `c` has terms `terms[from[c] .. from[c + 1]]`, numbers in `words`, with packed frequencies. */
export interface RepositoryBags {
  readonly repo: string;
  readonly words: readonly string[];
  readonly paths: readonly string[];
  /** Numbers in `words`, by path. */
  readonly pathTerms: readonly (readonly number[])[];
  readonly from: Uint32Array;
  readonly terms: Uint32Array;
  readonly tfs: Int32Array;
  /** By chunk: index in `paths`, first and last line; lengths of the fields. */
  readonly pathOf: Uint32Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly lengths: Uint16Array;
  readonly questions: readonly Question[];
}

export interface Question {
  readonly source: string;
  /** Numbers in `words` with how often the question has them. */
  readonly terms: readonly (readonly [term: number, count: number])[];
  readonly gold: readonly { readonly path: string; readonly start?: number; readonly end?: number }[];
}

interface SuiteRow {
  readonly repo: string;
  readonly commit: string;
  readonly source: string;
  readonly query?: string;
  readonly task?: string;
  readonly relevant?: readonly { readonly path: string; readonly start: number; readonly end: number }[];
  readonly gold?: readonly string[];
}

interface Strip {
  readonly repo: string;
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

function rowsOf<T>(file: string): T[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}

/** `suites`: search.jsonl, locate.jsonl, strips.jsonl and bases.json; `corpora`: a checkout each, named owner+name@commit. */
export async function readTuningBags(suites: string, corpora: string): Promise<RepositoryBags[]> {
  const rows = ['search.jsonl', 'locate.jsonl'].flatMap((file) => rowsOf<SuiteRow>(path.join(suites, file)));
  const strips = rowsOf<Strip>(path.join(suites, 'strips.jsonl'));
  const bases = JSON.parse(readFileSync(path.join(suites, 'bases.json'), 'utf8')) as Record<string, string>;
  const all: RepositoryBags[] = [];
  for (const [repo, commit] of Object.entries(bases)) {
    const folder = path.join(corpora, `${repo.replace('/', '+')}@${commit.slice(0, 12)}`);
    const own = strips.filter((strip) => strip.repo === repo);
    const questions = rows.filter((row) => row.repo === repo && row.source !== 'symbol');
    all.push(await readRepository(repo, folder, own, questions));
  }
  return all;
}

async function readRepository(
  repo: string,
  folder: string,
  strips: readonly Strip[],
  rows: readonly SuiteRow[],
): Promise<RepositoryBags> {
  const counter = createTermCounter();
  const numberOf = (term: string): number => {
    counter.addTerm(term, 1);
    counter.takeDocument(() => {});
    return counter.numbers.get(term) as number;
  };
  const paths: string[] = [];
  const pathTerms: number[][] = [];
  const chunks = { from: [0], terms: [] as number[], tfs: [] as number[] };
  const places = {
    pathOf: [] as number[],
    start: [] as number[],
    end: [] as number[],
    lengths: [] as number[],
  };
  const listed = execFileSync('git', ['-C', folder, 'ls-files', '-z'], { maxBuffer: 1 << 28 }).toString();
  for (const file of listed.split('\0')) {
    const text = file === '' ? undefined : readText(path.join(folder, file), file);
    if (text === undefined) continue;
    const lines = splitLines(text);
    for (const strip of strips) {
      if (strip.path === file) for (let line = strip.start; line <= strip.end; line++) lines[line - 1] = '';
    }
    const language = languageOf(file, (lines[0] ?? '').slice(0, 200));
    await loadLanguage(language);
    const parsed = parseFile(lines.join('\n'), language);
    const number = paths.push(file) - 1;
    const { words, wholes } = termsOf(file);
    pathTerms.push([...new Set([...words, ...wholes])].map(numberOf));
    for (const chunk of chunkDocuments(lines, parsed, chunkFile(lines, parsed))) {
      places.lengths.push(...FIELDS.map((field, i) => counter.addField(chunk.fields[field], i)));
      counter.takeDocument((term, tf) => {
        chunks.terms.push(term);
        chunks.tfs.push(tf);
      });
      chunks.from.push(chunks.terms.length);
      places.pathOf.push(number);
      places.start.push(chunk.start);
      places.end.push(chunk.end);
    }
  }
  const questions = rows.map((row): Question => {
    const { words, wholes } = termsOf(row.query ?? row.task ?? '');
    const counts = new Map<number, number>();
    for (const term of [...words, ...wholes].slice(0, 200)) {
      counts.set(numberOf(term), (counts.get(numberOf(term)) ?? 0) + 1);
    }
    const gold = row.relevant ?? (row.gold ?? []).map((file) => ({ path: file }));
    return { source: row.source, terms: [...counts], gold };
  });
  return {
    repo,
    words: [...counter.terms],
    paths,
    pathTerms,
    from: Uint32Array.from(chunks.from),
    terms: Uint32Array.from(chunks.terms),
    tfs: Int32Array.from(chunks.tfs),
    pathOf: Uint32Array.from(places.pathOf),
    start: Uint32Array.from(places.start),
    end: Uint32Array.from(places.end),
    lengths: Uint16Array.from(places.lengths),
    questions,
  };
}

/** undefined for what an index leaves out, too. */
function readText(absolute: string, file: string): string | undefined {
  try {
    const bytes = readFileSync(absolute);
    const kind = fileKindOf(file);
    if (skipByPath(file, bytes.length) !== undefined || skipByContent(bytes, kind) !== undefined)
      return undefined;
    return decodeText(bytes);
  } catch {
    return undefined; // A folder (submodule) or a broken link.
  }
}
