/** What the working tree of one workspace changed since a revision, as definitions of its graph. */

import { changedSymbols } from '../analysis/changed-symbols.ts';
import type { CallOptions } from '../engine.ts';
import type { CodeGraph, GraphSymbol } from '../model/code-graph.ts';
import { counted } from '../model/counted.ts';
import type { FilePath } from '../model/file.ts';
import type { ChangedFile, ImpactAnswer, ImpactRequest } from '../model/impact.ts';
import { skipByPath } from '../model/skip-rules.ts';
import type { Changes } from '../ports/changes.ts';
import type { Source } from '../ports/source.ts';
import type { LocateIndex } from '../query/run-locate.ts';

/** What changes, however it was named. */
export interface Change {
  readonly state: ImpactAnswer['state'];
  readonly targets: readonly GraphSymbol[];
  readonly candidates: readonly GraphSymbol[];
  readonly compared?: ImpactAnswer['compared'];
  readonly changed: readonly ChangedFile[];
  /** Bare names of definitions that are gone: calls of them may be broken. */
  readonly goneNames: readonly string[];
  readonly notes: readonly string[];
}

export interface ChangesParts {
  readonly index: LocateIndex;
  readonly source: Source;
  readonly changes: Changes;
}

/** @throws ConexusError no_history, invalid_argument, cancelled */
export async function changesSince(
  { index, source, changes }: ChangesParts,
  { since: revision = 'HEAD', path: narrow }: Pick<ImpactRequest, 'since' | 'path'>,
  graph: CodeGraph,
  { signal }: CallOptions,
): Promise<Change> {
  const { commit, subject, files, uncompared } = await changes.since({
    revision,
    paths: [...index.view.files()].map(({ path }) => path).filter((path) => isIn(path, narrow)),
    read: (path) => source.read(path)?.bytes,
    // What is ignored has no stamp and may be tracked all the same: only what cannot be read is gone.
    counts: (path) =>
      isIn(path, narrow) &&
      skipByPath(path, 0) === undefined &&
      source.stamp(path) === undefined &&
      source.read(path) === undefined,
    signal,
  });
  const changed = await changedSymbols(files, { graph, lines: (path) => index.read(path)?.lines });
  const notes = [
    ...(changed.withoutCode > 0
      ? [
          `in ${changed.withoutCode} of the changed files only comments or empty lines differ: no definition is changed there`,
        ]
      : []),
    ...(uncompared.length > 0
      ? [
          `${counted(uncompared.length, 'changed file')} could not be compared (too large, or not in this clone), e.g. ${uncompared[0]}`,
        ]
      : []),
  ];
  return {
    state: 'found',
    targets: changed.symbols,
    candidates: [],
    compared: { commit, subject },
    changed: changed.files,
    goneNames: changed.goneNames,
    notes,
  };
}

function isIn(path: FilePath, narrow: FilePath | undefined): boolean {
  return narrow === undefined || narrow === '' || path === narrow || path.startsWith(`${narrow}/`);
}
