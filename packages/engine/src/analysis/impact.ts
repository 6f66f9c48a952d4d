/**
 * What depends on definitions, directly and over others: backwards over calls, uses, inheritance, overriding and imports, breadth
 * first, so that each dependent is met on a shortest way. A pure function of the graph, worked out in turns.
 */
import type { CodeGraph, GraphEdge, GraphSymbol } from '../model/code-graph.ts';
import { fileKindOf } from '../model/file-kind.ts';
import type { Dependent, DependentFile } from '../model/impact.ts';
import { callsOfWrapper, handersOf, isHandedOver } from './handed-functions.ts';
import { missedCallers, namedHolder, partsOf, type RelationClaim, withoutTold } from './relations.ts';
import { inTurns, type Turns } from './turns.ts';

export type DependentClaim = Omit<Dependent, 'text'>;

export interface Impact {
  readonly dependents: readonly DependentClaim[];
  /** Nearest first. */
  readonly files: readonly DependentFile[];
  readonly exactShare: number | undefined;
  readonly unresolved: readonly RelationClaim[];
  readonly furtherUnresolvedCount: number;
  /** More was there to follow than one answer follows. */
  readonly isCut: boolean;
  /** The steps that were asked for ended before the ways did. */
  readonly goesOn: boolean;
}

const MAX_DEPENDENTS = 20_000;
/** Names of dependents that unresolved calls are counted for. */
const MAX_NAMES = 2_000;

export interface ImpactOptions {
  readonly depth: number;
  /** Modules stand for all they define; otherwise for their own top-level lines. */
  readonly wholeFiles: boolean;
}

/** `changes`: with everything inside them, which changes with them. */
export async function impactOf(
  graph: CodeGraph,
  changes: readonly GraphSymbol[],
  { depth, wholeFiles }: ImpactOptions,
  turns: Turns = inTurns(),
): Promise<Impact> {
  const seeds = withInsides(graph, changes, wholeFiles);
  const reached = new Map<string, Reached>(seeds.map(({ id }) => [id, SEED]));
  const runners = new Set<string>();
  const dependents: DependentClaim[] = [];
  const modules = changes.filter(({ kind }) => wholeFiles && kind === 'module');
  const files = new Set(modules.map(({ path }) => path));
  let level: readonly string[] = seeds.map(({ id }) => id);
  let isCut = false;
  for (let at = 1; at <= depth && level.length > 0 && !isCut; at++) {
    const next: string[] = [];
    for (const id of level) {
      for (const { edge, far, over, isGuess, isRunner } of stepsBack(graph, id, at === 1)) {
        if (turns.isOver()) await turns.pause();
        const holder = namedHolder(graph, far);
        if (reached.has(holder) || isInside(graph, holder, files)) continue;
        if (isRunner && runners.has(holder)) continue;
        if (dependents.length >= MAX_DEPENDENTS) {
          isCut = true;
          break;
        }
        const before = reached.get(id) as Reached;
        const way = {
          through: [...(over === undefined ? [] : [over]), id, ...before.through],
          isExact: before.isExact && edge.resolution === 'exact' && !isGuess && over === undefined,
          isNamed: before.isNamed || edge.isNamed === true,
        };
        if (isRunner) runners.add(holder);
        else
          for (const met of new Set([holder, far])) {
            reached.set(met, way);
            next.push(met);
          }
        if (isRunner || !runners.has(holder))
          dependents.push({ ...claimOf(graph, edge, holder, way, at), ...(isRunner && { isGiven: true }) });
      }
    }
    level = next;
  }
  const sorted = withoutMereImports(dependents).sort(nearestFirst);
  return {
    dependents: sorted,
    files: filesOf(sorted),
    exactShare:
      sorted.length === 0
        ? undefined
        : sorted.filter(({ resolution }) => resolution === 'exact').length / sorted.length,
    unresolved: withoutTold(
      missedCallers(
        graph,
        seeds.filter(({ kind }) => kind !== 'module'),
      ),
      sorted,
    ),
    furtherUnresolvedCount: countMissed(graph, seeds, sorted),
    isCut,
    goesOn: level.some((id) => graph.symbol(id)?.kind !== 'module'),
  };
}

interface Reached {
  /** Nearest first, ending with the change. */
  readonly through: readonly string[];
  readonly isExact: boolean;
  /** A step is known by a name alone. */
  readonly isNamed: boolean;
}

const SEED: Reached = { through: [], isExact: true, isNamed: false };

