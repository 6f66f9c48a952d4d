/**
 * A request's filter as a set of slots. Globs follow gitignore's rules, which agents know: `src`, `*.ts`, `!dist/**`;
 * braces are understood as well. Matching takes time linear in the path for each star, whatever the glob.
 */
import type { FileRecord, IndexView } from '../lexical/index-view.ts';
import { ConexusError } from '../model/errors.ts';
import type { FilePath } from '../model/file.ts';
import { matchIgnoreRules, parseIgnoreRules } from '../model/ignore-rules.ts';
import { SYMBOL_KINDS } from '../model/parsed-file.ts';
import type { SearchFilter } from '../model/search.ts';

const MAX_PATTERNS = 256;
const MAX_PATTERN_LENGTH = 256;

export type FileTest = (file: FileRecord) => boolean;

/** undefined: everything passes. @throws ConexusError invalid_argument */
export function fileTest(filter: SearchFilter | undefined): FileTest | undefined {
  const tests: FileTest[] = [];
  if (filter?.languages?.length) {
    const wanted = new Set(filter.languages);
    tests.push((file) => wanted.has(file.language));
  }
  if (filter?.kinds?.length) {
    const wanted = new Set(filter.kinds);
    tests.push((file) => wanted.has(file.kind));
  }
  if (filter?.paths?.length) tests.push(pathTest(filter.paths));
  return tests.length === 0 ? undefined : (file) => tests.every((test) => test(file));
}

function pathTest(patterns: readonly string[]): FileTest {
  const globs = readGlobs(patterns);
  const include = compile(globs.filter((glob) => !glob.startsWith('!')));
  const exclude = compile(globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)));
  return ({ path }) => (include?.(path) ?? true) && !exclude?.(path);
}

/** Patterns as gitignore reads them, braces expanded. @throws ConexusError invalid_argument */
export function readGlobs(patterns: readonly string[]): string[] {
  const globs = patterns.flatMap((pattern) => {
    if (pattern.length > MAX_PATTERN_LENGTH || pattern.includes('\0') || pattern.includes('\n')) {
      throw refuse(`A path glob of ${pattern.length} characters or with a line break`);
    }
    return expandBraces(pattern).map(clean);
  });
  if (globs.length > MAX_PATTERNS) throw refuse(`${globs.length} path globs, at most ${MAX_PATTERNS},`);
  return globs.filter((glob) => glob !== '!');
}

/** `.`, `/`, nothing: the whole workspace. `./src`: the one at the root. A `#` is no comment here. */
function clean(pattern: string): string {
  const [, bang = '', rest = ''] = /^(!?)(.*)$/s.exec(pattern.trim()) ?? [];
  const glob = rest.replace(/^\.(?=\/|$)/, '').replace(/^#/, '\\#');
  return bang + (/^\/*$/.test(glob) ? (bang ? '' : '**') : glob);
}

/** `*.{ts,tsx}` -> `*.ts`, `*.tsx`. Nested braces are expanded, too; what is no list stays as it is. */
function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const waiting = [pattern];
  while (waiting.length > 0) {
    if (done.length + waiting.length > MAX_PATTERNS) throw refuse('A path glob with too many alternatives');
    const next = waiting.pop() as string;
    const found = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(next);
    if (!found) done.push(next);
    else
      for (const choice of (found[2] as string).split(',')) waiting.push(`${found[1]}${choice}${found[3]}`);
  }
  return done.reverse();
}

/** Whether a path or a folder above it matches; each folder is judged once. undefined: no globs. */
function compile(globs: readonly string[]): ((path: FilePath) => boolean) | undefined {
  if (globs.length === 0) return undefined;
  const rules = globs.map((glob) => {
    const rule = parseIgnoreRules(glob);
    if (!rule) throw refuse(`The path glob ${glob}`);
    return rule;
  });
  const matches = (path: FilePath, isFolder: boolean) =>
    rules.some(
      (rule) => matchIgnoreRules(rule, path.slice(path.lastIndexOf('/') + 1), isFolder, () => path) === true,
    );
  const folders = new Map<FilePath, boolean>();
  const inFolder = (path: FilePath): boolean => {
    const slash = path.lastIndexOf('/');
    if (slash < 0) return false;
    const folder = path.slice(0, slash);
    let verdict = folders.get(folder);
    if (verdict === undefined) folders.set(folder, (verdict = inFolder(folder) || matches(folder, true)));
    return verdict;
  };
  return (path) => inFolder(path) || matches(path, false);
}

const refuse = (what: string) =>
  new ConexusError(
    'invalid_argument',
    `${what} cannot be used.`,
    'Use simple globs or folders such as src/** or *.{ts,tsx}.',
  );

/** What of a filter lets no indexed file pass: for an answer without hits, which else would say that there is nothing. */
export function filterNotes(view: IndexView, filter: SearchFilter | undefined): string[] {
  const isEmpty = (part: SearchFilter) => !anyPasses(view, fileTest(part));
  const languages = (filter?.languages ?? []).filter((language) => isEmpty({ languages: [language] }));
  const kinds = (filter?.kinds ?? []).filter((kind) => isEmpty({ kinds: [kind] }));
  const paths = wholeFolders(filter?.paths ?? []).filter(
    (glob) => !glob.startsWith('!') && isEmpty({ paths: [glob] }),
  );
  const notes: string[] = [];
  if (languages.length > 0)
    notes.push(`No indexed file is in ${languages.join(', ')}; there are ${languagesOf(view).join(', ')}.`);
  if (kinds.length > 0) notes.push(`No indexed file is of the kind ${kinds.join(', ')}.`);
  if (paths.length > 0)
    notes.push(
      `No indexed file matches ${paths.join(', ')}: paths and globs are relative to the root, and what is ignored or skipped is not indexed.`,
    );
  if (notes.length === 0 && filter !== undefined && isEmpty(filter))
    notes.push('No indexed file passes these filters together.');
  return notes;
}

function anyPasses(view: IndexView, test: FileTest | undefined): boolean {
  if (!test) return true;
  for (const file of view.files()) if (test(file)) return true;
  return false;
}

/** `src/**` beside `src` says nothing more. */
const wholeFolders = (globs: readonly string[]): string[] =>
  globs.filter((glob) => !glob.endsWith('/**') || !globs.includes(glob.slice(0, -3)));

const MAX_NAMED = 12;

/** Most files first, then by name. */
function languagesOf(view: IndexView): string[] {
  const counts = new Map<string, number>();
  for (const { language } of view.files()) counts.set(language, (counts.get(language) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, MAX_NAMED)
    .map(([language]) => language);
}

/** One byte per slot, 1 where a file of the slot passes; undefined when there is no file filter. */
export function allowedSlots(view: IndexView, test: FileTest | undefined): Uint8Array | undefined {
  if (!test) return undefined;
  const allowed = new Uint8Array(view.slotLimit);
  for (const file of view.files()) if (test(file)) allowed[file.slot] = 1;
  return allowed;
}

/** Codes of the document table for the wanted symbol kinds; undefined when there is no such filter. */
export function allowedSymbolKinds(filter: SearchFilter | undefined): ReadonlySet<number> | undefined {
  if (!filter?.symbolKinds?.length) return undefined;
  return new Set(filter.symbolKinds.map((kind) => SYMBOL_KINDS.indexOf(kind) + 1));
}
