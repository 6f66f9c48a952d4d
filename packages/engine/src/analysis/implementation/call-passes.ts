/** Who calls what is analyzed, what it calls, how it is reached and what tests it: edges of the graph as sentences. */
import { addTo } from '../../model/add-to.ts';
import type { AnalysisSubject } from '../../model/analysis.ts';
import type { CodeGraph, GraphEdge, GraphSymbol } from '../../model/code-graph.ts';
import { type Analysis, type Cited, cite, citeEdge, citeSubject, code, type Statement } from './context.ts';

/** Lines shown of one caller. */
export const maxLines = 5;
/** Definitions that one walk over calls may visit. */
export const maxVisited = 2_000;
export const chainNote =
  'A chain of calls says what calls what: conditions and arguments on the way may rule it out, and are not followed.';

export const outsideName = /^<(builtin|external)>\./;

/** Short for readers: without the module where the end says enough. */
export function nameOf(graph: CodeGraph, id: string): string {
  const symbol = graph.symbol(id);
  if (symbol === undefined) return id.replace(outsideName, '');
  if (symbol.kind === 'module') return symbol.path;
  const module = graph.firstIn(symbol.path);
  const name =
    module?.kind === 'module' && id.startsWith(`${module.id}.`) ? id.slice(module.id.length + 1) : id;
  // The number of one of several functions with a name is none of the source.
  return name.replace(/:\d+$/, '');
}

export function wordFor(graph: CodeGraph, id: string, isFirst: boolean): string {
  const symbol = graph.symbol(id);
  if (symbol?.kind === 'module') {
    const what = symbol.language === 'java' ? 'initialising code in' : 'top-level code of';
    return `${isFirst ? 'The' : 'the'} ${what} ${code(symbol.path)}`;
  }
  const name = nameOf(graph, id);
  const nested = /^(.*?)\.?(?:<anonymous:[\d:]+>\.?)*<anonymous:(\d+)[\d:]*>$/.exec(name);
  if (!symbol || !nested) return code(name);
  const [, holder = '', line = ''] = nested;
  const what = symbol.kind === 'class' ? 'class without a name' : 'function';
  return `${isFirst ? 'The' : 'the'} ${what} at line ${line} of ${code(holder === '' || holder.includes('<') ? symbol.path : holder)}`;
}

/**
 * Whether a call stands in the definition that its id means first: the two sides of a property share one, and who reads it does not run what
 * stands in the other.
 */
export function isOfFirst(graph: CodeGraph, { from, path, line }: GraphEdge): boolean {
  const symbol = graph.symbol(from);
  return (
    (symbol?.kind !== 'method' && symbol?.kind !== 'function') ||
    symbol.path !== path ||
    (symbol.start <= line && line <= symbol.end)
  );
}

/** What one calls next in a chain: overloads have one name, and do not call themselves. */
export function wordAfter(graph: CodeGraph, from: string, to: string): string {
  const word = wordFor(graph, to, false);
  const isOther = from !== to && graph.symbol(to) !== undefined && nameOf(graph, from) === nameOf(graph, to);
  return isOther ? `another ${word}` : word;
}

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[], last: 'and' | 'or' = 'and') =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;

/** Code that shows or times other code. */
export const isShow = ({ path }: GraphSymbol) =>
  /(^|\/)[\w-]*(examples?|demos?|benches|benchmarks?)\//.test(path);

/** Files of tests, and the modules `tests`, `path_tests` of Rust within sources. */
export function isTestCode(symbol: GraphSymbol | undefined): boolean {
  if (symbol === undefined) return false;
  const isExample = isShow(symbol);
  return (
    (symbol.fileKind === 'test' && !isExample) ||
    (symbol.language === 'rust' && /\.(\w+_)?tests?\./.test(symbol.id))
  );
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
    addTo(pairs, key, edge);
  }
  return [...pairs.values()];
}

/** What an interface of TypeScript names has no body: it cannot run. */
export function isDeclaredAlone(graph: CodeGraph, { id, language }: GraphSymbol): boolean {
  const owner = graph.symbol(id.slice(0, Math.max(0, id.lastIndexOf('.'))));
  return owner?.kind === 'interface' && /^(typescript|tsx)$/.test(language);
}

