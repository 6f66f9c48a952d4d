/**
 * The graph of files whose facts differ in their lines alone: a comment above, a text over more lines. Nothing is resolved, because
 * resolving only asks which lines of one file are the same (`docs/adr/0032-cost.md`); lines, and ids made of them, are written anew.
 */
import type { CodeFacts, FunctionFacts } from '../../model/code-facts.ts';
import type { FilePath } from '../../model/file.ts';
import type { GraphData } from './graph-data.ts';

/** Of one file. */
export interface MovedLines {
  /** Every line that facts name, with the line that it is now; in the same order. */
  readonly lines: ReadonlyMap<number, number>;
  /** Its last line: the end of the module, which begins on line 1 as before. */
  readonly end: number;
}

const lineKeys = new Set(['line', 'start', 'end', 'baseLines', 'starLines']);
const anonymous = '<anonymous:';
/** Number of the kind of a module in `SYMBOL_KINDS`. */
const MODULE = 0;
const kindBits = 7;

/** undefined: something else differs, too, or lines were joined or parted. */
export function movedLines(before: CodeFacts, after: CodeFacts): MovedLines | undefined {
  const end = after.functions[0]?.end;
  const comparison = new Comparison();
  if (end === undefined || !comparison.isSame(withoutModule(before), withoutModule(after), ''))
    return undefined;
  const sorted = [...comparison.lines].sort(([a], [b]) => a - b);
  const isOrdered = sorted.every(([, line], i) => i === 0 || line > (sorted[i - 1] as [number, number])[1]);
  return isOrdered ? { lines: comparison.lines, end } : undefined;
}

/** Where the module begins and ends says nothing of what stands there. */
function withoutModule(facts: CodeFacts): unknown {
  const [module, ...functions] = facts.functions;
  const { start: _start, end: _end, ...rest } = module as FunctionFacts;
  return { ...facts, functions, module: rest };
}

class Comparison {
  readonly lines = new Map<number, number>();

  /** `key`: under which both stand. */
  isSame(a: unknown, b: unknown, key: string): boolean {
    if (typeof a === 'number') return lineKeys.has(key) ? this.#isPair(a, b) : a === b;
    // Names of functions say on which line they stand; where another text does, too, all is resolved.
    if (typeof a === 'string') return key === 'path' ? this.#isPath(a, b) : a === b && !a.includes(anonymous);
    if (typeof a !== 'object' || a === null) return a === b;
    if (typeof b !== 'object' || b === null) return false;
    if (Array.isArray(a))
      return Array.isArray(b) && a.length === b.length && a.every((each, i) => this.isSame(each, b[i], key));
    return this.#isObject(a as Fields, b as Fields);
  }

  #isObject(a: Fields, b: Fields): boolean {
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    // The `start` of a slice is that of its elements.
    const isSlice = a['op'] === 'slice';
    return keys.every((key) => Object.hasOwn(b, key) && this.isSame(a[key], b[key], isSlice ? '' : key));
  }

  #isPair(a: number, b: unknown): boolean {
    const known = this.lines.get(a);
    if (known !== undefined || typeof b !== 'number') return known === b;
    this.lines.set(a, b);
    return true;
  }

  #isPath(a: string, b: unknown): boolean {
    if (typeof b !== 'string') return false;
    const [left, right] = [a.split(anonymous), b.split(anonymous)];
    return (
      left.length === right.length &&
      left.every((part, i) => {
        const other = right[i] as string;
        if (i === 0) return part === other;
        const [line, otherLine] = [Number.parseInt(part, 10), Number.parseInt(other, 10)];
        if (!part.startsWith(String(line)) || !other.startsWith(String(otherLine))) return false;
        return (
          part.slice(String(line).length) === other.slice(String(otherLine).length) &&
          this.#isPair(line, otherLine)
        );
      })
    );
  }
}

interface Fields {
  readonly [key: string]: unknown;
}

