/**
 * Text in, outline out. The door of `syntax/`: no tree-sitter object passes it, and bad source never throws.
 * Runs in any thread; each thread loads its own grammars.
 */
import { Language, Parser } from 'web-tree-sitter';
import type { Tree } from 'web-tree-sitter';
import type { LanguageId } from '../model/file.ts';
import type { ParsedFile, SymbolDef } from '../model/parsed-file.ts';
import { readGrammar } from './grammar-files.ts';
import type { LanguageDefinition, TreeReading } from './language.ts';
import { compileRules } from './outline/compile-rules.ts';
import type { CompiledRules } from './outline/compile-rules.ts';
import { lineSource } from './outline/doc-comments.ts';
import type { CommentMarkers, LineSource } from './outline/doc-comments.ts';
import { lineOutline } from './outline/line-outline.ts';
import { readOutline } from './outline/read-outline.ts';
import { languageById } from './registry.ts';

/** Longest time one file may be parsed; after it the file is outlined by lines. */
export const parseTimeLimitMs = 2_000;
/** Embedded texts inside embedded texts: none of ours go deeper. */
const maxEmbedding = 2;

interface Reader {
  readonly parser: Parser;
  readonly rules: CompiledRules;
  readonly markers: CommentMarkers;
  readonly mask: (text: string) => string;
}

const readers = new Map<LanguageId, Reader>();
const loading = new Map<LanguageId, Promise<void>>();
let started: Promise<void> | undefined;

/** Makes `parseFile` ready for a language, and for the languages embedded in its files. Cheap when done before. */
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

/** @throws Error when the language was not loaded: a mistake of the caller, never of the text */
export function parseFile(text: string, id: LanguageId): ParsedFile {
  return parse(text, knownLanguage(id), 0);
}

async function load(language: LanguageDefinition): Promise<void> {
  const embedded = (language.embeds ?? []).map((id) => loadLanguage(id));
  if (language.tree !== undefined) {
    started ??= Parser.init();
    await started;
    const grammar = await Language.load(await readGrammar(language.tree.grammar));
    readers.set(language.id, makeReader(language, language.tree, grammar));
  }
  await Promise.all(embedded);
}

function makeReader(language: LanguageDefinition, reading: TreeReading, grammar: Language): Reader {
  const parser = new Parser();
  parser.setLanguage(grammar);
  const markers = { line: language.lineComments, block: language.blockComments };
  const mask = reading.mask ?? ((text: string): string => text);
  return { parser, rules: compileRules(reading.outline, grammar), markers, mask };
}

function parse(text: string, language: LanguageDefinition, depth: number): ParsedFile {
  const lines = lineSource(text);
  const own = parseOwn(text, lines, language);
  const embedded = depth < maxEmbedding ? (language.embedded?.(text) ?? []) : [];
  if (embedded.length === 0) return { language: language.id, lineCount: lines.count, ...own };
  const symbols = [...own.symbols];
  let { errorCount } = own;
  for (const piece of embedded) {
    const definition = languageById(piece.language);
    if (definition === undefined) continue;
    const inner = parse(piece.text, definition, depth + 1);
    errorCount += inner.errorCount;
    const base = symbols.length;
    for (const symbol of inner.symbols) symbols.push(moveSymbol(symbol, piece.startLine - 1, base));
  }
  return { language: language.id, lineCount: lines.count, symbols: inSourceOrder(symbols), errorCount };
}

/** Sorts by first line; the sort is stable and parents start no later than their children, so they stay before them. */
function inSourceOrder(symbols: readonly SymbolDef[]): SymbolDef[] {
  const order = symbols.map((_, index) => index).sort((a, b) => (symbols[a]?.start ?? 0) - (symbols[b]?.start ?? 0));
  const place = new Map(order.map((from, to) => [from, to]));
  return order.flatMap((from) => {
    const symbol = symbols[from];
    return symbol === undefined ? [] : [{ ...symbol, parent: place.get(symbol.parent) ?? -1 }];
  });
}

type Outline = Pick<ParsedFile, 'symbols' | 'errorCount'>;

function parseOwn(text: string, lines: LineSource, language: LanguageDefinition): Outline {
  if (language.reader === 'structure') return { symbols: language.structure?.(text) ?? [], errorCount: 0 };
  if (language.reader === 'lines') return { symbols: [], errorCount: 0 };
  const reader = readers.get(language.id);
  if (reader === undefined) throw new Error(`language '${language.id}' is not loaded: await loadLanguage first`);
  const tree = parseWithin(reader.parser, reader.mask(text), parseTimeLimitMs);
  if (tree === null) return { symbols: lineOutline(lines), errorCount: 1 };
  try {
    const symbols = readOutline({ tree, source: text, lines, rules: reader.rules, markers: reader.markers });
    return { symbols, errorCount: countErrors(tree) };
  } finally {
    tree.delete();
  }
}

/** null when the time limit was reached. */
function parseWithin(parser: Parser, text: string, limitMs: number): Tree | null {
  const deadline = performance.now() + limitMs;
  const tree = parser.parse(text, null, { progressCallback: () => performance.now() > deadline });
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
