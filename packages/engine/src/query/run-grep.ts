/** Exact and regular-expression search, with each line's enclosing definition and the file's hash. */
import type { IndexView } from '../lexical/index-view.ts';
import type { FilePath } from '../model/file.ts';
import { qualifiedName } from '../model/outline.ts';
import type { SymbolDef } from '../model/parsed-file.ts';
import type { GrepAnswer, GrepHit, GrepRequest } from '../model/search.ts';
import type { Grep, GrepMatch } from '../ports/grep.ts';
import { fileTest, filterNotes, readGlobs } from './filter.ts';
import { estimateTokens } from './passages.ts';
import { decodedOutline, type QueryIndex } from './run-search.ts';

export interface GrepParts {
  readonly grep: Grep;
  readonly index: QueryIndex;
  readonly view: IndexView;
}

const DEFAULT_LIMIT = 100;
const TIMEOUT_MS = 10_000;

export async function runGrep(
  { grep, index, view }: GrepParts,
  request: GrepRequest,
  signal?: AbortSignal,
): Promise<GrepAnswer> {
  const started = performance.now();
  const limit = request.limit ?? DEFAULT_LIMIT;
  const test = fileTest(request.filter);
  const found = await grep.search({
    pattern: request.pattern,
    regex: request.regex ?? false,
    ignoreCase: request.ignoreCase ?? false,
    word: request.word ?? false,
    ...(request.filter?.paths ? { globs: prunedBy(request.filter.paths) } : {}),
    accepts(path) {
      const file = view.file(path);
      return file !== undefined && (test?.(file) ?? true);
    },
    maxMatches: limit,
    timeoutMs: TIMEOUT_MS,
    ...(signal ? { signal } : {}),
  });
  const kept = withinBudget(found.matches, request.maxTokens);
  const paths = [...new Set(kept.map(({ path }) => path))];
  const files = await describeFiles(index, view, paths);
  const hits = kept.map<GrepHit>(({ path, line, text }) => {
    const file = files.get(path);
    const symbol = file && symbolAt(file.symbols, line);
    return {
      path,
      start: line,
      end: line,
      line,
      lineText: text,
      hash: file?.hash ?? '',
      ...(symbol === undefined ? {} : { symbol }),
    };
  });
  return {
    hits,
    truncated: found.truncated || found.matches.length > kept.length,
    files: paths.length,
    notes: found.matches.length === 0 ? filterNotes(view, request.filter) : [],
    ms: performance.now() - started,
  };
}

/** As many of the first matches as the budget allows. */
function withinBudget(
  matches: readonly GrepMatch[],
  maxTokens = Number.POSITIVE_INFINITY,
): readonly GrepMatch[] {
  let tokens = 0;
  let last: FilePath | undefined;
  const end = matches.findIndex(({ path, text }) => {
    tokens +=
      estimateTokens(text.length + LINE_OVERHEAD) +
      (path === last ? 0 : estimateTokens(path.length + FILE_OVERHEAD));
    last = path;
    return tokens > maxTokens;
  });
  return end < 0 ? matches : matches.slice(0, end);
}

/** Characters around a line, and around the heading of a file. */
const LINE_OVERHEAD = 8;
const FILE_OVERHEAD = 20;

/**
 * Globs that keep ripgrep out of folders nobody asked for. They let pass at least what the filter does, which decides:
 * ripgrep takes `src` for a file or an empty folder, where the filter means what is below, too.
 */
function prunedBy(paths: readonly string[]): string[] {
  const globs = readGlobs(paths).flatMap((glob) => {
    if (glob.startsWith('!')) return [glob];
    const bare = glob.replace(/\/+$/, '');
    return [bare, bare.includes('/') ? `${bare}/**` : `**/${bare}/**`];
  });
  return globs.length > MAX_PRUNING ? [] : globs;
}

/** With more globs than this ripgrep reads everything: the filter decides anyway. */
const MAX_PRUNING = 60;

interface Described {
  readonly hash: string;
  readonly symbols: readonly SymbolDef[];
}

async function describeFiles(
  index: QueryIndex,
  view: IndexView,
  paths: readonly FilePath[],
): Promise<Map<FilePath, Described>> {
  const outlines = await index.outlines(paths);
  return new Map(
    paths.map((path, i) => {
      const bytes = outlines[i];
      const now = index.read(path)?.hash ?? '';
      // An outline of other bytes would name the wrong definition.
      const fits = bytes !== undefined && view.file(path)?.hash === now;
      return [path, { hash: now, symbols: fits ? decodedOutline(bytes).symbols : [] }];
    }),
  );
}

/** Qualified name of the innermost definition that holds the line. */
export function symbolAt(symbols: readonly SymbolDef[], line: number): string | undefined {
  let found = -1;
  symbols.forEach((symbol, i) => {
    if (symbol.start <= line && symbol.end >= line) found = i;
  });
  return found < 0 ? undefined : qualifiedName(symbols, found);
}
