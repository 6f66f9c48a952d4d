/**
 * Walks a syntax tree once and lists its definitions. Knows tables, not languages.
 *
 * The walk goes only into node types that a table lists, so most of the tree is never touched. A query over the
 * whole tree, or `descendantsOfType`, costs 17-40 % of the parse; this costs 1-25 % (docs/adr/0002).
 */
import type { Node, Tree, TreeCursor } from 'web-tree-sitter';
import type { SymbolDef, SymbolKind } from '../../model/parsed-file.ts';
import type { CompiledRules } from './compile-rules.ts';
import { action } from './compile-rules.ts';
import type { CommentMarkers, LineRange, LineSource } from './doc-comments.ts';
import { docAbove, isLineComment } from './doc-comments.ts';
import type { Definition, Place } from './rules.ts';
import { functionKinds } from './rules.ts';

/** Longest name kept: beyond it a name is an accident of recovery or an attack. */
const maxNameLength = 200;
/** Symbols kept of one file; what follows them is still chunked by lines. */
const maxSymbols = 50_000;

export interface OutlineInput {
  readonly tree: Tree;
  readonly source: string;
  readonly lines: LineSource;
  readonly rules: CompiledRules;
  readonly markers: CommentMarkers;
}

/** Where the walk stands: one frame per level of the tree that it went into. */
interface Frame {
  /** Index of the nearest enclosing symbol, -1 for none. */
  readonly symbol: number;
  readonly local: boolean;
  /** 0-based first row of decorators and wrappers waiting for their definition; -1 for none. */
  pendingRow: number;
  /** A wrapper's row waits through the wrapper's own tokens; a prefix is forgotten at the next other node. */
  pendingSticks: boolean;
  /** Offset of the wrapper that the frame is the inside of, -1 for none. */
  readonly wrapperStart: number;
}

interface Walk extends OutlineInput {
  readonly symbols: SymbolDef[];
  readonly docs: Map<number, LineRange | undefined>;
}

export function readOutline(input: OutlineInput): SymbolDef[] {
  const walk: Walk = { ...input, symbols: [], docs: new Map() };
  const { actions } = input.rules;
  const cursor = input.tree.walk();
  const frames: Frame[] = [];
  let frame: Frame = { symbol: -1, local: false, pendingRow: -1, pendingSticks: false, wrapperStart: -1 };
  try {
    for (;;) {
      const typeId = cursor.nodeTypeId;
      const bits = actions[typeId] ?? 0;
      const inner = bits === 0 ? undefined : visit(walk, cursor, typeId, bits, frame);
      if (bits === 0 && frame.pendingRow !== -1 && !frame.pendingSticks) frame.pendingRow = -1;
      if (inner !== undefined && cursor.gotoFirstChild()) {
        frames.push(frame);
        frame = inner;
        continue;
      }
      while (!cursor.gotoNextSibling()) {
        const outer = frames.pop();
        if (outer === undefined || !cursor.gotoParent()) return walk.symbols;
        frame = outer;
      }
      if (walk.symbols.length >= maxSymbols) return walk.symbols;
    }
  } finally {
    cursor.delete();
  }
}

/** Handles one node that the table lists; returns the frame for its inside when the walk is to go there. */
function visit(
  walk: Walk,
  cursor: TreeCursor,
  typeId: number,
  bits: number,
  frame: Frame,
): Frame | undefined {
  if (bits === action.descend) {
    clearPrefix(frame);
    return {
      symbol: frame.symbol,
      local: frame.local,
      pendingRow: -1,
      pendingSticks: false,
      wrapperStart: -1,
    };
  }
  if ((bits & action.comment) !== 0) return undefined;
  if ((bits & action.prefix) !== 0) {
    if (frame.pendingRow === -1) frame.pendingRow = cursor.startPosition.row;
    return undefined;
  }
  let { symbol, local } = frame;
  if ((bits & action.closure) !== 0) local = true;
  if ((bits & action.define) !== 0) {
    const inside = define(walk, cursor.currentNode, typeId, frame);
    if (inside !== undefined) {
      symbol = inside.symbol;
      local ||= functionKinds.has(walk.symbols[symbol]?.kind ?? 'module');
      if (inside.closed) bits &= ~action.descend;
    }
  }
  const isWrapper = (bits & action.wrapper) !== 0;
  let pendingRow = -1;
  if (isWrapper) pendingRow = frame.pendingRow === -1 ? cursor.startPosition.row : frame.pendingRow;
  clearPrefix(frame);
  if ((bits & action.descend) === 0) return undefined;
  const needsBrace = (bits & action.brace) !== 0 && (local || !isWrapper);
  if (needsBrace && !holdsBrace(walk.source, cursor)) return undefined;
  return {
    symbol,
    local,
    pendingRow,
    pendingSticks: isWrapper,
    wrapperStart: isWrapper ? cursor.startIndex : -1,
  };
}

