/**
 * Definitions that the graph does not follow, joined to it by the lines that hold their name: who asks the graph then meets them like
 * any other, and each line says how far it is known. Pure.
 */
import { addTo } from '../model/add-to.ts';
import type { CodeGraph, GraphEdge, GraphSymbol } from '../model/code-graph.ts';
import type { FilePath, LanguageId } from '../model/file.ts';

/** A line that holds the name of the definitions as a word. */
export interface NamedLine {
  readonly path: FilePath;
  readonly line: number;
  readonly text: string;
  readonly hash: string;
}

/** Outlines' words for what runs. */
const RUNS: ReadonlySet<string> = new Set(['function', 'method', 'constructor']);

/** `definitions` have one name. */
export function withNamedLines(
  graph: CodeGraph,
  definitions: readonly GraphSymbol[],
  lines: readonly NamedLine[],
): CodeGraph {
  const [first] = definitions;
  if (first === undefined) return graph;
  const own = new Map(definitions.map((definition) => [definition.id, definition]));
  const known = filesThatKnow(graph, definitions, new Set(lines.map(({ path }) => path)));
  const mayCall = definitions.some(({ kind }) => RUNS.has(kind));
  const edges = new Map<string, GraphEdge[]>();
  const imports = new Map<FilePath, ReadonlySet<number>>();
  for (const { path, line, text, hash } of lines) {
    const from = graph.at(path, line)?.id ?? path;
    if (!imports.has(path)) imports.set(path, importLines(graph, path));
    const kind = imports.get(path)?.has(line)
      ? 'imports'
      : mayCall || isCalled(text, first.name)
        ? 'calls'
        : 'uses';
    const near = known.get(path);
    // A line is told once: of which of several it is, nothing says.
    const [to = first.id, ...others] = near ?? own.keys();
    const how = { isNamed: near === undefined, isAmbiguous: others.length > 0 };
    addTo(edges, to, { kind, from, to, path, line, hash, resolution: 'inferred', ...how });
  }
  return {
    ...graph,
    symbol: (id) => own.get(id) ?? graph.symbol(id),
    incoming: (id, kind) =>
      own.has(id)
        ? (edges.get(id) ?? []).filter((edge) => kind === undefined || edge.kind === kind)
        : graph.incoming(id, kind),
  };
}

/** `NAME(`, also `NAME!(`, as macros are called. */
const isCalled = (text: string, name: string): boolean => {
  const after = text.slice(text.indexOf(name) + name.length);
  return /^!?\s*\(/.test(after);
};

/** Of the files with the name: which definitions their lines most likely mean, because they stand there or are imported from there. */
function filesThatKnow(
  graph: CodeGraph,
  definitions: readonly GraphSymbol[],
  paths: ReadonlySet<FilePath>,
): ReadonlyMap<FilePath, ReadonlySet<string>> {
  const known = new Map<FilePath, Set<string>>();
  // A file's own definition hides those of others.
  const owners = new Set(definitions.map(({ path }) => path));
  for (const { id, path } of definitions) known.set(path, (known.get(path) ?? new Set()).add(id));
  for (const { id, path, language } of definitions)
    for (const file of filesFrom(graph, path, language, paths))
      if (!owners.has(file)) known.set(file, (known.get(file) ?? new Set()).add(id));
  return known;
}

/** Files among `paths` that import one, also over others of them that hand the name on, or that use what it defines. */
function filesFrom(
  graph: CodeGraph,
  path: FilePath,
  language: LanguageId,
  paths: ReadonlySet<FilePath>,
): ReadonlySet<FilePath> {
  const found = new Set([path, ...samePackage(path, language, paths)]);
  for (const { id } of graph.inFile(path))
    for (const edge of graph.incoming(id)) if (paths.has(edge.path)) found.add(edge.path);
  // What a header includes is there for whoever includes the header.
  const isOpen = language === 'c' || language === 'cpp';
  for (const file of found) {
    const module = graph.firstIn(file);
    for (const edge of module === undefined ? [] : graph.incoming(module.id, 'imports'))
      if (isOpen || paths.has(edge.path)) found.add(edge.path);
  }
  return found;
}

/** Files of one folder are one package. */
function samePackage(path: FilePath, language: LanguageId, paths: ReadonlySet<FilePath>): FilePath[] {
  if (language !== 'go') return [];
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return [...paths].filter((other) => other.startsWith(folder) && !other.includes('/', folder.length));
}

function importLines(graph: CodeGraph, path: FilePath): ReadonlySet<number> {
  const module = graph.firstIn(path);
  return new Set(module === undefined ? [] : graph.outgoing(module.id, 'imports').map(({ line }) => line));
}