function callClaim(graph: CodeGraph, edges: readonly GraphEdge[], verb = 'calls'): Statement[] {
  const [first] = edges;
  if (first === undefined) return [];
  const may = edges.every(({ resolution }) => resolution === 'inferred')
    ? verb.replace(/^calls$/, 'may call')
    : verb;
  const more = edges.length > maxLines ? ` at ${edges.length} places` : '';
  const called = graph.symbol(first.to);
  const isDeclared = called !== undefined && isDeclaredAlone(graph, called);
  const word = wordAfter(graph, first.from, first.to);
  const target = isDeclared ? `what ${word} declares` : word;
  return [
    {
      text: `${wordFor(graph, first.from, true)} ${may} ${target}${more}.`,
      evidence: edges.slice(0, maxLines).map((edge) => citeCall(graph, edge)),
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
      // Beyond the first step only what is sure: what may run there depends on who called, which is not followed.
      const told = edges.filter(
        (edge) =>
          isTold(graph, edge, way, step === 0 ? own : none) && (step === 0 || edge.resolution === 'exact'),
      );
      const sure = told.filter(
        (edge) => targetsAt(graph, edge).length <= maxTargets && !isGuessedInstance(graph, edge),
      );
      for (const pair of byPair(sure)) claims.push(...callClaim(graph, pair));
      if (way === 'outgoing') claims.push(...manyTargets(graph, told));
      else if (step === 0) claims.push(...callersAmongMany(graph, told));
      level = [];
      for (const { from, to, resolution } of told) {
        const next = way === 'incoming' ? from : to;
        if (seen.has(next) || resolution !== 'exact') continue;
        seen.add(next);
        level.push(next);
      }
    }
  }
  return [...noCallers(analysis, graph), ...oncePerText(claims)];
}

/** Overloads have one name: what is said of two of them is one claim. */
function oncePerText(claims: readonly Statement[]): Statement[] {
  return [...Map.groupBy(claims, ({ text }) => text)].map(([text, all]) => {
    const cited = all.flatMap(({ evidence }) => evidence);
    const places = new Map(cited.map((one) => [`${one.path}:${one.start}`, one]));
    return { text, evidence: [...places.values()].slice(0, maxMany) };
  });
}

/** Which class `cls(…)` makes is seldom one that flows there. */
const isGuessedInstance = (graph: CodeGraph, { to, resolution }: GraphEdge) =>
  resolution === 'inferred' && (/\.(__init__|constructor)$/.test(to) || graph.symbol(to)?.kind === 'class');

/** More definitions than these at one place say what is possible, not what happens. */
const maxTargets = 3;
const maxMany = 10;
/** Definitions whose calls are kept by place. */
const maxSites = 2_000;

const sitesOf = new WeakMap<CodeGraph, Map<string, ReadonlyMap<string, readonly GraphEdge[]>>>();

/** Definitions that may run at the line of an edge under the name of its target. */
export function targetsAt(graph: CodeGraph, edge: GraphEdge): readonly GraphEdge[] {
  if (edge.resolution === 'exact') return [edge];
  return sites(graph, edge.from).get(siteKey(edge)) ?? [];
}

/** Functions without a name are of one kind at a place, and so are those that are handed over: their names say nothing of the call. */
const siteKey = ({ path, line, to, given }: GraphEdge) =>
  `${path}:${line} ${given === undefined ? bare(to).replace(/^<.*/, '<') : '('}`;

/** Calls of a definition by place: looked up once a definition, because a place may have thousands of targets. */
function sites(graph: CodeGraph, from: string): ReadonlyMap<string, readonly GraphEdge[]> {
  let known = sitesOf.get(graph);
  if (known === undefined) {
    known = new Map();
    sitesOf.set(graph, known);
  }
  let found = known.get(from);
  if (found === undefined) {
    const places = new Map<string, GraphEdge[]>();
    for (const edge of graph.outgoing(from, 'calls')) {
      if (outsideName.test(edge.to)) continue;
      const key = siteKey(edge);
      addTo(places, key, edge);
    }
    found = places;
    if (known.size >= maxSites) known.clear();
    known.set(from, found);
  }
  return found;
}

/** Callers that may mean one of many: counted and cited, because they may be callers all the same. */
function callersAmongMany(graph: CodeGraph, edges: readonly GraphEdge[]): Statement[] {
  const byTarget = new Map<string, GraphEdge[]>();
  for (const edge of edges) if (targetsAt(graph, edge).length > maxTargets) addTo(byTarget, edge.to, edge);
  // Definitions that are possible at the same places are one claim.
  const bySites = Map.groupBy(byTarget.entries(), ([id, all]) =>
    [all.some(({ given }) => given) ? '(' : bare(id), ...all.map(({ path, line }) => `${path}:${line}`)].join(
      ' ',
    ),
  );
  return [...bySites.values()].map((group) => {
    const [[, all]] = group as [[string, GraphEdge[]]];
    const [edge] = all as [GraphEdge];
    const places = all.length === 1 ? 'One more place calls' : `${all.length} more places call`;
    const named = listed(group.map(([id]) => wordFor(graph, id, false)));
    const more = all.length > maxMany ? `; ${maxMany} are cited` : '';
    return {
      text: `${places} one of many ${kindNamed(edge)}, ${named} among them${more}.`,
      evidence: all.slice(0, maxMany).map(citeEdge),
    };
  });
}