function holdsBrace(source: string, cursor: TreeCursor): boolean {
  return source.slice(cursor.startIndex, cursor.endIndex).includes('{');
}

function clearPrefix(frame: Frame): void {
  if (!frame.pendingSticks) frame.pendingRow = -1;
}

/** Lists the definitions of a node; returns the one that its inside belongs to, undefined for none. */
function define(
  walk: Walk,
  node: Node,
  typeId: number,
  frame: Frame,
): { symbol: number; closed: boolean } | undefined {
  const read = walk.rules.readers[typeId];
  if (read === undefined) return undefined;
  const place: Place = {
    source: walk.source,
    wrapperStart: frame.wrapperStart,
    local: frame.local,
    parentKind: walk.symbols[frame.symbol]?.kind,
  };
  const found = read(node, place);
  if (found === undefined) return undefined;
  const list = Array.isArray(found) ? (found as readonly Definition[]) : [found as Definition];
  let inside: { symbol: number; closed: boolean } | undefined;
  for (const definition of list) {
    const name = cleanName(definition.name);
    if (name === '') continue;
    const index = walk.symbols.length;
    walk.symbols.push(symbolOf(walk, definition, name, definition.node ?? node, frame));
    inside ??= { symbol: index, closed: definition.closed ?? false };
    // A wrapper or decorator belongs to the first definition only.
    frame.pendingRow = -1;
  }
  return inside;
}

function symbolOf(walk: Walk, definition: Definition, name: string, node: Node, frame: Frame): SymbolDef {
  const ownStart = node.startPosition.row + 1;
  // In broken code a definition may have been recovered between a wrapper and what it wraps.
  const earliest = walk.symbols.at(-1)?.start ?? 1;
  const adopts = frame.pendingRow !== -1 && frame.pendingRow + 1 >= earliest;
  const start = adopts ? Math.min(ownStart, frame.pendingRow + 1) : ownStart;
  const end = Math.max(endLine(node), ownStart);
  const nameLine = clamp(definition.nameNode.startPosition.row + 1, start, end);
  const body = definition.body ?? undefined;
  // `typedef struct { ... } name;`: there the header is what comes before the body, not up to the name.
  const headStart = body !== undefined && body.startIndex < definition.nameNode.startIndex ? start : nameLine;
  const headEnd = body === undefined ? end : clamp(headEndBefore(walk, body, headStart), headStart, end);
  const docString = walk.rules.docstrings && body !== undefined ? docstringOf(walk.source, body) : undefined;
  // What stands above a line documents the outermost definition that begins there.
  const isOutermost = walk.symbols[frame.symbol]?.start !== start;
  const above = isOutermost ? cachedDocAbove(walk, start) : undefined;
  const doc = docString ?? above ?? (start === ownStart ? undefined : cachedDocAbove(walk, ownStart));
  return {
    name,
    kind: definition.kind satisfies SymbolKind,
    start,
    end,
    nameLine,
    headEnd,
    docStart: doc?.start ?? 0,
    docEnd: doc?.end ?? 0,
    parent: frame.symbol,
  };
}

/** Last line before the body: the line with the opening brace, or the last code line above a body on its own line. */
function headEndBefore(walk: Walk, body: Node, headStart: number): number {
  const { row, column } = body.startPosition;
  const bodyLine = row + 1;
  const opensLine = column === 0 || walk.lines.indentOf(bodyLine) >= column;
  if (!opensLine) return bodyLine;
  let line = bodyLine - 1;
  while (line > headStart) {
    const text = walk.lines.trimmed(line);
    if (text !== '' && !isLineComment(text, walk.markers)) break;
    line -= 1;
  }
  return line;
}

function docstringOf(source: string, body: Node): LineRange | undefined {
  if (body.type !== 'block') return undefined;
  const opening = /[rRuUbB]{0,2}["']/y;
  opening.lastIndex = body.startIndex;
  if (!opening.test(source)) return undefined;
  const statement = body.firstNamedChild;
  const text = statement?.type === 'expression_statement' ? statement.firstNamedChild : statement;
  if (text?.type !== 'string') return undefined;
  return { start: text.startPosition.row + 1, end: text.endPosition.row + 1 };
}

function cachedDocAbove(walk: Walk, line: number): LineRange | undefined {
  if (walk.docs.has(line)) return walk.docs.get(line);
  const doc = docAbove(walk.lines, line, walk.markers);
  walk.docs.set(line, doc);
  return doc;
}

/** Last line with text of the node: grammars let some nodes end after their newline. */
function endLine(node: Node): number {
  const { row, column } = node.endPosition;
  return column === 0 ? row : row + 1;
}

function cleanName(name: string): string {
  if (name.length > maxNameLength) return '';
  return /\s/.test(name) ? name.replaceAll(/\s+/g, ' ').trim() : name;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
