/** Which test files to run for a change: those that reach it, then those named after it or changed with it in the past. Pure. */
import type { CodeGraph, GraphSymbol } from '../model/code-graph.ts';
import type { FilePath } from '../model/file.ts';
import type { TestFile } from '../model/impact.ts';
import type { DependentClaim } from './impact.ts';
import type { RelationClaim } from './relations.ts';

export interface TestConventions {
  /** Test files that are named after a source, nearest first. */
  namedAfter(source: FilePath): readonly FilePath[];
  /** Files changed together with one in the past, and in which share of its commits. */
  changedTogether(path: FilePath): readonly { readonly path: FilePath; readonly share: number }[];
  /** A test runner runs it: no helper, no fixture. */
  isRun(path: FilePath): boolean;
  /** Calls named like the change whose callee is not known. */
  readonly unresolved?: readonly RelationClaim[];
}

/** Changed together less often than this says little. */
const MIN_SHARE = 0.2;

/** More classes below the changed ones say that everything is one of them. */
const MAX_HEIRS = 16;
const MAX_LEVELS = 3;
/** More calls of a name whose callee is not known say that the name is one of many. */
const MAX_OPEN = 100;

/** Classes below those that change or have a method that does: tests of what only others extend are theirs. */
function heirsOf(graph: CodeGraph, changes: readonly GraphSymbol[]): readonly GraphSymbol[] {
  const isClass = (symbol: GraphSymbol | undefined) =>
    symbol?.kind === 'class' || symbol?.kind === 'interface';
  const own = changes.map((change) =>
    change.kind === 'method' ? graph.symbol(change.id.slice(0, change.id.lastIndexOf('.'))) : change,
  );
  const found = new Map<string, GraphSymbol>();
  let level = own.filter((symbol) => symbol !== undefined).filter(isClass);
  for (let step = 0; step < MAX_LEVELS && level.length > 0; step++) {
    const next: GraphSymbol[] = [];
    for (const { id } of level)
      for (const { from } of graph.incoming(id, 'inherits')) {
        const heir = graph.symbol(from);
        if (heir === undefined || found.has(from)) continue;
        found.set(from, heir);
        next.push(heir);
      }
    if (found.size > MAX_HEIRS) return [];
    level = next;
  }
  return [...found.values()];
}

/** Sure ways first, nearest first; then by name, over ways that may be, by history, each as far as those before do not have it. */
export function testsToRun(
  graph: CodeGraph,
  changes: readonly GraphSymbol[],
  dependents: readonly DependentClaim[],
  changedPaths: readonly FilePath[],
  conventions: TestConventions,
): readonly TestFile[] {
  const tests = new Map<FilePath, TestFile>();
  const add = (test: TestFile) => {
    if (!tests.has(test.path) && conventions.isRun(test.path)) tests.set(test.path, test);
  };
  for (const path of changedPaths) add({ path, found: 'graph', depth: 0, because: 'it is changed itself' });
  for (const { path, fileKind, id } of changes)
    if (fileKind === 'test') add({ path, found: 'graph', depth: 0, because: id });
  const reaching = dependents.filter(({ isTest }) => isTest);
  const isNear = ({ resolution, depth }: DependentClaim) => resolution === 'exact' || depth === 1;
  const addReaching = ({ path, depth, through, symbol }: DependentClaim) =>
    add({ path, found: 'graph', depth, because: graph.symbol(through.at(-1) ?? symbol)?.id ?? symbol });
  for (const one of reaching) if (isNear(one)) addReaching(one);
  for (const path of changedPaths)
    for (const test of conventions.namedAfter(path))
      add({ path: test, found: 'name', because: `named after ${path}` });
  for (const { path, id } of heirsOf(graph, changes))
    for (const test of conventions.namedAfter(path))
      add({ path: test, found: 'name', because: `named after ${path}, where ${id} inherits it` });
  const { unresolved = [] } = conventions;
  if (unresolved.length <= MAX_OPEN)
    for (const { path, line, callee } of unresolved)
      add({ path, found: 'name', because: `it is not known what ${callee} calls in line ${line}` });
  // Over calls of what may be any of many a far test is reached by nearly everything.
  for (const one of reaching) addReaching(one);
  for (const path of changedPaths)
    for (const { path: other, share } of conventions.changedTogether(path))
      if (share >= MIN_SHARE)
        add({
          path: other,
          found: 'history',
          because: `changed with ${path} in ${Math.round(share * 100)} % of its commits`,
        });
  return [...tests.values()];
}
