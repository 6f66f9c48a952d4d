/**
 * Lines that differ from a commit -> the definitions they belong to, on the new side and on the old, and those that are gone. The old
 * side is read by outline: names and lines, in every language that has one.
 */
import type { CodeGraph, GraphSymbol } from '../model/code-graph.ts';
import type { FilePath } from '../model/file.ts';
import type { ChangedFile } from '../model/impact.ts';
import { qualifiedName } from '../model/outline.ts';
import type { SymbolDef, SymbolKind } from '../model/parsed-file.ts';
import { decodeText } from '../model/skip-rules.ts';
import type { FileChange, Hunk } from '../ports/changes.ts';
import { codeLines } from '../syntax/code-lines.ts';
import { loadLanguage, parseFile } from '../syntax/parse-file.ts';
import { languageOf } from '../syntax/registry.ts';
import { namedHolder } from './relations.ts';
import { inTurns } from './turns.ts';

export interface ChangedSymbols {
  readonly files: readonly ChangedFile[];
  readonly symbols: readonly GraphSymbol[];
  /** Bare names of definitions that are gone. */
  readonly goneNames: readonly string[];
  /** Files in which nothing but comments and empty lines differs. */
  readonly withoutCode: number;
}

export interface NewSide {
  readonly graph: CodeGraph;
  /** Lines of the working tree; undefined where a file cannot be read. */
  lines(path: FilePath): readonly string[] | undefined;
}

/** Old versions that are parsed for one answer. */
const MAX_PARSED = 500;

export async function changedSymbols(
  changes: readonly FileChange[],
  { graph, lines }: NewSide,
): Promise<ChangedSymbols> {
  const files: ChangedFile[] = [];
  const symbols = new Map<string, GraphSymbol>();
  const gone = new Set<string>();
  let parsed = 0;
  let withoutCode = 0;
  const turns = inTurns();
  for (const change of changes) {
    await turns.pause();
    const now = lines(change.path) ?? [];
    const isParsed = change.old !== undefined && parsed < MAX_PARSED;
    const {
      hunks,
      before: codeBefore,
      after: codeNow,
    } = isParsed ? await ofCode(change, now) : { hunks: change.hunks };
    if (change.change === 'changed' && hunks.length === 0) withoutCode++;
    const touched = new Map(
      newSide(graph, { ...change, hunks }, now, codeNow).map((symbol) => [symbol.id, symbol]),
    );
    const deleted: string[] = [];
    if (isParsed && change.old !== undefined) {
      parsed++;
      await turns.pause();
      const before = await outlineOf(change.path, decodeText(change.old));
      await turns.pause();
      const after = change.change === 'deleted' ? [] : await outlineOf(change.path, now.join('\n'));
      const left = new Set(after.map((_, i) => qualifiedName(after, i)));
      for (const name of namesAt(before, hunks, codeBefore)) {
        const survivor = left.has(name) ? inFile(graph, change.path, name) : undefined;
        if (survivor !== undefined) touched.set(survivor.id, survivor);
      }
      before.forEach((symbol, i) => {
        const name = qualifiedName(before, i);
        if (!NAMED_KINDS.has(symbol.kind) || left.has(name)) return;
        deleted.push(name);
        gone.add(symbol.name);
      });
    }
    for (const [id, symbol] of touched) symbols.set(id, symbol);
    files.push({
      path: change.path,
      change: change.change,
      ...(change.from !== undefined && { from: change.from }),
      lines: change.hunks.reduce((sum, { newCount, oldCount }) => sum + Math.max(newCount, oldCount), 0),
      symbols: [...touched.keys()],
      deleted,
    });
  }
  return { files, symbols: [...symbols.values()], goneNames: [...gone], withoutCode };
}

/** The places where code differs, comments and empty lines aside, and the lines of code of before. */
async function ofCode({ path, change, old, hunks }: FileChange, lines: readonly string[]) {
  const text = decodeText(old as Uint8Array);
  const language = languageOf(path, text.slice(0, 200).split('\n')[0]);
  const before = await codeLines(text, language);
  const now = change === 'deleted' ? [] : await codeLines(lines.join('\n'), language);
  const said = (code: readonly string[], start: number, count: number) =>
    code
      .slice(start - 1, start - 1 + count)
      .filter((line) => line !== '')
      .join('\n');
  const isChanged = ({ oldStart, oldCount, newStart, newCount }: Hunk) =>
    said(before, oldStart, oldCount) !== said(now, newStart, newCount);
  return { hunks: hunks.filter(isChanged), before, after: now };
}

/** What calls can name. */
const NAMED_KINDS: ReadonlySet<SymbolKind> = new Set<SymbolKind>([
  'class',
  'interface',
  'struct',
  'enum',
  'trait',
  'type',
  'function',
  'method',
  'constructor',
  'constant',
  'macro',
]);

/** Lines at the top of a module that say nothing: empty ones, comments, imports, closing brackets. */
const SAYS_NOTHING =
  /^\s*(?:$|\/\/|\/?\*|#(?!\[|include|define)|import\b|from\b.*\bimport\b|use\b|[)\]}]+[;,]?$|["']{3})/;

function newSide(
  graph: CodeGraph,
  { path, change, hunks }: FileChange,
  lines: readonly string[],
  code: readonly string[] | undefined,
): GraphSymbol[] {
  const found = new Set<GraphSymbol>();
  const known = new Map<string, GraphSymbol>();
  // A file under another path: who imports it is concerned, not who calls what is in it.
  if (change === 'moved') return graph.inFile(path).slice(0, 1);
  for (const { newStart, newCount } of hunks) {
    for (let line = newStart; line < newStart + newCount; line++) {
      if (code?.[line - 1] === '') continue;
      const inner = graph.at(path, line);
      const symbol = inner && (graph.symbol(namedHolder(graph, inner.id)) ?? inner);
      if (symbol === undefined) continue;
      if (symbol.kind === 'module' && SAYS_NOTHING.test(lines[line - 1] ?? '')) continue;
      const first = known.get(symbol.id) ?? symbol;
      known.set(symbol.id, first);
      found.add(first);
    }
  }
  return [...found];
}

async function outlineOf(path: FilePath, text: string): Promise<readonly SymbolDef[]> {
  const language = languageOf(path, text.slice(0, 200).split('\n')[0]);
  await loadLanguage(language);
  return parseFile(text, language).symbols;
}

/** Qualified names of the innermost definitions that hold removed lines. */
function namesAt(
  symbols: readonly SymbolDef[],
  hunks: readonly Hunk[],
  code: readonly string[] | undefined,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { oldStart, oldCount } of hunks) {
    for (let line = oldStart; line < oldStart + oldCount; line++) {
      if (code?.[line - 1] === '') continue;
      let inner = -1;
      symbols.forEach(({ start, end, kind }, i) => {
        if (start <= line && line <= end && NAMED_KINDS.has(kind)) inner = i;
      });
      if (inner >= 0) names.add(qualifiedName(symbols, inner));
    }
  }
  return names;
}

function inFile(graph: CodeGraph, path: FilePath, name: string): GraphSymbol | undefined {
  return graph.inFile(path).find(({ id, kind }) => kind !== 'module' && id.endsWith(`.${name}`));
}
