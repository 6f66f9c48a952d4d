/** How what is analyzed is reached: chains of calls from above, and files that name what a file defines. */
import type { AnalysisSubject } from '../../model/analysis.ts';
import type { CodeGraph, GraphEdge } from '../../model/code-graph.ts';
import {
  chainNote,
  citeCall,
  isOfFirst,
  isTestCode,
  maxLines,
  maxVisited,
  nameOf,
  ownIds,
  wordAfter,
  wordFor,
} from './call-passes.ts';
import { type Analysis, citeEdge, code, type Statement } from './context.ts';

const maxChains = 12;

/**
 * Chains from definitions that nothing calls, as far as is known, to what is analyzed: by exact calls alone, because a chain of what
 * may happen at each step is mostly one that never does.
 */
export function entryPoints(analysis: Analysis): Statement[] {
  const { graph, subjects } = analysis;
  if (graph === undefined) return [];
  const own = ownIds(analysis);
  const claims = subjects.flatMap((subject) => (subject.kind === 'file' ? exportsOf(graph, subject) : []));
  const seen = new Set(own);
  let level = [...own].map((id) => [id] as readonly string[]);
  const edgesOf = new Map<string, GraphEdge>();
  for (let step = 0; step < analysis.depth + 2 && level.length > 0 && seen.size < maxVisited; step++) {
    const next: (readonly string[])[] = [];
    for (const chain of level) {
      const [head = ''] = chain;
      const callers = graph
        .incoming(head, 'calls')
        .filter(
          (edge) =>
            !seen.has(edge.from) &&
            edge.resolution === 'exact' &&
            (step === 0 || edge.given === undefined) &&
            !isTestCode(graph.symbol(edge.from)) &&
            isOfFirst(graph, edge),
        );
      for (const edge of callers) {
        seen.add(edge.from);
        edgesOf.set(`${edge.from}\0${head}`, edge);
        next.push([edge.from, ...chain]);
      }
      const isTop = step > 0 && graph.incoming(head, 'calls').length === 0;
      if (isTop && claims.length < maxChains) {
        claims.push(chainClaim(graph, chain, edgesOf));
        if (chain.length > 2) analysis.notes.add(chainNote);
      }
    }
    level = next;
  }
  return claims;
}

/** What a chain says, and no more: which of its calls run depends on conditions and values, which are not followed. */
export function chainClaim(
  graph: CodeGraph,
  chain: readonly string[],
  edges: ReadonlyMap<string, GraphEdge>,
): Statement {
  const steps = chain.slice(1).map((id, i) => edges.get(`${chain[i]}\0${id}`) as GraphEdge);
  const [first = '', ...rest] = chain;
  return {
    text: `${wordFor(graph, first, true)} calls ${rest.map((id, i) => wordAfter(graph, chain[i] as string, id)).join(', which calls ')}.`,
    evidence: steps.map((edge) => citeCall(graph, edge)),
  };
}

/** Definitions of a file that other files name. */
function exportsOf(graph: CodeGraph, subject: AnalysisSubject): Statement[] {
  return graph.inFile(subject.path).flatMap((symbol) => {
    if (symbol.kind === 'module') return [];
    const all = graph
      .incoming(symbol.id)
      .filter(({ path, kind }) => path !== subject.path && kind !== 'imports');
    const sure = all.filter(({ resolution }) => resolution === 'exact');
    const edges = sure.length > 0 ? sure : all;
    const paths = [...new Set(edges.map(({ path }) => path))];
    const [first] = edges;
    if (first === undefined) return [];
    const files = paths.length === 1 ? code(paths[0] as string) : `${paths.length} other files`;
    return [
      {
        text: `${code(nameOf(graph, symbol.id))} ${sure.length > 0 ? 'is' : 'may be'} used from ${files}.`,
        evidence: [...new Map(edges.map((edge) => [edge.path, edge])).values()]
          .slice(0, maxLines)
          .map(citeEdge),
      },
    ];
  });
}
