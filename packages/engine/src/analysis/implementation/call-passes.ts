/** Who calls what is analyzed, what it calls, how it is reached and what tests it: edges of the graph as sentences. */
import type { AnalysisSubject } from '../../model/analysis.ts';
import type { CodeGraph, GraphEdge, GraphSymbol } from '../../model/code-graph.ts';
import { type Analysis, cite, citeEdge, citeSubject, code, type Statement } from './context.ts';

/** Lines shown of one caller. */
const maxLines = 5;
/** Definitions that one walk over calls may visit. */
const maxVisited = 2_000;
const maxChains = 12;

export const outsideName = /^<(builtin|external)>\./;

/** Short for readers: without the module where the end says enough. */
export function nameOf(graph: CodeGraph, id: string): string {
  const symbol = graph.symbol(id);
  if (symbol === undefined) return id.replace(outsideName, '');
  if (symbol.kind === 'module') return symbol.path;
  const module = graph.inFile(symbol.path)[0];
  return module?.kind === 'module' && id.startsWith(`${module.id}.`) ? id.slice(module.id.length + 1) : id;
}

function wordFor(graph: CodeGraph, id: string, isFirst: boolean): string {
  const symbol = graph.symbol(id);
  if (symbol?.kind === 'module') return `${isFirst ? 'The' : 'the'} top-level code of ${code(symbol.path)}`;
  return code(nameOf(graph, id));
}

/** Definitions that are analyzed: the subjects, and what they hold. */
export function ownIds({ graph, subjects }: Analysis): ReadonlySet<string> {
  const ids = new Set<string>();
  if (graph === undefined) return ids;
  for (const subject of subjects) {
    for (const symbol of graph.inFile(subject.path))
      if (
        subject.kind === 'file' ||
        (subject.start <= symbol.start && symbol.end <= subject.end && symbol.kind !== 'module')
      )
        ids.add(symbol.id);
    if (subject.id !== undefined) ids.add(subject.id);
  }
  return ids;
}

/** Edges between the same two definitions are one claim. */
function byPair(edges: readonly GraphEdge[]): GraphEdge[][] {
  const pairs = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const key = `${edge.from}\0${edge.to}`;
    const known = pairs.get(key);
    if (known === undefined) pairs.set(key, [edge]);
    else known.push(edge);
  }
  return [...pairs.values()];
}

function callClaim(graph: CodeGraph, edges: readonly GraphEdge[], verb = 'calls'): Statement[] {
  const [first] = edges;
  if (first === undefined) return [];
  const may = edges.every(({ resolution }) => resolution === 'inferred')
    ? verb.replace(/^calls$/, 'may call')
    : verb;
  const more = edges.length > maxLines ? ` at ${edges.length} places` : '';
  return [
    {
      text: `${wordFor(graph, first.from, true)} ${may} ${wordFor(graph, first.to, false)}${more}.`,
      evidence: edges.slice(0, maxLines).map(citeEdge),
    },
  ];
}

export function callGraph(analysis: Analysis): Statement[] {
  const { graph } = analysis;
  if (graph === undefined) return [];
  const own = ownIds(analysis);
  const claims: Statement[] = [];
  for (const way of ['incoming', 'outgoing'] as const) {
    let level: string[] = [...own];
    const seen = new Set(own);
    for (let step = 0; step < analysis.depth && seen.size < maxVisited; step++) {
      const edges = level.flatMap((id) => graph[way](id, 'calls'));
      const told = edges.filter((edge) => isTold(graph, edge, way, step === 0 ? own : none));
      for (const pair of byPair(told)) claims.push(...callClaim(graph, pair));
      level = [];
      for (const { from, to } of edges) {
        const next = way === 'incoming' ? from : to;
        if (seen.has(next) || outsideName.test(next)) continue;
        seen.add(next);
        level.push(next);
      }
    }
  }
  return [...noCallers(analysis, graph), ...claims];
}

const none: ReadonlySet<string> = new Set();

