/** A request's filter as a set of slots. Globs follow gitignore's rules, which agents know: `src`, `*.ts`, `!dist/**`. */
import ignore from 'ignore';
import type { FileRecord, IndexView } from '../lexical/index-view.ts';
import { ConexusError } from '../model/errors.ts';
import { SYMBOL_KINDS } from '../model/parsed-file.ts';
import type { SearchFilter } from '../model/search.ts';

/** Bounds on patterns, because each becomes a regular expression: many wildcards in one could backtrack. */
const MAX_PATTERNS = 64;
const MAX_PATTERN_LENGTH = 256;
const MAX_WILDCARDS = 12;

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
  if (patterns.length > MAX_PATTERNS) {
    throw new ConexusError('invalid_argument', `${patterns.length} path globs, at most ${MAX_PATTERNS}`, 'Send fewer globs.');
  }
  for (const pattern of patterns) checkPattern(pattern);
  const clean = patterns.map((pattern) => pattern.replace(/^(!?)\.\//, '$1'));
  const include = clean.filter((pattern) => !pattern.startsWith('!'));
  const exclude = clean.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const included = include.length > 0 ? ignore().add(include) : undefined;
  const excluded = ignore().add(exclude);
  return (file) => (included?.ignores(file.path) ?? true) && !excluded.ignores(file.path);
}

function checkPattern(pattern: string): void {
  const wildcards = pattern.match(/[*?[]/g)?.length ?? 0;
  if (pattern.length <= MAX_PATTERN_LENGTH && wildcards <= MAX_WILDCARDS && !pattern.includes('\0')) return;
  throw new ConexusError(
    'invalid_argument',
    `path glob of ${pattern.length} characters with ${wildcards} wildcards (at most ${MAX_PATTERN_LENGTH} and ${MAX_WILDCARDS})`,
    'Use a simpler glob such as src/** or *.ts.',
  );
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
