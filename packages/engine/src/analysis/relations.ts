/**
 * Callers, callees, references and definitions of named definitions, with the sites that could not be resolved and may be more of
 * them. A pure function of the graph; knows no file, no text and no budget.
 */
import type { CodeGraph, GraphEdge, GraphSymbol, UnresolvedSite } from '../model/code-graph.ts';
import type { Relation, RelationItem } from '../model/relations.ts';
import { callsOfWrapper, handersOf, isHandedBy, isHandedOver } from './handed-functions.ts';

/** What a line will prove once it is read. */
export type RelationClaim = Omit<RelationItem, 'text'>;

export interface Related {
  /** In order of depth, then as the graph has them: path and line. */
  readonly resolved: readonly RelationClaim[];
  readonly unresolved: readonly RelationClaim[];
  /** More was there to follow than one answer follows. */
  readonly isCut: boolean;
}

/** Steps of one answer: at depth 10 a hub would be the whole graph. */
const MAX_CLAIMS = 50_000;
const MAX_OVERRIDING = 256;

export function relationsOf(
  graph: CodeGraph,
  relation: Relation,
  targets: readonly GraphSymbol[],
  depth: number,
): Related {
  switch (relation) {
    case 'definition':
      return { resolved: targets.map(definitionClaim), unresolved: [], isCut: false };
    case 'callers':
      return withMissed(graph, targets, follow(graph, targets, depth, callerSteps, handingSteps));
    case 'callees':
      return { ...follow(graph, targets, depth, calleeSteps), unresolved: unknownCallees(graph, targets) };
    case 'references':
      return withMissed(graph, targets, follow(graph, targets, 1, referenceSteps));
  }
}

/** A line that is told as a caller, where more may be called than was followed, is not told a second time as unresolved. */
function withMissed(
  graph: CodeGraph,
  targets: readonly GraphSymbol[],
  found: Pick<Related, 'resolved' | 'isCut'>,
): Related {
  return { ...found, unresolved: withoutTold(missedCallers(graph, targets), found.resolved) };
}

/** Each line is in one list. */
export function withoutTold(
  sites: readonly RelationClaim[],
  told: readonly Pick<RelationClaim, 'path' | 'line'>[],
): readonly RelationClaim[] {
  const places = new Set(told.map(({ path, line }) => `${path}:${line}`));
  return sites.filter(({ path, line }) => !places.has(`${path}:${line}`));
}

/** Definitions that a question about this one is about, too: those of a file, the constructor of a class. */
export function partsOf(graph: CodeGraph, target: GraphSymbol): readonly GraphSymbol[] {
  if (target.kind === 'module') return graph.inFile(target.path);
  if (target.kind !== 'class') return [target];
  // Who makes an instance calls the constructor; in some languages it has the name of the class.
  const names = ['constructor', '__init__', '__new__', target.name];
  return [target, ...names.flatMap((name) => overloadsOf(graph, `${target.id}.${name}`))];
}

/** All of an id: overloads have numbers behind it, in order. */
function overloadsOf(graph: CodeGraph, id: string): readonly GraphSymbol[] {
  const found: GraphSymbol[] = [];
  for (
    let symbol = graph.symbol(id);
    symbol !== undefined;
    symbol = graph.symbol(`${id}:${found.length + 1}`)
  )
    found.push(symbol);
  return found;
}

/**
 * The definition that a function without a name is written in: as far as anybody can tell, it runs for that one. A module holds
 * those at its top level.
 */
export function namedHolder(graph: CodeGraph, id: string): string {
  const holder = id.replace(/(\.<anonymous:[\d:]+>)+$/, '');
  if (holder === id) return id;
  const [first, ...others] = overloadsOf(graph, holder);
  if (first === undefined) return id;
  const start = graph.symbol(id)?.start ?? 0;
  return (others.find((one) => one.start <= start && start <= one.end) ?? first).id;
}

interface Step {
  readonly edge: GraphEdge;
  /** The end that is further from the target. */
  readonly far: string;
  readonly near: string;
  /** Further steps do not go on from there. */
  readonly isEnd?: boolean;
}

/** How far a walk has come: its step, and what it has met. */
interface Walk {
  readonly at: number;
  readonly seen: ReadonlySet<string>;
}

type Steps = (graph: CodeGraph, id: string, walk: Walk) => Iterable<Step>;

function* callerSteps(graph: CodeGraph, id: string, { at }: Walk): Generator<Step> {
  const direct = graph.incoming(id, 'calls');
  for (const edge of direct) {
    const isEnd = isHandedOver(graph, edge);
    if (at === 1 || !isEnd) yield { edge, far: edge.from, near: id, isEnd };
  }
  const seen = new Set(direct.map(placeOf));
  for (const below of overriding(graph, id))
    for (const edge of graph.incoming(below, 'calls'))
      if (edge.resolution === 'inferred' && !seen.has(placeOf(edge))) {
        seen.add(placeOf(edge));
        yield { edge, far: edge.from, near: below };
      }
}

const placeOf = ({ from, path, line }: GraphEdge) => `${from} ${path}:${line}`;

/** What implements or overrides a method, and what overrides that: a call of what is only declared is kept as a call of these. */
function overriding(graph: CodeGraph, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  addOverriding(graph, id, found);
  return found;
}

function addOverriding(graph: CodeGraph, id: string, found: Set<string>): void {
  for (const { from } of graph.incoming(id, 'overrides')) {
    if (found.has(from) || found.size >= MAX_OVERRIDING) continue;
    found.add(from);
    addOverriding(graph, from, found);
  }
}