/** Tests have a section of their own; calls within what is analyzed are told once. */
function isTold(
  graph: CodeGraph,
  { from, to }: GraphEdge,
  way: 'incoming' | 'outgoing',
  own: ReadonlySet<string>,
): boolean {
  if (outsideName.test(to)) return false;
  return way === 'outgoing' || (!own.has(from) && graph.symbol(from)?.fileKind !== 'test');
}

/** Said only where no site is left that could be a caller, and all code that is read was followed. */
function noCallers(analysis: Analysis, graph: CodeGraph): Statement[] {
  return analysis.subjects.flatMap((subject) => {
    const { id, name } = subject;
    const isCallable = subject.kind === 'function' || subject.kind === 'method';
    if (id === undefined || !isCallable || graph.isPartial || graph.unread.length > 0) return [];
    const named = graph.incoming(id).length > 0 || graph.unresolvedNamed(bare(name)).length > 0;
    if (named) return [];
    const text = `No call of ${code(nameOf(graph, id))} was found, it is not passed on by name, and no unresolved call ends in ${code(bare(name))}.`;
    return [{ text, evidence: [{ ...citeSubject(subject), resolution: 'inferred' as const }] }];
  });
}

export const bare = (name: string) => name.slice(name.lastIndexOf('.') + 1);

/** Chains from definitions that nothing calls, as far as is known, to what is analyzed. */
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
        .filter(({ from }) => !seen.has(from) && graph.symbol(from)?.fileKind !== 'test');
      for (const edge of callers) {
        seen.add(edge.from);
        edgesOf.set(`${edge.from}\0${head}`, edge);
        next.push([edge.from, ...chain]);
      }
      const isTop = step > 0 && graph.incoming(head, 'calls').length === 0;
      if (isTop && claims.length < maxChains) claims.push(chainClaim(graph, chain, edgesOf));
    }
    level = next;
  }
  return claims;
}

function chainClaim(
  graph: CodeGraph,
  chain: readonly string[],
  edges: ReadonlyMap<string, GraphEdge>,
): Statement {
  const steps = chain.slice(1).map((id, i) => edges.get(`${chain[i]}\0${id}`) as GraphEdge);
  const [first = '', ...rest] = chain;
  const may = steps.some(({ resolution }) => resolution === 'inferred') ? 'may reach' : 'reaches';
  const last = rest.at(-1) ?? '';
  const via = rest.slice(0, -1).map((id) => wordFor(graph, id, false));
  return {
    text: `${wordFor(graph, first, true)} ${may} ${wordFor(graph, last, false)}${via.length > 0 ? ` through ${via.join(', ')}` : ''}.`,
    evidence: steps.map(citeEdge),
  };
}

/** Definitions of a file that other files name. */
function exportsOf(graph: CodeGraph, subject: AnalysisSubject): Statement[] {
  return graph.inFile(subject.path).flatMap((symbol) => {
    if (symbol.kind === 'module') return [];
    const edges = graph
      .incoming(symbol.id)
      .filter(({ path, kind }) => path !== subject.path && kind !== 'imports');
    const paths = [...new Set(edges.map(({ path }) => path))];
    const [first] = edges;
    if (first === undefined) return [];
    const files = paths.length === 1 ? code(paths[0] as string) : `${paths.length} other files`;
    return [
      {
        text: `${code(nameOf(graph, symbol.id))} is used from ${files}.`,
        evidence: [...new Map(edges.map((edge) => [edge.path, edge])).values()]
          .slice(0, maxLines)
          .map(citeEdge),
      },
    ];
  });
}

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
        if (edge.kind !== 'calls' && (edge.kind !== 'uses' || step > 0)) continue;
        const caller = graph.symbol(edge.from);
        if (caller === undefined || seen.has(edge.from)) continue;
        seen.add(edge.from);
        edgesOf.set(`${edge.from}\0${head}`, edge);
        if (caller.fileKind !== 'test') next.push([edge.from, ...chain]);
        else if (isNewTest(told, caller, step)) claims.push(testClaim(graph, [edge.from, ...chain], edgesOf));
      }
    }
    level = next;
  }
  return claims;
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
  if (chain.length > 2) return { text: text.replace(/^/, 'Test: '), evidence };
  const verb = first?.kind === 'uses' ? 'names' : first?.resolution === 'inferred' ? 'may call' : 'calls';
  return {
    text: `Test: ${wordFor(graph, chain[0] ?? '', true)} ${verb} ${wordFor(graph, chain[1] ?? '', false)}.`,
    evidence,
  };
}

