/** A graph without what it says of some files, for while those are resolved again. */
import type { FilePath } from '../../model/file.ts';
import { type GraphData, INFERRED } from './graph-data.ts';
import { moduleId } from './report.ts';
import { rowsOf, rowsWhere } from './rows.ts';

/**
 * Leaves out the definitions of these files, what stands in them, and what leads to them: a changed file may no longer have the
 * definition, and a new one may be meant instead. `again`: ids that the changed files are known to define; what led to one still does, as far
 * as is known.
 */
export function withoutFiles(
  data: GraphData,
  gone: ReadonlySet<FilePath>,
  again: ReadonlySet<string> = new Set(),
): GraphData {
  const isGone = data.paths.map((path) => gone.has(path));
  const { symbols, edges, unresolved } = data;
  const kept = new Uint8Array(data.ids.length);
  const dropped = new Uint8Array(data.ids.length);
  for (const [row, id] of symbols.id.entries())
    (isGone[symbols.file[row] as number] ? dropped : kept)[id] = 1;
  // Two files may share an id (`a.ts` and `a.js`): while one of them stands the id does, its edges do not.
  const modules = new Set([...gone].map(moduleId));
  const isStale = (id: number) =>
    dropped[id] === 1 || (kept[id] === 0 && modules.has(data.ids[id] as string));
  const symbolRows = rowsWhere(symbols.id.length, (row) => !isGone[symbols.file[row] as number]);
  const isAgain = (id: number) => again.has(data.ids[id] as string);
  const edgeRows = rowsWhere(edges.to.length, (row) => {
    const to = edges.to[row] as number;
    return !isGone[edges.file[row] as number] && (!isStale(to) || isAgain(to));
  });
  const siteRows = rowsWhere(unresolved.from.length, (row) => !isGone[unresolved.file[row] as number]);
  return {
    ...data,
    symbols: {
      id: rowsOf(symbols.id, symbolRows),
      file: rowsOf(symbols.file, symbolRows),
      kind: Uint8Array.from(symbolRows, (row) => symbols.kind[row] as number),
      start: rowsOf(symbols.start, symbolRows),
      end: rowsOf(symbols.end, symbolRows),
    },
    edges: {
      kind: Uint8Array.from(edgeRows, (row) => {
        const kind = edges.kind[row] as number;
        return isStale(edges.to[row] as number) ? kind | INFERRED : kind;
      }),
      from: rowsOf(edges.from, edgeRows),
      to: rowsOf(edges.to, edgeRows),
      file: rowsOf(edges.file, edgeRows),
      line: rowsOf(edges.line, edgeRows),
    },
    unresolved: {
      from: rowsOf(unresolved.from, siteRows),
      text: rowsOf(unresolved.text, siteRows),
      file: rowsOf(unresolved.file, siteRows),
      line: rowsOf(unresolved.line, siteRows),
    },
  };
}
