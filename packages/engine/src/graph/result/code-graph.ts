/** `CodeGraph` over the columns of a resolved graph. Tables for look-ups are made when they are first needed. */
import { addTo } from '../../model/add-to.ts';
import type { UnreadFile } from '../../model/call-graph.ts';
import {
  type CodeGraph,
  type GivenBy,
  GRAPH_EDGE_KINDS,
  type GraphEdge,
  type GraphEdgeKind,
  type GraphSymbol,
  type GraphSymbolKind,
  type UnresolvedSite,
} from '../../model/code-graph.ts';
import type { ContentHash, FileKind, FilePath, LanguageId } from '../../model/file.ts';
import { EXPORTED, GIVEN_BY, type GraphData, INFERRED, SYMBOL_KINDS } from './graph-data.ts';
import { bareName, idAsWritten, matchOf, WITH_GAPS } from './symbol-names.ts';

/** Of the files in `GraphData.paths`, in the same order. */
export interface GraphFile {
  readonly path: FilePath;
  readonly hash: ContentHash;
  readonly kind: FileKind;
  readonly language: LanguageId;
}

interface About {
  readonly generation: number;
  readonly unread: readonly UnreadFile[];
}

export function createCodeGraph(data: GraphData, files: readonly GraphFile[], about: About): CodeGraph {
  const rows = new Rows(data, files);
  const { ids, symbols, edges, unresolved } = data;
  const numberOf = once(() => new Map(ids.map((id, i) => [id, i])));
  const fileNumber = once(() => new Map(files.map(({ path }, i) => [path, i])));
  const symbolsOfId = once(() => grouped(symbols.id, ids.length));
  const symbolsOfFile = once(() => grouped(symbols.file, files.length));
  const incoming = once(() => grouped(edges.to, ids.length));
  const outgoing = once(() => grouped(edges.from, ids.length));
  const unresolvedFrom = once(() => grouped(unresolved.from, ids.length));
  const byName = once(() => symbolsByName(data));
  const unresolvedByName = once(() => sitesByName(data, files));

  return {
    ...about,
    isPartial: data.isPartial,
    symbolCount: symbols.id.length,
    symbol(id) {
      const [first] = symbolsOfId()(numberOf().get(id));
      return first === undefined ? undefined : rows.symbol(first);
    },
    find: (name, path) =>
      rows.named(idAsWritten(name), path, (bare) => byName().get(bare.toLowerCase()) ?? []),
    inFile: (path) => Array.from(symbolsOfFile()(fileNumber().get(path)), (row) => rows.symbol(row)),
    firstIn(path) {
      const [first] = symbolsOfFile()(fileNumber().get(path));
      return first === undefined ? undefined : rows.symbol(first);
    },
    at: (path, line) => rows.innermost(symbolsOfFile()(fileNumber().get(path)), line),
    incoming: (id, kind) => rows.edges(incoming()(numberOf().get(id)), kind),
    outgoing: (id, kind) => rows.edges(outgoing()(numberOf().get(id)), kind),
    unresolvedIn: (id) => Array.from(unresolvedFrom()(numberOf().get(id)), (row) => rows.site(row)),
    unresolvedNamed: (name) => (unresolvedByName().get(name) ?? []).map((row) => rows.site(row)),
  };
}

const isWithGaps = ({ match }: { readonly match: number }): boolean => match === WITH_GAPS;

/** Rows of the columns as objects. */
class Rows {
  readonly #data: GraphData;
  readonly #files: readonly GraphFile[];

  constructor(data: GraphData, files: readonly GraphFile[]) {
    this.#data = data;
    this.#files = files;
  }

  symbol(row: number): GraphSymbol {
    const { ids, symbols } = this.#data;
    const file = this.#file(symbols.file[row]);
    const id = ids[symbols.id[row] as number] as string;
    const kind = symbols.kind[row] as number;
    return {
      id,
      name: bareName(id),
      kind: SYMBOL_KINDS[kind & 7] as GraphSymbolKind,
      path: file.path,
      start: symbols.start[row] as number,
      end: symbols.end[row] as number,
      hash: file.hash,
      language: file.language,
      fileKind: file.kind,
      isExported: (kind & EXPORTED) > 0,
    };
  }

