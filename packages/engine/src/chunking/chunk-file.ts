/**
 * ParsedFile -> chunks: the pieces of a file that are ranked on their own.
 *
 *   extents (definitions as nested ranges)
 *     -> runs    own: a definition that is a chunk; loose: what lies between, with the tiny definitions in it
 *     -> joined  stray lines (closing brackets, a comment, one import) go to a neighbour
 *     -> cut     what is too long is cut at its natural gaps
 *
 * Chunks cover every non-blank line, do not overlap and are in line order, whatever the symbols claim.
 * Knows no language and no grammar: only kinds and lines.
 */
import type { Chunk, ParsedFile, SymbolDef } from '../model/parsed-file.ts';
import type { LineShape } from './cut-range.ts';
import { cutRange, lengthOf, shapeOf, trimBlank } from './cut-range.ts';
import type { Extent } from './extents.ts';
import { extentsOf } from './extents.ts';
import { containerKinds, packedKinds, sizes, transparentKinds } from './sizes.ts';

export { chunkFields } from './chunk-fields.ts';

interface Run {
  start: number;
  end: number;
  readonly symbol: number;
  /** The lines of one definition, with all that is in it. */
  readonly own: boolean;
  /** First lines of a container. */
  readonly head: boolean;
  /** Tiny definitions folded in. */
  readonly folded: readonly Extent[];
}

interface Layout {
  readonly symbols: readonly SymbolDef[];
  readonly shape: LineShape;
  readonly runs: Run[];
}

export function chunkFile(lines: readonly string[], parsed: ParsedFile): Chunk[] {
  const shape = shapeOf(lines);
  const layout: Layout = { symbols: parsed.symbols, shape, runs: [] };
  layOut(layout, extentsOf(parsed.symbols, lines.length), 1, lines.length, -1);
  return joinStray(layout).flatMap((run) => cutRun(layout, run));
}

/** Walks the definitions of one level in line order; what is between them becomes loose runs of `symbol`. */
function layOut(layout: Layout, extents: readonly Extent[], from: number, to: number, symbol: number): void {
  let start = from;
  let head = symbol !== -1;
  let folded: Extent[] = [];
  const closeLoose = (end: number): void => {
    const range = trimBlank(layout.shape, start, end);
    if (range !== undefined) layout.runs.push({ ...range, symbol, own: false, head, folded });
    head = false;
    folded = [];
  };
  for (const extent of extents) {
    if (isFolded(layout, extent)) {
      folded.push(extent);
      continue;
    }
    closeLoose(extent.from - 1);
    if (isWhole(layout, extent)) layOwn(layout, extent);
    else layOut(layout, extent.children, extent.from, extent.to, extent.symbol);
    start = extent.to + 1;
  }
  closeLoose(to);
}

function layOwn(layout: Layout, extent: Extent): void {
  const range = trimBlank(layout.shape, extent.from, extent.to);
  if (range !== undefined)
    layout.runs.push({ ...range, symbol: extent.symbol, own: true, head: true, folded: [] });
}

/** Too small to be a chunk: constants, fields, one-liners, prototypes without a comment to speak of. */
function isFolded(layout: Layout, extent: Extent): boolean {
  const definition = layout.symbols[extent.symbol];
  if (definition === undefined) return true;
  const total = lengthOf(layout.shape, extent.from, extent.to);
  if (packedKinds.has(definition.kind)) return total <= sizes.blockMax;
  if (definition.kind === 'section')
    return extent.children.length === 0 && isHeadingOnly(layout, definition, extent);
  const own = lengthOf(layout.shape, Math.max(definition.start, extent.from), extent.to);
  return own <= sizes.tinyDefinition && total <= sizes.tinyWithDoc;
}

function isHeadingOnly({ shape }: Layout, definition: SymbolDef, extent: Extent): boolean {
  return trimBlank(shape, Math.max(definition.headEnd + 1, extent.from), extent.to) === undefined;
}

/** Whether the definition is one chunk with everything in it (it may still be cut for its length). */
function isWhole(layout: Layout, extent: Extent): boolean {
  if (extent.children.length === 0) return true;
  const kind = layout.symbols[extent.symbol]?.kind ?? 'variable';
  const total = lengthOf(layout.shape, extent.from, extent.to);
  if (kind === 'section') return false;
  if (packedKinds.has(kind)) return total <= sizes.blockMax;
  return total <= (containerKinds.has(kind) ? sizes.wholeContainer : sizes.wholeFunction);
}

