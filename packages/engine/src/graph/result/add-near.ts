/** A graph in which some files have changed, with what they say when they are resolved with the files next to them alone. */
import type { FilePath } from '../../model/file.ts';
import { withoutFiles } from './drop-files.ts';
import { type GraphData, INFERRED } from './graph-data.ts';
import { joined, rowsOf, rowsWhere } from './rows.ts';

/**
 * `near`: of the changed files and some around them. Of it counts what stands in the changed files, as inferred: more may be known when all
 * is resolved. Left out of it is what leads outside the workspace where nothing led before: it may be in a file that was not looked at.
 * `gone`: the changed files, and those that are no more. Files that are new come last in `paths`; rows of changed files, last.
 */
export function withNear(
  data: GraphData,
  gone: ReadonlySet<FilePath>,
  near: GraphData,
  changed: ReadonlySet<FilePath>,
): GraphData {
  const isChanged = near.paths.map((path) => changed.has(path));
  const rowsIn = (file: Int32Array) =>
    rowsWhere(file.length, (row) => isChanged[file[row] as number] === true);
  const symbols = rowsIn(near.symbols.file);
  const left = withoutFiles(data, gone, new Set(symbols.map((row) => idAt(near, near.symbols.id, row))));
  const paths = new Numbers(left.paths);
  const ids = new Numbers(left.ids);
  const texts = new Numbers(left.texts);
  const fileOf = near.paths.map((path, file) => (isChanged[file] ? paths.of(path) : -1));
  const idsOf = (column: Int32Array, rows: readonly number[]) =>
    rows.map((row) => ids.of(idAt(near, column, row)));
  const isTarget = targetsIn(left, near, symbols, ids);
  const edges = rowsIn(near.edges.file).filter((row) => isTarget(idAt(near, near.edges.to, row)));
  const sites = rowsIn(near.unresolved.file);
  const files = (column: Int32Array, rows: readonly number[]) =>
    rows.map((row) => fileOf[column[row] as number] as number);
  return {
    paths: paths.all,
    ids: ids.all,
    symbols: {
      id: joined(left.symbols.id, idsOf(near.symbols.id, symbols)),
      file: joined(left.symbols.file, files(near.symbols.file, symbols)),
      kind: joined(
        left.symbols.kind,
        symbols.map((row) => near.symbols.kind[row] as number),
      ),
      start: joined(left.symbols.start, rowsOf(near.symbols.start, symbols)),
      end: joined(left.symbols.end, rowsOf(near.symbols.end, symbols)),
    },
    edges: {
      kind: joined(
        left.edges.kind,
        edges.map((row) => (near.edges.kind[row] as number) | INFERRED),
      ),
      from: joined(left.edges.from, idsOf(near.edges.from, edges)),
      to: joined(left.edges.to, idsOf(near.edges.to, edges)),
      file: joined(left.edges.file, files(near.edges.file, edges)),
      line: joined(left.edges.line, rowsOf(near.edges.line, edges)),
    },
    texts: texts.all,
    unresolved: {
      from: joined(left.unresolved.from, idsOf(near.unresolved.from, sites)),
      text: joined(
        left.unresolved.text,
        sites.map((row) => texts.of(near.texts[near.unresolved.text[row] as number] as string)),
      ),
      file: joined(left.unresolved.file, files(near.unresolved.file, sites)),
      line: joined(left.unresolved.line, rowsOf(near.unresolved.line, sites)),
    },
    withErrors: [
      ...left.withErrors.filter((file) => !gone.has(left.paths[file] as FilePath)),
      ...near.withErrors.flatMap((file) => (isChanged[file] ? (fileOf[file] as number) : [])),
    ],
    isPartial: left.isPartial || near.isPartial,
  };
}

/** Texts with their numbers; new ones come last. */
class Numbers {
  readonly all: string[];
  readonly #numbers: Map<string, number>;

  constructor(known: readonly string[]) {
    this.all = [...known];
    this.#numbers = new Map(known.map((text, number) => [text, number]));
  }

  known(text: string): number | undefined {
    return this.#numbers.get(text);
  }

  of(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.all.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }
}

const idAt = ({ ids }: GraphData, column: Int32Array, row: number) => ids[column[row] as number] as string;

/** Whether something is defined, of the language, or known to be outside. `left` has the ids of the graph of before, the first in `ids`. */
function targetsIn(
  left: GraphData,
  near: GraphData,
  symbols: readonly number[],
  ids: Numbers,
): (id: string) => boolean {
  const isKnown = new Set(left.symbols.id);
  for (const row of symbols) isKnown.add(ids.of(idAt(near, near.symbols.id, row)));
  return (id) => {
    if (id.startsWith('<builtin>')) return true;
    const number = ids.known(id);
    return number !== undefined && (isKnown.has(number) || (id.startsWith('<') && number < left.ids.length));
  };
}