/** undefined: it cannot be told which ids or lines are meant. */
export function withMovedLines(
  data: GraphData,
  moved: ReadonlyMap<FilePath, MovedLines>,
): GraphData | undefined {
  const byFile = data.paths.map((path) => moved.get(path));
  const ids = movedIds(data, byFile);
  if (ids === undefined) return undefined;
  const { symbols, edges, unresolved } = data;
  let isKnown = true;
  const linesOf = (column: Int32Array, files: Int32Array) =>
    column.map((line, row) => {
      const lines = byFile[files[row] as number]?.lines;
      const now = lines === undefined ? line : lines.get(line);
      if (now === undefined) isKnown = false;
      return now ?? 0;
    });
  const ofSymbols = (column: Int32Array, isStart: boolean) => {
    // Module rows have lines of their own.
    const files = symbols.file.map((file, row) => (isModule(data, row) ? data.paths.length : file));
    return linesOf(column, files).map((line, row) =>
      isStart || !isModule(data, row) ? line : (byFile[symbols.file[row] as number]?.end ?? line),
    );
  };
  const idsOf = (column: Int32Array) => column.map((id) => ids.rank[id] as number);
  const line = linesOf(edges.line, edges.file);
  const found = {
    ...data,
    ids: ids.list,
    symbols: {
      ...symbols,
      id: idsOf(symbols.id),
      start: ofSymbols(symbols.start, true),
      end: ofSymbols(symbols.end, false),
    },
    edges: ids.isSame ? { ...edges, line } : inOrder({ ...edges, line }, ids.rank),
    unresolved: {
      ...unresolved,
      from: idsOf(unresolved.from),
      line: linesOf(unresolved.line, unresolved.file),
    },
  };
  return isKnown ? found : undefined;
}

const isModule = ({ symbols }: GraphData, row: number) =>
  ((symbols.kind[row] as number) & kindBits) === MODULE;

/** Rows of one line and kind are in the order of their ids: few are out of it. */
function inOrder(edges: GraphData['edges'], rank: Int32Array): GraphData['edges'] {
  const { kind, file, line } = edges;
  const from = edges.from.map((id) => rank[id] as number);
  const to = edges.to.map((id) => rank[id] as number);
  const order = Uint32Array.from(kind.keys());
  const compare = (a: number, b: number) =>
    (from[a] as number) - (from[b] as number) || (to[a] as number) - (to[b] as number);
  const isTogether = (a: number, b: number) =>
    line[a] === line[b] &&
    file[a] === file[b] &&
    ((kind[a] as number) & kindBits) === ((kind[b] as number) & kindBits);
  for (let first = 0, end = 1; first < kind.length; first = end, end += 1) {
    while (end < kind.length && isTogether(first, end)) end += 1;
    if (end - first > 1) order.subarray(first, end).sort(compare);
  }
  const inThis = (column: Int32Array) => Int32Array.from(order, (row) => column[row] as number);
  return {
    kind: Uint8Array.from(order, (row) => kind[row] as number),
    from: inThis(from),
    to: inThis(to),
    file,
    line,
  };
}

interface MovedIds {
  readonly list: readonly string[];
  /** New number of each id. */
  readonly rank: Int32Array;
  readonly isSame: boolean;
}

/** Ids with lines of the files in them. undefined: two files share one, or would. */
function movedIds(data: GraphData, byFile: readonly (MovedLines | undefined)[]): MovedIds | undefined {
  const { ids, symbols } = data;
  // A folder or file may be called so, too.
  if (data.paths.some((path, file) => byFile[file] && path.includes(anonymous))) return undefined;
  const owners = new Map<number, number>();
  for (const [row, id] of symbols.id.entries()) {
    if (!(ids[id] as string).includes(anonymous)) continue;
    const file = symbols.file[row] as number;
    const owner = owners.get(id);
    if (owner !== undefined && owner !== file && (byFile[owner] ?? byFile[file])) return undefined;
    owners.set(id, file);
  }
  const now = [...ids];
  let isSame = true;
  for (const [id, file] of owners) {
    const lines = byFile[file]?.lines;
    if (lines === undefined) continue;
    const { name, isKnown } = movedName(ids[id] as string, lines);
    if (!isKnown) return undefined;
    if (name !== ids[id]) isSame = false;
    now[id] = name;
  }
  if (isSame) return { list: ids, rank: Int32Array.from(ids.keys()), isSame };
  const order = [...now.keys()].sort((a, b) => ((now[a] as string) < (now[b] as string) ? -1 : 1));
  const rank = new Int32Array(ids.length);
  for (const [at, id] of order.entries()) rank[id] = at;
  const list = order.map((id) => now[id] as string);
  return list.some((name, i) => name === list[i - 1]) ? undefined : { list, rank, isSame };
}

function movedName(id: string, lines: ReadonlyMap<number, number>): { name: string; isKnown: boolean } {
  let isKnown = true;
  const name = id.replace(/<anonymous:(\d+)/g, (_, line: string) => {
    const now = lines.get(Number(line));
    if (now === undefined) isKnown = false;
    return `${anonymous}${now}`;
  });
  return { name, isKnown };
}