function kindNamed({ to, given }: GraphEdge): string {
  if (given !== undefined) return 'functions that are handed over';
  return bare(to).startsWith('<') ? 'functions without a name' : `definitions named ${code(bare(to))}`;
}

/** One claim for a place at which many definitions may run. */
function manyTargets(graph: CodeGraph, edges: readonly GraphEdge[]): Statement[] {
  const places = new Map<string, { readonly edge: GraphEdge; readonly count: number }>();
  for (const edge of edges) {
    const count = targetsAt(graph, edge).length;
    if (count > maxTargets && !isGuessedInstance(graph, edge)) places.set(siteKey(edge), { edge, count });
  }
  return [...places.values()].map(({ edge, count }) => ({
    text: `${wordFor(graph, edge.from, true)} calls one of up to ${count} ${kindNamed(edge)}: which one is not known.`,
    evidence: [citeEdge(edge)],
  }));
}

const none: ReadonlySet<string> = new Set();

/** Examples hand their own functions in, as tests do. */
export function isShowAlone(graph: CodeGraph, from: string, to: string): boolean {
  const [caller, target] = [graph.symbol(from), graph.symbol(to)];
  return target !== undefined && isShow(target) && !(caller && isShow(caller));
}

/** Rust has operators for many names: what is called must stand in the line. */
export function citeCall(graph: CodeGraph, edge: GraphEdge): Cited {
  const name = bare(edge.to);
  const isRust = graph.symbol(edge.from)?.language === 'rust' && /^\w+$/.test(name);
  return { ...citeEdge(edge), ...(isRust && { anchor: name }) };
}

/** Tests have a section of their own; calls within what is analyzed are told once. */
function isTold(
  graph: CodeGraph,
  { from, to }: GraphEdge,
  way: 'incoming' | 'outgoing',
  own: ReadonlySet<string>,
): boolean {
  if (outsideName.test(to)) return false;
  // Tests hand their own functions in: that says nothing of the code.
  if (way === 'outgoing' && isShowAlone(graph, from, to)) return false;
  if (way === 'outgoing') return !isTestCode(graph.symbol(to)) || isTestCode(graph.symbol(from));
  return !own.has(from) && !isTestCode(graph.symbol(from));
}

/** Said only where no site is left that could be a caller, and all code that is read was followed. */
function noCallers(analysis: Analysis, graph: CodeGraph): Statement[] {
  return analysis.subjects.flatMap((subject) => {
    const { id, name } = subject;
    const isCallable = subject.kind === 'function' || subject.kind === 'method';
    if (id === undefined || !isCallable || graph.isPartial || graph.unread.length > 0) return [];
    const named = graph.incoming(id).length > 0 || graph.unresolvedNamed(bare(name)).length > 0;
    if (named || isCalledOtherwise(analysis, graph, subject)) return [];
    const text = `No call of ${code(nameOf(graph, id))} was found, it is not passed on by name, and no unresolved call ends in ${code(bare(name))}${graph.symbol(id)?.isExported ? '; code outside the repository may call it' : ''}.`;
    return [{ text, evidence: [{ ...citeSubject(subject), resolution: 'inferred' as const }] }];
  });
}

/** Methods that operators or outer classes call, what is registered by a decorator, and what a runtime starts. */
function isCalledOtherwise(
  { files }: Analysis,
  graph: CodeGraph,
  { id = '', name, kind, path, start }: AnalysisSubject,
): boolean {
  if (
    /^(__\w+__|main|init|constructor|toString|equals|hashCode|drop|fmt|default|[Tt]est\w*)$/.test(bare(name))
  )
    return true;
  if (kind === 'method') {
    const owner = graph.symbol(id.slice(0, id.lastIndexOf('.')));
    const inherits = owner ? graph.outgoing(owner.id, 'inherits').length > 0 : true;
    if (inherits || graph.outgoing(id, 'overrides').length > 0) return true;
  }
  const lines = files.get(path)?.lines ?? [];
  return [lines[start - 2], lines[start - 1]].some((line) =>
    /^\s*(@|#\[|\/\/go:|\/\/export )/.test(line ?? ''),
  );
}

export const bare = (name: string) => name.slice(name.lastIndexOf('.') + 1).replace(/:\d+$/, '');

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
