/** Which test files to run for a change: those that reach it, then those named after it or changed with it in the past. Pure. */
import type { CodeGraph, GraphSymbol } from '../model/code-graph.ts';
import type { FilePath } from '../model/file.ts';
import type { TestFile } from '../model/impact.ts';
import type { DependentClaim } from './impact.ts';

export interface TestConventions {
  /** Test files that are named after a source, nearest first. */
  namedAfter(source: FilePath): readonly FilePath[];
  /** Files changed together with one in the past, and in which share of its commits. */
  changedTogether(path: FilePath): readonly { readonly path: FilePath; readonly share: number }[];
  /** A test runner runs it: no helper, no fixture. */
  isRun(path: FilePath): boolean;
}

/** Changed together less often than this says little. */
const MIN_SHARE = 0.2;

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
    if (!tests.has(test.path) && conventions.isRun(test.path)) tests.set(test.path, test);
  };
  for (const path of changedPaths) add({ path, found: 'graph', depth: 0, because: 'it is changed itself' });
  for (const { path, fileKind, id } of changes)
    if (fileKind === 'test') add({ path, found: 'graph', depth: 0, because: id });
  for (const { path, isTest, depth, through, symbol } of dependents)
    if (isTest)
      add({ path, found: 'graph', depth, because: graph.symbol(through.at(-1) ?? symbol)?.id ?? symbol });
  for (const path of changedPaths)
    for (const test of conventions.namedAfter(path))
      add({ path: test, found: 'name', because: `named after ${path}` });
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
