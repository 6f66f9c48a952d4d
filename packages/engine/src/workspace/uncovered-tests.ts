/** Tests in languages that the graph does not read: those that name what changes, by its own name or that of its row in a table. */
import type { FileRecord } from '../lexical/index-view.ts';
import type { CodeGraph, GraphSymbol } from '../model/code-graph.ts';
import type { FilePath, LanguageId } from '../model/file.ts';
import type { TestFile } from '../model/impact.ts';
import { findWord } from '../query/find-word.ts';
import type { LocateIndex } from '../query/run-locate.ts';
import { isUncovered } from './graph-coverage.ts';

/** Of more targets the words say nothing in particular. */
const MAX_TARGETS = 5;
const MAX_TABLE_LINES = 50;
const MIN_WORD = 4;
const LIMITS = { files: 200, lines: 5_000 };

export interface UncoveredTests {
  readonly tests: readonly TestFile[];
  /** That there are such tests, in which languages, and that no more was looked at than words. */
  readonly notes: readonly string[];
}

export async function uncoveredTests(
  index: LocateIndex,
  graph: CodeGraph,
  targets: readonly GraphSymbol[],
  isRun: (path: FilePath) => boolean,
): Promise<UncoveredTests> {
  const isTest = (file: FileRecord) => file.kind === 'test' && isUncovered(file) && isRun(file.path);
  const all = [...index.view.files()].filter(isTest);
  if (all.length === 0 || targets.length === 0) return { tests: [], notes: [] };
  const found = new Map<FilePath, TestFile>();
  for (const [word, why] of wordsOf(index, graph, targets)) {
    const { hits } = await findWord(index, word, isTest, LIMITS);
    for (const { path, line } of hits)
      if (!found.has(path))
        found.set(path, { path, found: 'name', because: `names ${word} in line ${line}${why}` });
  }
  const languages = [...countByLanguage(all)].map(([language, count]) => `${language} (${count})`).join(', ');
  const told = found.size === 0 ? 'none names what changes' : `${found.size} name what changes`;
  return {
    tests: [...found.values()],
    notes: [
      `the graph does not read the test files in ${languages}: ${told}, and more than the name was not looked for in them`,
    ],
  };
}

function countByLanguage(files: readonly FileRecord[]): ReadonlyMap<LanguageId, number> {
  const counts = new Map<LanguageId, number>();
  for (const { language } of files) counts.set(language, (counts.get(language) ?? 0) + 1);
  return counts;
}

/** Words by which others may know the targets, with how they come by them. */
function wordsOf(
  index: LocateIndex,
  graph: CodeGraph,
  targets: readonly GraphSymbol[],
): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  const named = targets.filter(({ kind }) => kind !== 'module');
  if (named.length > MAX_TARGETS) return words;
  for (const { name } of named) if (name.length >= MIN_WORD && /^\w+$/.test(name)) words.set(name, '');
  for (const { id, name } of named)
    for (const { path, line } of graph.incoming(id, 'uses').slice(0, MAX_TABLE_LINES)) {
      const row = tableName(index.read(path)?.lines[line - 1] ?? '', name);
      // Names of commands are written in either case.
      for (const word of row === undefined ? [] : [row, row.toUpperCase()])
        if (!words.has(word)) words.set(word, `, its name in the table at ${path}:${line}`);
    }
  return words;
}

/** `{"xread", …, xreadCommand, …}`: the first text of a row, where the name of the function is made of it. */
function tableName(text: string, name: string): string | undefined {
  const row = /["']([A-Za-z_]\w{3,})["']/.exec(text.slice(0, 10_000))?.[1];
  return row !== undefined && name.toLowerCase().includes(row.toLowerCase()) ? row : undefined;
}