/** Gives stray lines to a neighbour: closing brackets to the run before, the rest to the run after. */
function joinStray(layout: Layout): Run[] {
  const joined: Run[] = [];
  let pending: Run | undefined;
  for (const run of layout.runs) {
    if (!isStray(layout, run)) {
      if (pending !== undefined) giveStray(pending, joined.at(-1), run);
      pending = undefined;
      joined.push(run);
      continue;
    }
    if (pending !== undefined) {
      pending.end = run.end;
      continue;
    }
    const before = joined.at(-1);
    const rest = before === undefined ? run.start : skipClosing(layout.shape, run);
    if (before !== undefined && rest > run.start) before.end = rest - 1;
    if (rest <= run.end) pending = { ...run, start: rest };
  }
  const last = joined.at(-1);
  if (pending !== undefined && last !== undefined) last.end = pending.end;
  else if (pending !== undefined) joined.push(pending);
  return joined;
}

/** To the run it touches; to the one after when it touches both or neither. */
function giveStray(stray: Run, before: Run | undefined, after: Run): void {
  if (before !== undefined && stray.start === before.end + 1 && stray.end + 1 < after.start)
    before.end = stray.end;
  else after.start = stray.start;
}

function isStray(layout: Layout, run: Run): boolean {
  if (run.own || run.folded.length > 0 || lengthOf(layout.shape, run.start, run.end) > sizes.strayMax)
    return false;
  const definition = layout.symbols[run.symbol];
  if (!run.head || definition === undefined) return true;
  return transparentKinds.has(definition.kind) && run.end <= definition.headEnd;
}

/** First line of the run that is not a closing bracket. */
function skipClosing(shape: LineShape, run: Run): number {
  let line = run.start;
  while (line <= run.end && (shape.closing[line] === 1 || shape.indent[line] === -1)) line += 1;
  return line;
}

function cutRun(layout: Layout, run: Run): Chunk[] {
  const { shape, symbols } = layout;
  const length = lengthOf(shape, run.start, run.end);
  const definition = symbols[run.symbol];
  if (definition !== undefined && isCutAsDefinition(run, definition)) {
    if (length <= sizes.definitionMax) return [{ start: run.start, end: run.end, symbol: run.symbol }];
    const cut = { aim: sizes.part, min: sizes.partMin, max: sizes.partMax };
    // A long header or docstring stays with the name as far as a part has room for it.
    const headEnd = Math.max(definition.headEnd, definition.docEnd);
    return cutRange(shape, run, cut, (line) => line <= headEnd).map((piece) => ({
      ...piece,
      symbol: run.symbol,
    }));
  }
  const cut = { aim: sizes.block, min: sizes.blockMin, max: sizes.blockMax };
  const inside = insideLines(run);
  return cutRange(shape, run, cut, (line) => inside.has(line)).map((piece) => ({
    ...piece,
    symbol: onlyFolded(layout, run, piece.start, piece.end) ?? run.symbol,
  }));
}

/**
 * Definitions are cut into larger parts than blocks are. So is the head of a class that is mostly its comment; a head of many
 * small members is a block.
 */
function isCutAsDefinition(run: Run, definition: SymbolDef): boolean {
  if (packedKinds.has(definition.kind)) return false;
  return run.own || definition.kind === 'section' || (run.head && run.folded.length < sizes.manyMembers);
}

/** Lines that a cut should not begin on, because a folded definition would be cut in two. */
function insideLines(run: Run): Set<number> {
  const inside = new Set<number>();
  for (const extent of run.folded) {
    for (let line = Math.max(run.start, extent.from + 1); line <= Math.min(run.end, extent.to); line += 1)
      inside.add(line);
  }
  return inside;
}

/** The folded definition that a piece consists of, when there is one only and hardly anything else. */
function onlyFolded({ shape, symbols }: Layout, run: Run, start: number, end: number): number | undefined {
  if (run.head && run.start === start && run.symbol !== -1) return undefined;
  let only: Extent | undefined;
  for (const extent of run.folded) {
    if (extent.to < start || extent.from > end) continue;
    if (only !== undefined) return undefined;
    only = extent;
  }
  if (only === undefined || symbols[only.symbol] === undefined) return undefined;
  const others = lengthOf(shape, start, only.from - 1) + lengthOf(shape, only.to + 1, end);
  return others <= sizes.strayMax ? only.symbol : undefined;
}
