/** The call graph of a repository that has none, for the engine of tests. */
import type { CodeGraph, Freshness } from '@conexus/engine';

export const emptyGraph: CodeGraph = {
  generation: 1,
  isPartial: false,
  unread: [],
  symbolCount: 0,
  symbol: () => undefined,
  find: () => [],
  inFile: () => [],
  firstIn: () => undefined,
  at: () => undefined,
  incoming: () => [],
  outgoing: () => [],
  unresolvedIn: () => [],
  unresolvedNamed: () => [],
};

/** What both questions say where no definition has a name. */
export function ofEmptyGraph(freshness: Freshness) {
  return {
    state: 'none' as const,
    targets: [],
    candidates: [],
    candidateCount: 0,
    unresolvedCount: 0,
    droppedCount: 0,
    fileCount: 0,
    isCut: false,
    coverage: { symbols: 0, isPartial: false, languages: [], uncovered: [], unreadCount: 0, unread: [] },
    notes: [],
    freshness,
    ms: 0.5,
  };
}

export const noImpact = {
  changed: [],
  dependents: [],
  dependentCount: 0,
  directCount: 0,
  files: [],
  tests: [],
  testCount: 0,
  publicNames: [],
  publicCount: 0,
  unresolved: [],
  furtherUnresolvedCount: 0,
};
