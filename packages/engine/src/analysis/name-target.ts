/** A name as people and agents write it -> the definitions of the graph that it means. Pure. */
import { idAsWritten } from '../graph/result/symbol-names.ts';
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
  const inFile = nameInFile(graph, name.trim());
  if (inFile !== undefined) return findTarget(graph, { ...inFile, all });
  const found = bestTier(graph.find(name.trim(), path), name.trim());
  const defined = withoutConstructors(
    found.some(({ kind }) => kind !== 'module') ? found.filter(({ kind }) => kind !== 'module') : found,
  );
  if (defined.length === 0) return { state: 'none', targets: [], candidates: [], isFile: false };
  if (all || defined.length === 1 || areOverloads(defined)) return meant(defined, []);
  const sources = defined.filter(({ fileKind }) => fileKind !== 'test');
  if (sources.length === 1 || areOverloads(sources))
    return meant(
      sources,
      defined.filter((symbol) => !sources.includes(symbol)),
    );
  return { state: 'several', targets: [], candidates: defined, isFile: false };
}

const withoutNumber = (id: string) => id.replace(/:\d+$/, '');

/** Methods of one name in one class: who names them means all; a line means one. */
const areOverloads = (found: readonly GraphSymbol[]) =>
  found.length > 1 &&
  found.every(
    ({ id, kind, path }) =>
      kind === 'method' && path === found[0]?.path && withoutNumber(id) === withoutNumber(found[0].id),
  );

/** A class stands for its constructors, which have its name in some languages. */
function withoutConstructors(found: readonly GraphSymbol[]): readonly GraphSymbol[] {
  const own = new Set(found.filter(({ kind }) => kind === 'class').map(({ id, name }) => `${id}.${name}`));
  return found.filter(({ id }) => !own.has(withoutNumber(id)));
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

/** `src/a.ts:Store.load`, and the ids of pytest, `tests/test_a.py::TestA::test_b`. */
function nameInFile(graph: CodeGraph, name: string): NameQuery | undefined {
  const [, file = '', rest = ''] = /^([^\s:]+\.\w+)::?([^\s:].*)$/.exec(name) ?? [];
  const { path } = readPlace(file);
  return graph.firstIn(path) === undefined ? undefined : { name: rest, path };
}

/** A whole id stands for itself; what fits but for letter case only counts where nothing fits as written. Overloads have one name. */
function bestTier(found: readonly GraphSymbol[], name: string): readonly GraphSymbol[] {
  const nameOf = ({ id, kind }: GraphSymbol) => (kind === 'method' ? withoutNumber(id) : id);
  const exact = found.filter((symbol) => symbol.id === name || nameOf(symbol) === name);
  if (exact.length > 0) return exact;
  const written = idAsWritten(name).replaceAll('/', '.');
  const fits = found.filter((symbol) => nameOf(symbol) === written || nameOf(symbol).endsWith(`.${written}`));
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
