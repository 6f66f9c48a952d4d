/**
 * Text in, outline out. The door of `syntax/`: no tree-sitter object passes it, and bad source never throws.
 * Runs in any thread; each thread loads its own grammars.
 */
import type { Language, Parser, Tree } from 'web-tree-sitter';
import type { LanguageId } from '../model/file.ts';
import type { ParsedFile, SymbolDef } from '../model/parsed-file.ts';
import { readGrammar } from './grammar-files.ts';
import { isHostile } from './hostile-text.ts';
import type { LanguageDefinition, TreeReading } from './language.ts';
import type { CompiledRules } from './outline/compile-rules.ts';
import { compileRules } from './outline/compile-rules.ts';
import type { CommentMarkers, LineSource } from './outline/doc-comments.ts';
import { lineSource } from './outline/doc-comments.ts';
import { lineOutline } from './outline/line-outline.ts';
import { readOutline } from './outline/read-outline.ts';
import { languageById } from './registry.ts';
import type { TimeLimit } from './time-limit.ts';
import { timeLimit } from './time-limit.ts';
import type { TreeSitterRuntime } from './tree-sitter-runtime.ts';
import { startRuntime } from './tree-sitter-runtime.ts';

/** Processor time one file may take, with what is embedded in it; after it the rest is outlined by lines. */
export const parseTimeLimitMs = 2_000;
/** Embedded texts inside embedded texts: none of ours go deeper. */
const maxEmbedding = 2;

type TreeVisitor<Result> = (tree: Tree, errorCount: number) => Result;

interface Reader {
  readonly parser: Parser;
  readonly rules: CompiledRules;
  readonly markers: CommentMarkers;
  readonly mask: (text: string) => string;
}

const readers = new Map<LanguageId, Reader>();
const loading = new Map<LanguageId, Promise<void>>();
let runtime: Promise<TreeSitterRuntime> | undefined;
/** Whether readers are missing because of a crash, not because the caller forgot them. */
let crashed = false;

/**
 * Makes `parseFile` ready for a language, and for the languages embedded in its files. Call it before each file: it
 * costs nothing when done before, and brings the parsers back after a crash.
 */
export function loadLanguage(id: LanguageId): Promise<void> {
  let promise = loading.get(id);
  if (promise === undefined) {
    promise = load(knownLanguage(id));
    loading.set(id, promise);
    // A failed load (file gone during an upgrade) may be tried again.
    promise.catch(() => loading.delete(id));
  }
  return promise;
}

/**
 * Never throws on account of the text: what cannot be parsed in time, or at all, is outlined by lines and has a
 * positive `errorCount`.
 * @throws Error when the language was not loaded: a mistake of the caller
 */
export function parseFile(text: string, id: LanguageId, timeLimitMs: number = parseTimeLimitMs): ParsedFile {
  return parse(text, knownLanguage(id), timeLimit(timeLimitMs), 0);
}

/**
 * What `read` makes of the syntax tree of a text; the tree is gone afterwards. undefined when the text cannot be parsed: not in time,
 * not at all, or not by a tree. For readers inside `syntax/` only.
 * @throws Error when the language was not loaded: a mistake of the caller
 */
export function readTree<Result>(
  text: string,
  id: LanguageId,
  read: TreeVisitor<Result>,
): Result | undefined {
  const language = knownLanguage(id);
  if (language.tree === undefined) return undefined;
  const reader = readers.get(id);
  if (reader === undefined) {
    if (crashed) return undefined;
    throw new Error(`language '${id}' is not loaded: await loadLanguage first`);
  }
  return isHostile(text) ? undefined : readParsed(text, reader, timeLimit(parseTimeLimitMs), read);
}

async function load(language: LanguageDefinition): Promise<void> {
  const embedded = (language.embeds ?? []).filter((id) => id !== language.id).map((id) => loadLanguage(id));
  if (language.tree !== undefined) {
    runtime ??= startRuntime();
    const [current, wasm] = await Promise.all([runtime, readGrammar(language.tree.grammar)]);
    const grammar = await current.loadGrammar(wasm);
    readers.set(language.id, makeReader(language, language.tree, current.newParser(grammar), grammar));
  }
  await Promise.all(embedded);
}

function makeReader(
  language: LanguageDefinition,
  reading: TreeReading,
  parser: Parser,
  grammar: Language,
): Reader {
  const markers = { line: language.lineComments, block: language.blockComments };
  const mask = reading.mask ?? ((text: string): string => text);
  return { parser, rules: compileRules(reading.outline, grammar), markers, mask };
}

/** After a crash inside WebAssembly its memory is in no known state: everything in it is abandoned. */
function abandonRuntime(): void {
  crashed = true;
  runtime = undefined;
  readers.clear();
  loading.clear();
}