/** Members of classes and files, nested functions, constructors: their lines are lines of what changes. */
function withInsides(
  graph: CodeGraph,
  changes: readonly GraphSymbol[],
  wholeFiles: boolean,
): readonly GraphSymbol[] {
  const all = new Map<string, GraphSymbol>();
  for (const change of changes) {
    if (change.kind === 'module' && !wholeFiles) {
      all.set(change.id, change);
      continue;
    }
    for (const part of partsOf(graph, change)) all.set(part.id, part);
    for (const symbol of graph.inFile(change.path))
      if (symbol.id.startsWith(`${change.id}.`) && change.kind !== 'module') all.set(symbol.id, symbol);
  }
  return [...all.values()];
}

interface StepBack {
  readonly edge: GraphEdge;
  readonly far: string;
  /** What stands for the near end there, where that is not called by itself. */
  readonly over?: string;
  /** A way that values may take, not one that an edge shows. */
  readonly isGuess?: boolean;
  /** Runs what it is given: who calls it need not depend on that. */
  readonly isRunner?: boolean;
}

/** Whole modules are ends: who imports a module that depends on something need not depend on that. */
function* stepsBack(graph: CodeGraph, id: string, isChange: boolean): Generator<StepBack> {
  const symbol = graph.symbol(id);
  if (symbol === undefined || (symbol.kind === 'module' && !isChange)) return;
  const parts = symbol.kind === 'class' ? partsOf(graph, symbol).map((part) => part.id) : [id];
  for (const part of parts) {
    yield* callsBack(graph, part, isChange);
    for (const kind of ['overrides', 'inherits', 'uses'] as const)
      for (const edge of graph.incoming(part, kind)) yield { edge, far: edge.from };
    for (const { to } of graph.outgoing(part, 'overrides'))
      for (const edge of graph.incoming(to, 'calls')) yield { edge, far: edge.from, isGuess: true };
    if (isChange) for (const edge of graph.incoming(part, 'imports')) yield { edge, far: edge.from };
  }
}

/** Calls, and where the change is handed over. What runs a change because it is given it is told of; of what only depends on the change, it is not. */
function* callsBack(graph: CodeGraph, id: string, isChange: boolean): Generator<StepBack> {
  let isHanded = false;
  for (const edge of graph.incoming(id, 'calls')) {
    if (!isHandedOver(graph, edge)) {
      yield { edge, far: edge.from };
      continue;
    }
    isHanded = true;
    if (isChange) yield { edge, far: edge.from, isRunner: true };
    if (edge.given === 'around')
      for (const call of callsOfWrapper(graph, edge)) yield { edge: call, far: call.from, over: edge.from };
  }
  if (isHanded) for (const edge of handersOf(graph, id)) yield { edge, far: edge.from };
}

const isInside = (graph: CodeGraph, id: string, files: ReadonlySet<string>): boolean =>
  files.size > 0 && files.has(graph.symbol(id)?.path ?? '');

function claimOf(
  graph: CodeGraph,
  { kind, path, line, hash }: GraphEdge,
  symbol: string,
  { through, isExact, isNamed }: Reached,
  depth: number,
): DependentClaim {
  const isTest = (graph.symbol(symbol)?.fileKind ?? fileKindOf(path)) === 'test';
  return {
    symbol,
    kind,
    resolution: isNamed ? 'named' : isExact ? 'exact' : 'inferred',
    depth,
    through,
    isTest,
    path,
    line,
    hash,
  };
}

/** A file that imports what it also calls or uses says nothing new by the import. */
function withoutMereImports(dependents: readonly DependentClaim[]): DependentClaim[] {
  const using = new Set(dependents.filter(({ kind }) => kind !== 'imports').map(({ path }) => path));
  return dependents.filter(({ kind, path }) => kind !== 'imports' || !using.has(path));
}

const nearestFirst = (a: DependentClaim, b: DependentClaim): number =>
  a.depth - b.depth || (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1);

function filesOf(dependents: readonly DependentClaim[]): readonly DependentFile[] {
  const files = new Map<string, DependentFile>();
  for (const { path, depth, isTest } of dependents) {
    const known = files.get(path);
    files.set(path, known ? { ...known, symbols: known.symbols + 1 } : { path, depth, symbols: 1, isTest });
  }
  return [...files.values()];
}

function countMissed(
  graph: CodeGraph,
  seeds: readonly GraphSymbol[],
  dependents: readonly DependentClaim[],
): number {
  const own = new Set(seeds.map(({ name }) => name));
  const names = new Set<string>();
  for (const { symbol } of dependents) {
    const found = graph.symbol(symbol);
    if (found !== undefined && found.kind !== 'module' && !own.has(found.name)) names.add(found.name);
    if (names.size >= MAX_NAMES) break;
  }
  return [...names].reduce((sum, name) => sum + graph.unresolvedNamed(name).length, 0);
}
