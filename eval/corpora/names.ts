// Where a corpus lies: one folder per (repository, commit), shared by the suites that use it.
import type { Row } from '../truth.ts';

export const COSQA_REPO = 'cosqa-pool';

export function corpusName(repo: string, commit: string | null): string {
  const flat = repo.replace('/', '+');
  return commit === null ? flat : `${flat}@${commit.slice(0, 12)}`;
}

/** What a system indexes: a corpus folder and, for semble rows, one folder of it. */
export interface IndexTarget {
  readonly corpus: string;
  /** Relative folder to index, without slash at the end; empty for all. */
  readonly root: string;
}

export function targetOf(row: Row): IndexTarget {
  return {
    corpus: corpusName(row.repo, row.commit),
    root: (row.root ?? '').replace(/\/+$/, ''),
  };
}

export function targetKey(target: IndexTarget): string {
  return target.root === '' ? target.corpus : `${target.corpus}:${target.root}`;
}