  edges(some: Iterable<number>, wanted: GraphEdgeKind | undefined): GraphEdge[] {
    const { ids, edges } = this.#data;
    const number = wanted === undefined ? -1 : GRAPH_EDGE_KINDS.indexOf(wanted);
    const found: GraphEdge[] = [];
    for (const row of some) {
      const kind = edges.kind[row] as number;
      if (number >= 0 && (kind & 7) !== number) continue;
      const file = this.#file(edges.file[row]);
      found.push({
        kind: GRAPH_EDGE_KINDS[kind & 7] as GraphEdgeKind,
        from: ids[edges.from[row] as number] as string,
        to: ids[edges.to[row] as number] as string,
        path: file.path,
        line: edges.line[row] as number,
        hash: file.hash,
        resolution: (kind & INFERRED) > 0 ? 'inferred' : 'exact',
        ...(kind >> 4 > 0 && { given: GIVEN_BY[kind >> 4] as GivenBy }),
      });
    }
    return found;
  }

  site(row: number): UnresolvedSite {
    const { ids, texts, unresolved } = this.#data;
    const file = this.#file(unresolved.file[row]);
    return {
      from: ids[unresolved.from[row] as number] as string,
      text: texts[unresolved.text[row] as number] as string,
      path: file.path,
      line: unresolved.line[row] as number,
      hash: file.hash,
    };
  }

  named(
    wanted: string,
    path: FilePath | undefined,
    rowsOf: (bare: string) => Iterable<number>,
  ): GraphSymbol[] {
    const { ids, symbols } = this.#data;
    const found: { readonly row: number; readonly match: number; readonly isTest: boolean }[] = [];
    for (const row of rowsOf(bareName(wanted))) {
      const file = this.#file(symbols.file[row]);
      const match = matchOf(ids[symbols.id[row] as number] as string, wanted);
      if (match === undefined || !isIn(file.path, path)) continue;
      found.push({ row, match, isTest: file.kind === 'test' });
    }
    // Where names are left out, it is no question of letters: those count alone, and where nothing fits as written.
    const hasGaps = found.every(({ match }) => match >= WITH_GAPS) && found.some(isWithGaps);
    return found
      .filter((one) => isWithGaps(one) === hasGaps)
      .sort((a, b) => a.match - b.match || Number(a.isTest) - Number(b.isTest) || a.row - b.row)
      .map(({ row }) => this.symbol(row));
  }

  /** `rows`: of one file. */
  innermost(rows: Iterable<number>, line: number): GraphSymbol | undefined {
    const { start, end, kind } = this.#data.symbols;
    let best: number | undefined;
    let span = Number.POSITIVE_INFINITY;
    for (const row of rows) {
      const isModule = ((kind[row] as number) & 7) === 0;
      if (isModule) best ??= row;
      else if ((start[row] as number) <= line && line <= (end[row] as number)) {
        const own = (end[row] as number) - (start[row] as number);
        if (own > span) continue;
        span = own;
        best = row;
      }
    }
    return best === undefined ? undefined : this.symbol(best);
  }

  #file(number: number | undefined): GraphFile {
    return this.#files[number as number] as GraphFile;
  }
}

/** Row numbers of one value of a column, in order. */
type Grouped = (value: number | undefined) => Int32Array;

const none = new Int32Array(0);

/** A counting sort: rows keep their order within a value. */
function grouped(column: Int32Array, values: number): Grouped {
  const starts = new Int32Array(values + 1);
  for (const value of column) starts[value + 1] = (starts[value + 1] as number) + 1;
  for (let i = 0; i < values; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  const rows = new Int32Array(column.length);
  const next = starts.slice();
  column.forEach((value, row) => {
    const at = next[value] as number;
    rows[at] = row;
    next[value] = at + 1;
  });
  return (value) => (value === undefined ? none : rows.subarray(starts[value], starts[value + 1]));
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Symbols by their bare name in small letters. */
function symbolsByName({ ids, symbols }: GraphData): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [row, id] of symbols.id.entries()) addTo(found, bareName(ids[id] as string).toLowerCase(), row);
  return found;
}

/** By the last name of what is called: `save!`, `saved?` and `name=` are names of Ruby; the `!` of TypeScript is none. */
function sitesByName({ texts, unresolved }: GraphData, files: readonly GraphFile[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const names = texts.map((text) => /([\p{L}\p{N}_$]+[?!=]?)\W*$/u.exec(text)?.[1] ?? '');
  for (const [row, text] of unresolved.text.entries()) {
    const name = names[text] as string;
    const { language } = files[unresolved.file[row] as number] as GraphFile;
    addTo(found, language !== 'ruby' ? name.replace(/[?!=]$/, '') : name, row);
  }
  return found;
}

function isIn(path: FilePath, narrow: FilePath | undefined): boolean {
  if (narrow === undefined || narrow === '' || narrow === '.') return true;
  const folder = narrow.replace(/\/+$/, '');
  return path === folder || path.startsWith(`${folder}/`);
}
