// Baseline: what an agent gets from `rg -i --count-matches` with the words of the query. No statistics over the corpus.
//   node eval/baselines/ripgrep-count.ts --root DIR --in queries.jsonl --out run.jsonl [--limit 20]
import type { Hit } from '../scoring/measures.ts';
import { type BatchQuery, runBatch } from './batch.ts';
import { type CorpusFile, corpusFiles } from './corpus-files.ts';
import { STOP_WORDS } from './terms.ts';

const WINDOW_LINES = 40;
const SHORTEST_KEYWORD = 3;
const WORD = /[\p{L}\p{N}_]+/gu;

interface Corpus {
  readonly files: readonly CorpusFile[];
  /** Every word of the corpus, between line feeds: a keyword is found inside words by plain substring search. */
  readonly vocabulary: string;
  /** Word -> pairs of (file, count), one after the other. */
  readonly postings: ReadonlyMap<string, readonly number[]>;
}

interface Count {
  keywords: number;
  matches: number;
}

export function keywordsOf(text: string): string[] {
  const words = [...text.toLowerCase().matchAll(WORD)].map(([word]) => word);
  return [...new Set(words)].filter((word) => word.length >= SHORTEST_KEYWORD && !STOP_WORDS.has(word));
}

function countWords(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.toLowerCase().matchAll(WORD)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function readCorpus(root: string): Corpus {
  const files: CorpusFile[] = [];
  const postings = new Map<string, number[]>();
  for (const corpusFile of corpusFiles(root)) {
    const file = files.push(corpusFile) - 1;
    for (const [word, count] of countWords(corpusFile.text)) {
      const list = postings.get(word);
      if (list === undefined) postings.set(word, [file, count]);
      else list.push(file, count);
    }
  }
  return { files, postings, vocabulary: `\n${[...postings.keys()].join('\n')}\n` };
}

/** The words of the corpus that contain the keyword. */
function wordsContaining(vocabulary: string, keyword: string): string[] {
  const words: string[] = [];
  for (let at = vocabulary.indexOf(keyword); at !== -1; ) {
    const end = vocabulary.indexOf('\n', at);
    words.push(vocabulary.slice(vocabulary.lastIndexOf('\n', at) + 1, end));
    at = vocabulary.indexOf(keyword, end);
  }
  return words;
}

/** Files with more of the keywords first, then files with more matches. */
const byCount = (a: Count, b: Count): number => b.keywords - a.keywords || b.matches - a.matches;

function countFiles(corpus: Corpus, keywords: readonly string[]): Map<number, Count> {
  const counts = new Map<number, Count>();
  for (const keyword of keywords) {
    const seen = new Set<number>();
    for (const word of wordsContaining(corpus.vocabulary, keyword)) {
      const list = corpus.postings.get(word) ?? [];
      for (let i = 0; i < list.length; i += 2) addMatches(counts, seen, list[i] ?? 0, list[i + 1] ?? 0);
    }
  }
  return counts;
}

function addMatches(counts: Map<number, Count>, seen: Set<number>, file: number, matches: number): void {
  const count = counts.get(file) ?? { keywords: 0, matches: 0 };
  count.matches += matches;
  if (!seen.has(file)) count.keywords++;
  seen.add(file);
  counts.set(file, count);
}

function countIn(text: string, keywords: readonly string[]): Count {
  const matches = keywords.map((keyword) => text.split(keyword).length - 1);
  return { keywords: matches.filter((n) => n > 0).length, matches: matches.reduce((sum, n) => sum + n, 0) };
}

/** The lines that someone who opens the file would look at: the window with most keywords. */
function bestWindow({ path, text }: CorpusFile, keywords: readonly string[]): Hit {
  const lines = text.toLowerCase().split('\n');
  let best: { hit: Hit; count: Count } | undefined;
  for (let from = 0; from < lines.length; from += WINDOW_LINES) {
    const end = Math.min(from + WINDOW_LINES, lines.length);
    const count = countIn(lines.slice(from, end).join('\n'), keywords);
    if (best === undefined || byCount(count, best.count) < 0)
      best = { hit: { path, start: from + 1, end }, count };
  }
  return best?.hit ?? { path };
}

function* answer(root: string, queries: readonly BatchQuery[], limit: number): Generator<[string, Hit[]]> {
  const corpus = readCorpus(root);
  for (const { id, text } of queries) {
    const keywords = keywordsOf(text);
    const ranked = [...countFiles(corpus, keywords)].sort(([a, x], [b, y]) => byCount(x, y) || a - b);
    const files = ranked.slice(0, limit).flatMap(([file]) => corpus.files[file] ?? []);
    yield [id, files.map((file) => bestWindow(file, keywords))];
  }
}

if (import.meta.main) runBatch(answer);
