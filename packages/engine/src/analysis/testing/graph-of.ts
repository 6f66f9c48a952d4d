/** For tests: a graph from a list of definitions and edges, or from files through the resolver. */

import { moduleId } from '../../graph/result/report.ts';
import type { CallGraphReport, UnreadFile } from '../../model/call-graph.ts';
import type {
  CodeGraph,
  GraphEdge,
  GraphEdgeKind,
  GraphSymbol,
  UnresolvedSite,
} from '../../model/code-graph.ts';
import { fileKindOf } from '../../model/file-kind.ts';
import { callGraphOf, type Files } from './calls-text.ts';

export interface GraphParts {
  readonly symbols: readonly GraphSymbol[];
  readonly edges: readonly GraphEdge[];
  readonly unresolved?: readonly UnresolvedSite[];
  readonly unread?: readonly UnreadFile[];
  readonly isPartial?: boolean;
}

export function graphFrom({
  symbols,
  edges,
  unresolved = [],
  unread = [],
  isPartial = false,
}: GraphParts): CodeGraph {
  const byId = new Map(symbols.map((symbol) => [symbol.id, symbol]));
  const place = (a: { path: string; line: number }, b: { path: string; line: number }) =>
    a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1;
  const into = Map.groupBy([...edges].sort(place), ({ to }) => to);
  const outOf = Map.groupBy([...edges].sort(place), ({ from }) => from);
  const ofKind = (list: readonly GraphEdge[] | undefined, kind: GraphEdgeKind | undefined) =>
    (list ?? []).filter((edge) => kind === undefined || edge.kind === kind);
  const inFile = (path: string) =>
    symbols
      .filter((symbol) => symbol.path === path)
      .sort((a, b) => Number(b.kind === 'module') - Number(a.kind === 'module') || a.start - b.start);
  return {
    generation: 1,
    isPartial,
    unread,
    symbolCount: symbols.length,
    symbol: (id) => byId.get(id),
    find(name, path) {
      const wanted = name.replace(/#|::/g, '.').toLowerCase();
      return symbols
        .filter(({ id }) => id.toLowerCase() === wanted || id.toLowerCase().endsWith(`.${wanted}`))
        .filter((symbol) => path === undefined || symbol.path === path || symbol.path.startsWith(`${path}/`));
    },
    inFile,
    firstIn: (path) => inFile(path)[0],
    at: (path, line) =>
      inFile(path)
        .filter((symbol) => symbol.kind === 'module' || (symbol.start <= line && symbol.end >= line))
        .sort((a, b) => Number(b.kind === 'module') - Number(a.kind === 'module') || a.start - b.start)
        .at(-1),
    incoming: (id, kind) => ofKind(into.get(id), kind),
    outgoing: (id, kind) => ofKind(outOf.get(id), kind),
    unresolvedIn: (id) => unresolved.filter(({ from }) => from === id),
    unresolvedNamed: (name) => unresolved.filter(({ text }) => text.split(/[.#]/).at(-1) === name),
  };
}

/** Calls only. */
export async function graphOf(files: Files, more: readonly string[] = []): Promise<CodeGraph> {
  const report = await callGraphOf(files);
  return graphFrom({
    symbols: report.nodes.map((node) => symbolOf(node, files)),
    edges: [
      ...report.edges.map((edge): GraphEdge => ({ kind: 'calls', hash: 'h', ...edge })),
      ...more.map(edgeOf),
    ],
    unresolved: report.unresolved.map((site) => ({ ...site, hash: 'h' })),
    unread: report.unread,
    isPartial: report.isPartial,
  });
}

function symbolOf(
  { id, name, path, start, end }: CallGraphReport['nodes'][number],
  files: Files,
): GraphSymbol {
  const line = files[path]?.split('\n')[start - 1] ?? '';
  const kind =
    id === moduleId(path)
      ? 'module'
      : id.split('.').length > moduleId(path).split('.').length + 1
        ? 'method'
        : 'function';
  return {
    id,
    name,
    kind,
    path,
    start,
    end,
    hash: 'h',
    language: path.endsWith('.py') ? 'python' : 'typescript',
    fileKind: fileKindOf(path),
    isExported: kind !== 'module' && /\bexport\b/.test(line),
  };
}

/** `imports b -> a.f b.ts:1` */
function edgeOf(text: string): GraphEdge {
  const [, kind = '', from = '', to = '', path = '', line = ''] =
    /^(\w+) (\S+) -> (\S+) (\S+):(\d+)$/.exec(text) ?? [];
  return { kind: kind as GraphEdgeKind, from, to, path, line: Number(line), hash: 'h', resolution: 'exact' };
}