/** Where what is called is handed to those who run it, and calls of what stands for it: one step further than these. */
function* handingSteps(graph: CodeGraph, id: string, { seen }: Walk): Generator<Step> {
  const given = graph.incoming(id, 'calls').filter((edge) => isHandedOver(graph, edge));
  for (const wrapper of given.filter((edge) => edge.given === 'around'))
    for (const edge of callsOfWrapper(graph, wrapper)) yield { edge, far: edge.from, near: wrapper.from };
  if (given.length === 0) return;
  for (const edge of handersOf(graph, id)) if (!seen.has(edge.from)) yield { edge, far: edge.from, near: id };
}

function* calleeSteps(graph: CodeGraph, id: string, { at, seen }: Walk): Generator<Step> {
  for (const edge of graph.outgoing(id, 'calls'))
    if (at === 1 || isHandedBy(graph, edge, seen)) yield { edge, far: edge.to, near: id };
}

function* referenceSteps(graph: CodeGraph, id: string): Generator<Step> {
  for (const edge of withoutNaming(graph.incoming(id))) yield { edge, far: edge.from, near: id };
}

/** Edges to one definition, but those that say no more than that a line names it which also calls, imports or extends it. */
export function withoutNaming(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const told = new Set(edges.filter(({ kind }) => kind !== 'uses').map(placeOf));
  return edges.filter((edge) => edge.kind !== 'uses' || !told.has(placeOf(edge)));
}

/** Breadth first, so that each definition is met at its least depth. */
function follow(
  graph: CodeGraph,
  targets: readonly GraphSymbol[],
  depth: number,
  steps: Steps,
  /** Of what was met a step before. */
  later?: Steps,
): Pick<Related, 'resolved' | 'isCut'> {
  const parts = targets.flatMap((target) => partsOf(graph, target));
  // What a file's definitions do to each other is not asked of a file.
  const inside = new Set(
    targets.some(({ kind }) => kind === 'module') ? parts.map(({ id }) => id) : ([] as string[]),
  );
  const seen = new Set(parts.map(({ id }) => id));
  const resolved: RelationClaim[] = [];
  let level: readonly string[] = [...seen];
  let before: readonly string[] = [];
  for (let at = 1; at <= depth && level.length + before.length > 0; at++) {
    const next = new Set<string>();
    const claims: RelationClaim[] = [];
    const all = [
      ...level.map((id) => ({ id, found: steps(graph, id, { at, seen }) })),
      ...before.map((id) => ({ id, found: later?.(graph, id, { at, seen }) ?? [] })),
    ];
    for (const { id, found } of all) {
      for (const { edge, far, near, isEnd } of found) {
        if (inside.has(far)) continue;
        if (resolved.length + claims.length >= MAX_CLAIMS)
          return { resolved: [...resolved, ...claims], isCut: true };
        const isTold = !edge.isAmbiguous && (at > 1 || parts.length > 1 || near !== id);
        claims.push(claimOf(edge, far, isTold ? near : undefined, at));
        for (const met of isEnd ? [] : [far, namedHolder(graph, far)]) if (!seen.has(met)) next.add(met);
      }
    }
    resolved.push(...claims.sort(byPlace));
    for (const id of next) seen.add(id);
    before = later === undefined ? [] : level;
    level = [...next];
  }
  return { resolved, isCut: false };
}

function claimOf(edge: GraphEdge, symbol: string, via: string | undefined, depth: number): RelationClaim {
  const { kind, given, path, line, hash } = edge;
  const resolution = edge.isNamed ? 'named' : edge.resolution;
  const more = { ...(via !== undefined && { via }), ...(given !== undefined && { isGiven: true }) };
  return { symbol, ...more, depth, kind, resolution, path, line, hash };
}

function definitionClaim({ id, path, start, hash }: GraphSymbol): RelationClaim {
  return { symbol: id, depth: 1, kind: 'definition', resolution: 'exact', path, line: start, hash };
}

const byPlace = (a: RelationClaim, b: RelationClaim): number =>
  a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1;

/** Calls that are named like a target and whose callee is not known: any of them may be a caller. */
export function missedCallers(graph: CodeGraph, targets: readonly GraphSymbol[]): readonly RelationClaim[] {
  return missedNamed(graph, new Set(targets.flatMap((target) => namesOf(graph, target))));
}

/** Calls of these bare names whose callee is not known. */
export function missedNamed(graph: CodeGraph, names: Iterable<string>): readonly RelationClaim[] {
  return claimsOf([...names].flatMap((name) => graph.unresolvedNamed(name)));
}

/** Languages in which files of a package see what it does not export. */
const ofPackage = new Set(['go', 'java', 'kotlin', 'c_sharp', 'rust', 'c', 'cpp']);

function namesOf(graph: CodeGraph, target: GraphSymbol): readonly string[] {
  if (target.kind !== 'module') return [target.name];
  return graph
    .inFile(target.path)
    .filter(
      ({ kind, isExported, language }) =>
        kind === 'method' || (kind !== 'module' && (isExported || ofPackage.has(language))),
    )
    .map(({ name }) => name);
}

function unknownCallees(graph: CodeGraph, targets: readonly GraphSymbol[]): readonly RelationClaim[] {
  const parts = targets.flatMap((target) => partsOf(graph, target));
  return claimsOf(parts.flatMap(({ id }) => graph.unresolvedIn(id)));
}

function claimsOf(sites: readonly UnresolvedSite[]): readonly RelationClaim[] {
  return sites
    .map(
      ({ from, text, path, line, hash }): RelationClaim => ({
        symbol: from,
        callee: text,
        depth: 1,
        kind: 'calls',
        resolution: 'unresolved',
        path,
        line,
        hash,
      }),
    )
    .sort(byPlace);
}
