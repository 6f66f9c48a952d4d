/** Which tests run what is analyzed: by exact calls, or because they name it. */
import type { CodeGraph, GraphEdge, GraphSymbol } from '../../model/code-graph.ts';
import {
  bare,
  chainNote,
  isOfFirst,
  isTestCode,
  maxVisited,
  ownIds,
  wordAfter,
  wordFor,
} from './call-passes.ts';
import type { Analysis, Statement } from './context.ts';
import { chainClaim } from './entry-points-pass.ts';

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
        if (caller === undefined || seen.has(edge.from) || !isTestStep(graph, edge, caller, step)) continue;
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
function isTestStep(graph: CodeGraph, edge: GraphEdge, caller: GraphSymbol, step: number): boolean {
  if (edge.resolution !== 'exact' || !isOfFirst(graph, edge)) return false;
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

/** A runner runs tests; what other code calls is a fixture or a helper, and so is what no name or mark says is a test. */
function isHelper(graph: CodeGraph, id: string): boolean {
  const symbol = graph.symbol(id);
  if (symbol === undefined || symbol.kind === 'module' || symbol.name.startsWith('<')) return false;
  const named = testNames[symbol.language];
  return (
    (named !== undefined && !named.test(bare(id)) && !isInTest(graph, id)) ||
    graph.incoming(id, 'calls').some(({ from, given }) => from !== id && given === undefined)
  );
}

/** How runners tell tests by their names, where they do. */
const testNames: Readonly<Record<string, RegExp>> = {
  go: /^(Test|Benchmark|Fuzz|Example|Setup|TearDown)/,
  python: /^(test|setUp|tearDown|setup|teardown)/i,
};

/** What stands in a test runs with it. */
function isInTest(graph: CodeGraph, id: string): boolean {
  const around = id.slice(0, Math.max(0, id.lastIndexOf('.')));
  const holder = graph.symbol(around);
  return (
    holder !== undefined &&
    (holder.kind === 'function' || holder.kind === 'method') &&
    !isHelper(graph, around)
  );
}

function testClaim(
  graph: CodeGraph,
  chain: readonly string[],
  edges: ReadonlyMap<string, GraphEdge>,
): Statement {
  const { text, evidence } = chainClaim(graph, chain, edges);
  const word = isHelper(graph, chain[0] ?? '') ? 'Helper of tests' : 'Test';
  const first = edges.get(`${chain[0]}\0${chain[1]}`);
  if (chain.length > 2)
    return { text: text.replace(/^(The )?/, (the) => `${word}: ${the.toLowerCase()}`), evidence };
  const verb = first?.kind === 'uses' ? 'names' : 'calls';
  return {
    text: `${word}: ${wordFor(graph, chain[0] ?? '', false)} ${verb} ${wordAfter(graph, chain[0] ?? '', chain[1] ?? '')}.`,
    evidence,
  };
}
