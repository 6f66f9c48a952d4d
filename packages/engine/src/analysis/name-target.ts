/** A name as people and agents write it -> the definitions of the graph that it means. Pure. */
import type { CodeGraph, GraphSymbol } from '../model/code-graph.ts';
import type { FilePath } from '../model/file.ts';
import { readPlace } from '../model/place.ts';

export interface NamedTarget {
  readonly state: 'found' | 'several' | 'none';
  readonly targets: readonly GraphSymbol[];
  /** With `found`: other definitions of the name that were passed over. With `several`: all of them. */
  readonly candidates: readonly GraphSymbol[];
  /** A whole file is meant. */
  readonly isFile: boolean;
}

export interface NameQuery {
  readonly name: string;
  readonly path?: FilePath | undefined;
  readonly all?: boolean | undefined;
}

/** Of several definitions the only one outside tests is meant; otherwise several stay several. */
export function findTarget(graph: CodeGraph, { name, path, all = false }: NameQuery): NamedTarget {
  const place = targetAtPlace(graph, name.trim());
  if (place !== undefined) return place;
  const found = bestTier(graph.find(name.trim(), path), name.trim());
  const defined = found.some(({ kind }) => kind !== 'module')
    ? found.filter(({ kind }) => kind !== 'module')
    : found;
  if (defined.length === 0) return { state: 'none', targets: [], candidates: [], isFile: false };
  if (all || defined.length === 1) return meant(defined, []);
  const sources = defined.filter(({ fileKind }) => fileKind !== 'test');
  if (sources.length === 1)
    return meant(
      sources,
      defined.filter((symbol) => symbol !== sources[0]),
    );
  return { state: 'several', targets: [], candidates: defined, isFile: false };
}

const meant = (targets: readonly GraphSymbol[], candidates: readonly GraphSymbol[]): NamedTarget => ({
  state: 'found',
  targets,
  candidates,
  isFile: targets.length === 1 && targets[0]?.kind === 'module',
});

/** A file, or what stands at a line of it. */
function targetAtPlace(graph: CodeGraph, name: string): NamedTarget | undefined {
  const { path, lines } = readPlace(name);
  const whole = graph.firstIn(path);
  if (whole === undefined) return undefined;
  if (lines === undefined) return meant([whole], []);
  const symbol = graph.at(path, lines.start);
  return symbol === undefined
    ? { state: 'none', targets: [], candidates: graph.inFile(path).slice(0, 20), isFile: false }
    : meant([symbol], []);
}

/** A whole id stands for itself; what fits but for letter case only counts where nothing fits as written. */
function bestTier(found: readonly GraphSymbol[], name: string): readonly GraphSymbol[] {
  const exact = found.filter(({ id }) => id === name);
  if (exact.length > 0) return exact;
  const written = name.replace(/#|::|\//g, '.');
  const fits = found.filter(({ id }) => id === written || id.endsWith(`.${written}`));
  return fits.length > 0 ? fits : found;
}

/** The last part of a name, as calls write it: `Store.publish`, `Store#publish` -> `publish`. */
export function bareName(name: string): string {
  return (
    name
      .trim()
      .split(/[.#/\s]|::/)
      .filter((part) => part !== '')
      .at(-1)
      ?.replace(/\(.*$/, '') ?? ''
  );
}
