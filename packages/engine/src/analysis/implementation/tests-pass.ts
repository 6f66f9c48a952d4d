/** Which tests run what is analyzed: by exact calls, or because they name it. */
import type { CodeGraph, GraphEdge, GraphSymbol } from '../../model/code-graph.ts';
import { chainClaim, chainNote, isTestCode, maxVisited, ownIds, wordFor } from './call-passes.ts';
import type { Analysis, Statement } from './context.ts';

/** Tests that name it, or call it through others, nearest first. */
export function tests(analysis: Analysis): Statement[] {
  const { graph } = analysis;
  if (graph === undefined) return [];
  const own = ownIds(analysis);
  const seen = new Set(own);
  const claims: Statement[] = [];
  const told = new Set<string>();
  let level: readonly (readonly string[])[] = [...own].map((id) => [id]);
  const edgesOf = new Map<string, GraphEdge>();
  for (let step = 0; step < analysis.depth + 1 && level.length > 0 && seen.size < maxVisited; step++) {
    const next: (readonly string[])[] = [];
    for (const chain of level) {
      const [head = ''] = chain;
      for (const edge of graph.incoming(head)) {
        const caller = graph.symbol(edge.from);
        if (caller === undefined || seen.has(edge.from) || !isTestStep(edge, caller, step)) continue;
        seen.add(edge.from);
        edgesOf.set(`${edge.from}\0${head}`, edge);
        if (!isTestCode(caller)) next.push([edge.from, ...chain]);
        else if (isNewTest(told, caller, step)) {
          claims.push(testClaim(graph, [edge.from, ...chain], edgesOf));
          if (chain.length > 1) analysis.notes.add(chainNote);
        }
      }
    }
    level = next;
  }
  return claims;
}

/** Exact calls; only tests themselves may name what they test. */
function isTestStep(edge: GraphEdge, caller: GraphSymbol, step: number): boolean {
  if (edge.resolution !== 'exact') return false;
  if (edge.given !== undefined && step > 0) return false;
  return edge.kind === 'calls' || (edge.kind === 'uses' && step === 0 && isTestCode(caller));
}

/** Of far tests one a file is told. */
function isNewTest(told: Set<string>, { id, path }: GraphSymbol, step: number): boolean {
  const key = step === 0 ? id : path;
  if (told.has(key)) return false;
  told.add(id).add(path);
  return true;
}

function testClaim(
  graph: CodeGraph,
  chain: readonly string[],
  edges: ReadonlyMap<string, GraphEdge>,
): Statement {
  const { text, evidence } = chainClaim(graph, chain, edges);
  const first = edges.get(`${chain[0]}\0${chain[1]}`);
  if (chain.length > 2)
    return { text: text.replace(/^(The )?/, (the) => `Test: ${the.toLowerCase()}`), evidence };
  const verb = first?.kind === 'uses' ? 'names' : 'calls';
  return {
    text: `Test: ${wordFor(graph, chain[0] ?? '', false)} ${verb} ${wordFor(graph, chain[1] ?? '', false)}.`,
    evidence,
  };
}
