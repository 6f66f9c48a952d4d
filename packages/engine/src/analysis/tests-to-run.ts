/** Which test files to run for a change: those that reach it, then those named after it or changed with it in the past. Pure. */
import type { CodeGraph, GraphSymbol } from '../model/code-graph.ts';
import type { FilePath } from '../model/file.ts';
import type { TestFile } from '../model/impact.ts';
import type { DependentClaim } from './impact.ts';

export interface TestConventions {
  /** Test files by the lower-case stem of the source they are named after. */
  readonly byStem: ReadonlyMap<string, readonly FilePath[]>;
  /** Files changed together with one in the past, and in which share of its commits. */
  changedTogether(path: FilePath): readonly { readonly path: FilePath; readonly share: number }[];
  isTest(path: FilePath): boolean;
}

/** Changed together less often than this says little. */
const MIN_SHARE = 0.2;
/** A stem with more tests than this (`index`, `main`) names no source in particular. */
const MAX_NAMED = 4;

/** Nearest first; then by name, then by history, each as far as those before do not have it. */
export function testsToRun(
  graph: CodeGraph,
  changes: readonly GraphSymbol[],
  dependents: readonly DependentClaim[],
  changedPaths: readonly FilePath[],
  conventions: TestConventions,
): readonly TestFile[] {
  const tests = new Map<FilePath, TestFile>();
  const add = (test: TestFile) => {
    if (!tests.has(test.path)) tests.set(test.path, test);
  };
  for (const path of changedPaths)
    if (conventions.isTest(path)) add({ path, found: 'graph', depth: 0, because: 'it is changed itself' });
  for (const { path, fileKind, id } of changes)
    if (fileKind === 'test') add({ path, found: 'graph', depth: 0, because: id });
  for (const { path, isTest, depth, through, symbol } of dependents)
    if (isTest)
      add({ path, found: 'graph', depth, because: graph.symbol(through.at(-1) ?? symbol)?.id ?? symbol });
  for (const path of changedPaths) {
    const named = conventions.byStem.get(stemOf(path)) ?? [];
    if (named.length <= MAX_NAMED)
      for (const test of named) add({ path: test, found: 'name', because: `named after ${path}` });
  }
  for (const path of changedPaths)
    for (const { path: other, share } of conventions.changedTogether(path))
      if (share >= MIN_SHARE && conventions.isTest(other))
        add({
          path: other,
          found: 'history',
          because: `changed with ${path} in ${Math.round(share * 100)} % of its commits`,
        });
  return [...tests.values()];
}

function stemOf(path: FilePath): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return name.slice(0, dot > 0 ? dot : name.length).toLowerCase();
}