function parse(text: string, language: LanguageDefinition, limit: TimeLimit, depth: number): ParsedFile {
  const lines = lineSource(text);
  const own = parseOwn(text, lines, language, limit);
  const embedded = depth < maxEmbedding ? (language.embedded?.(text) ?? []) : [];
  if (embedded.length === 0) return { language: language.id, lineCount: lines.count, ...own };
  const symbols = [...own.symbols];
  let { errorCount } = own;
  for (const piece of embedded) {
    const definition = languageById(piece.language);
    if (definition === undefined) continue;
    const inner = parse(piece.text, definition, limit, depth + 1);
    // A macro's own words inside a piece of the same language are no errors of the file.
    if (piece.language !== language.id) errorCount += inner.errorCount;
    const base = symbols.length;
    for (const symbol of inner.symbols) symbols.push(moveSymbol(symbol, piece.startLine - 1, base));
  }
  return { language: language.id, lineCount: lines.count, symbols: inSourceOrder(symbols), errorCount };
}

/** Sorts by first line; the sort is stable and parents start no later than their children, so they stay before them. */
function inSourceOrder(symbols: readonly SymbolDef[]): SymbolDef[] {
  const order = symbols
    .map((_, index) => index)
    .sort((a, b) => (symbols[a]?.start ?? 0) - (symbols[b]?.start ?? 0));
  const place = new Map(order.map((from, to) => [from, to]));
  return order.flatMap((from) => {
    const symbol = symbols[from];
    return symbol === undefined ? [] : [{ ...symbol, parent: place.get(symbol.parent) ?? -1 }];
  });
}

type Outline = Pick<ParsedFile, 'symbols' | 'errorCount'>;

function parseOwn(text: string, lines: LineSource, language: LanguageDefinition, limit: TimeLimit): Outline {
  if (language.reader === 'structure') return { symbols: language.structure?.(text) ?? [], errorCount: 0 };
  if (language.reader === 'lines') return { symbols: [], errorCount: 0 };
  const reader = readers.get(language.id);
  if (reader === undefined) {
    if (crashed) return { symbols: lineOutline(lines), errorCount: 1 };
    throw new Error(`language '${language.id}' is not loaded: await loadLanguage first`);
  }
  const outline = isHostile(text) ? undefined : outlineByTree(text, lines, reader, limit);
  return outline ?? { symbols: lineOutline(lines), errorCount: 1 };
}

function outlineByTree(
  text: string,
  lines: LineSource,
  { rules, markers, ...reader }: Reader,
  limit: TimeLimit,
): Outline | undefined {
  return readParsed(text, reader, limit, (tree, errorCount) => ({
    symbols: readOutline({ tree, source: text, lines, rules, markers }),
    errorCount,
  }));
}

/** undefined when the text cannot be parsed: not in time, or not at all. The tree is gone afterwards. */
function readParsed<Result>(
  text: string,
  { parser, mask }: Pick<Reader, 'parser' | 'mask'>,
  limit: TimeLimit,
  read: (tree: Tree, errorCount: number) => Result,
): Result | undefined {
  try {
    const tree = parseWithin(parser, mask(text), limit);
    if (tree === null) return undefined;
    try {
      return read(tree, countErrors(tree));
    } finally {
      tree.delete();
    }
  } catch (error) {
    if (!isCrash(error)) throw error;
    abandonRuntime();
    return undefined;
  }
}

/** A trap of WebAssembly, an abort of the library, or the end of the engine's stack. */
function isCrash(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError');
}

/** null when the limit was exceeded. */
function parseWithin(parser: Parser, text: string, limit: TimeLimit): Tree | null {
  const tree = parser.parse(text, null, { progressCallback: limit.exceeded });
  // Without a reset the next parse would go on where this one stopped.
  if (tree === null) parser.reset();
  return tree;
}

function countErrors(tree: Tree): number {
  const root = tree.rootNode;
  if (!root.hasError) return 0;
  // Missing tokens are errors without an ERROR node.
  return Math.max(1, root.descendantsOfType('ERROR').length);
}

function moveSymbol(symbol: SymbolDef, lines: number, base: number): SymbolDef {
  return {
    ...symbol,
    start: symbol.start + lines,
    end: symbol.end + lines,
    nameLine: symbol.nameLine + lines,
    headEnd: symbol.headEnd + lines,
    docStart: symbol.docStart === 0 ? 0 : symbol.docStart + lines,
    docEnd: symbol.docEnd === 0 ? 0 : symbol.docEnd + lines,
    parent: symbol.parent === -1 ? -1 : symbol.parent + base,
  };
}

function knownLanguage(id: LanguageId): LanguageDefinition {
  const language = languageById(id);
  if (language === undefined) throw new Error(`unknown language '${id}'`);
  return language;
}
