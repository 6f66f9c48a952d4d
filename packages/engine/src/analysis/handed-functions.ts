/**
 * Functions that are handed to others which run them: `tap(value, () => …)`. Who depends on one are those who hand it over, and those who call
 * what was made to stand for it; not all who call the helper. Pure functions of the graph.
 */
import type { CodeGraph, GraphEdge } from '../model/code-graph.ts';
import type { FilePath } from '../model/file.ts';

const anonymous = /\.<anonymous:[\d:]+>$/;
/** Wrappers of wrappers, and files that hand on what others define. */
const maxWrappers = 4;
const maxImports = 3;
const maxFiles = 200;

/** Where it is handed over: named without being called, or written there. Of nobody: the way it took is not known. */
export function handersOf(graph: CodeGraph, id: string): readonly GraphEdge[] {
  const uses = graph.incoming(id, 'uses');
  const symbol = graph.symbol(id);
  const around = graph.symbol(id.slice(0, Math.max(0, id.lastIndexOf('.'))));
  if (symbol === undefined || around === undefined) return uses;
  const isLocal = around.kind === 'function' || around.kind === 'method';
  if (!isLocal && !anonymous.test(id)) return uses;
  const { path, start: line, hash } = symbol;
  return [...uses, { kind: 'uses', from: around.id, to: id, path, line, hash, resolution: 'exact' }];
}

/** Of so few functions that an object keeps each may be the one that whoever calls it means. */
const fewKept = 3;

/** The call runs what it was given, and it is known who gave that: a decorator is given what stands under it. */
export function isHandedOver(graph: CodeGraph, edge: GraphEdge): boolean {
  if (edge.kind !== 'calls' || edge.given === undefined) return false;
  if (edge.given === 'around') return true;
  if (edge.given === 'kept') {
    const there = graph.outgoing(edge.from, 'calls').filter((one) => one.given && one.line === edge.line);
    if (there.length <= fewKept) return false;
  }
  return handersOf(graph, edge.to).length > 0;
}

/**
 * Calls of a function that was made to run the given one (`wrap = (f) => () => f()`), where the file is one of those who handed it over, or imports
 * what they define.
 */
export function callsOfWrapper(graph: CodeGraph, { from, to }: GraphEdge): readonly GraphEdge[] {
  const own = graph.symbol(to)?.path ?? '';
  const handers = new Set([own, ...handersOf(graph, to).map(({ path }) => path)]);
  const sees = new Map<FilePath, boolean>();
  const found: GraphEdge[] = [];
  const seen = new Set<string>();
  let level = [from];
  for (let step = 0; step < maxWrappers && level.length > 0; step++) {
    const next: string[] = [];
    for (const wrapper of level) {
      if (seen.has(wrapper)) continue;
      seen.add(wrapper);
      for (const edge of graph.incoming(wrapper, 'calls')) {
        if (edge.given === 'around') next.push(edge.from);
        if (edge.given !== undefined) continue;
        if (!sees.has(edge.path)) sees.set(edge.path, importsAny(graph, edge.path, handers));
        if (sees.get(edge.path)) found.push(edge);
      }
    }
    level = next;
  }
  return found;
}

/** Whether a file is one of these or sees what they define: over imports, or, where files of a folder are one package, beside them. */
function importsAny(graph: CodeGraph, path: FilePath, wanted: ReadonlySet<FilePath>): boolean {
  const seen = seenFrom(graph, path);
  for (const one of wanted)
    if (seen.has(one) || (isOfPackage.test(one) && seen.has(folderOf(one)))) return true;
  return false;
}

/** By graph and file; one walk asks for the same files again and again. */
const seenFiles = new WeakMap<CodeGraph, Map<FilePath, ReadonlySet<string>>>();
const maxSeen = 1_000;

/** The file, what it imports over a few steps, and folders of those that are a package with their neighbours. */
function seenFrom(graph: CodeGraph, path: FilePath): ReadonlySet<string> {
  let known = seenFiles.get(graph);
  if (known === undefined || known.size >= maxSeen) {
    known = new Map();
    seenFiles.set(graph, known);
  }
  const kept = known.get(path);
  if (kept !== undefined) return kept;
  const seen = new Set<string>([path]);
  let level: readonly FilePath[] = [path];
  for (let step = 0; step < maxImports; step++) {
    const next: FilePath[] = [];
    for (const file of level)
      for (const to of importsOf(graph, file)) {
        if (seen.has(to) || seen.size >= maxFiles) continue;
        seen.add(to);
        next.push(to);
      }
    level = next;
  }
  for (const file of [...seen]) if (isOfPackage.test(file)) seen.add(folderOf(file));
  known.set(path, seen);
  return seen;
}

function importsOf(graph: CodeGraph, path: FilePath): readonly FilePath[] {
  const module = graph.firstIn(path);
  if (module === undefined) return [];
  return graph.outgoing(module.id, 'imports').flatMap(({ to }) => graph.symbol(to)?.path ?? []);
}

const folderOf = (path: FilePath) => path.slice(0, path.lastIndexOf('/') + 1);
const isOfPackage = /\.(go|java|kt|cs|php|swift)$/;

/** Forward: whether what runs here was handed over by one of these, as far as is known. */
export function isHandedBy(graph: CodeGraph, edge: GraphEdge, some: { has(id: string): boolean }): boolean {
  if (edge.given === undefined) return true;
  const handers = handersOf(graph, edge.to);
  return (
    handers.length === 0 || handers.some(({ from }) => some.has(from) || some.has(withoutAnonymous(from)))
  );
}

const withoutAnonymous = (id: string) => id.replace(/(\.<anonymous:[\d:]+>)+$/, '');