export function overview(analysis: Analysis): Statement[] {
  const { graph, subjects, files } = analysis;
  return subjects.flatMap((subject) => {
    const file = files.get(subject.path);
    const symbol = subject.id === undefined ? undefined : graph?.symbol(subject.id);
    const size = subject.end - subject.start + 1;
    const exported = symbol?.isExported && subject.kind !== 'file' ? ', and other files can name it' : '';
    const what =
      subject.kind === 'file'
        ? `${code(subject.path)} has ${size} ${size === 1 ? 'line' : 'lines'} of ${subject.language}`
        : `${code(subject.name)} is a ${subject.kind} of ${size} ${size === 1 ? 'line' : 'lines'} in ${code(subject.path)}`;
    const claims: Statement[] = [{ text: `${what}${exported}.`, evidence: [citeSubject(subject)] }];
    if (file?.behaviour && graph) claims.push(...members(graph, subject));
    if (graph && symbol) claims.push(...family(graph, symbol));
    return claims;
  });
}

/** What a class or a file defines, directly. */
function members(graph: CodeGraph, subject: AnalysisSubject): Statement[] {
  if (subject.kind === 'function' || subject.kind === 'method') return [];
  const inside = graph
    .inFile(subject.path)
    .filter(
      ({ start, end, kind, id }) =>
        kind !== 'module' && id !== subject.id && subject.start <= start && end <= subject.end,
    );
  const direct = inside.filter(
    (one) =>
      !inside.some((other) => other !== one && one.id.startsWith(`${other.id}.`)) &&
      !one.name.startsWith('<'),
  );
  if (direct.length === 0) return [];
  const shown = direct.slice(0, 20);
  const rest = direct.length > shown.length ? ` and ${direct.length - shown.length} more` : '';
  return [
    {
      text: `${code(subject.kind === 'file' ? subject.path : subject.name)} defines ${shown.map(({ name, kind }) => `${kind} ${code(name)}`).join(', ')}${rest}.`,
      evidence: shown.map(({ path, start, hash }) => ({
        path,
        start,
        end: start,
        hash,
        resolution: 'exact' as const,
      })),
    },
  ];
}

function family(graph: CodeGraph, symbol: GraphSymbol): Statement[] {
  const edges = [
    ...graph.outgoing(symbol.id, 'inherits'),
    ...graph.incoming(symbol.id, 'inherits'),
    ...graph.outgoing(symbol.id, 'overrides'),
    ...graph.incoming(symbol.id, 'overrides'),
  ];
  return edges.slice(0, 20).map((edge) => ({
    text: `${code(nameOf(graph, edge.from))} ${edge.kind === 'inherits' ? 'extends or implements' : 'takes the place of'} ${code(nameOf(graph, edge.to))}.`,
    evidence: [citeEdge(edge)],
  }));
}

/** Kept here because it is about calls: sites inside that lead nowhere known. */
export function unresolvedInside(analysis: Analysis): Statement[] {
  const { graph, files } = analysis;
  if (graph === undefined) return [];
  return [...ownIds(analysis)].flatMap((id) =>
    graph.unresolvedIn(id).map(({ text, path, line, hash }) => ({
      text: `It is not known what ${wordFor(graph, id, false)} calls by ${code(text)}.`,
      evidence: [
        {
          ...(files.has(path)
            ? cite(files.get(path)!, { start: line, end: line })
            : { path, start: line, end: line }),
          hash,
          resolution: 'unresolved' as const,
        },
      ],
    })),
  );
}
