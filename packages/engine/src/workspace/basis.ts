/**
 * What answers of one workspace rest on, as a text that differs when any of it does: files, published index, commits, model. Whoever
 * keeps answers asks for it before he uses one again.
 */
import { randomUUID } from 'node:crypto';
import type { Workspace } from '../engine.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import type { FilePath } from '../model/file.ts';
import type { WorkspaceHistory } from './history.ts';
import type { WorkspaceModels } from './models.ts';
import type { WorkspaceReading } from './reading.ts';

export interface BasisParts {
  readonly live: LiveIndex;
  readonly history: Pick<WorkspaceHistory, 'commits'>;
  readonly models: Pick<WorkspaceModels, 'version'>;
  readonly reading: Pick<WorkspaceReading, 'read' | 'freshnessOf'>;
  /** Services elsewhere: they may answer otherwise the next time, or not at all. */
  readonly parts: { readonly embedding?: unknown; readonly reranker?: unknown };
  /** Files that an answer shows have other stamps than the index knows. */
  suspect(paths: readonly FilePath[]): void;
}

export function createBasis({
  live,
  history,
  models,
  reading,
  parts,
  suspect,
}: BasisParts): Workspace['basis'] {
  // Counters begin anew when a damaged index is replaced.
  const opened = randomUUID();
  const isLocal = parts.embedding === undefined && parts.reranker === undefined;
  return ({ paths = [], signal } = {}) =>
    reading.read(async (report) => {
      const freshness = reading.freshnessOf(report);
      // What is written through a mapping of memory makes no event.
      const changed = paths.filter((path) => !live.matches(path));
      if (changed.length > 0) suspect(changed);
      const isSure = freshness.state === 'fresh' && freshness.checkedBy === 'watcher' && changed.length === 0;
      if (!isLocal || !isSure) return { id: undefined, freshness };
      const { version, changes } = live;
      return { id: [opened, version, changes, history.commits?.head, models.version()].join(' '), freshness };
    }, signal);
}
