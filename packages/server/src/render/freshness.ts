/** What an answer was computed from, in one line. Knows engine types only; decides nothing. */
import type { Freshness, IndexProgress } from '@conexus/engine';
import { formatCount, formatDuration, inline, plural } from './text.ts';

/** e.g. `Index: fresh · commit 1a2b3c4d (main) · generation 12 · checked by scan in 14 ms` */
export function freshnessLine(freshness: Freshness): string {
  const parts = [stateClause(freshness)];
  if (freshness.commit !== undefined) {
    const branch = freshness.branch === undefined ? '' : ` (${inline(freshness.branch, 60)})`;
    parts.push(`commit ${inline(freshness.commit, 8).replace('…', '')}${branch}`);
  }
  parts.push(
    `generation ${freshness.generation}`,
    `checked by ${freshness.checkedBy} in ${formatDuration(freshness.checkMs)}`,
  );
  return `Index: ${parts.join(' · ')}`;
}

function stateClause(freshness: Freshness): string {
  if (freshness.state === 'fresh') return 'fresh';
  if (freshness.state === 'building') {
    const progress = freshness.progress;
    return progress === undefined
      ? 'first build started, nothing ready yet'
      : `building, ${progressClause(progress)}; answers are partial`;
  }
  const named = freshness.pending.slice(0, 5).map((path) => inline(path, 80));
  const more = freshness.pendingCount - named.length;
  const files = named.join(', ') + (more > 0 ? ` and ${formatCount(more)} more` : '');
  return `pending, ${plural(freshness.pendingCount, 'changed file')} not in this answer yet${files === '' ? '' : `: ${files}`}`;
}

/** e.g. `1,234 of 5,678 files (22 %), about 40 s left` */
export function progressClause(progress: IndexProgress): string {
  if (progress.phase === 'walking') return 'listing files';
  if (progress.phase === 'resolving')
    return `following calls and imports, ${formatDuration(progress.elapsedMs)}${leftClause(progress)}`;
  if (progress.phase === 'learning')
    return `learning the words of this repository, ${formatDuration(progress.elapsedMs)}`;
  const share = progressShare(progress);
  const done = `${formatCount(progress.filesDone)} of ${plural(progress.filesTotal, 'file')} (${Math.floor(share * 100)} %)`;
  const left = leftClause(progress);
  if (progress.phase === 'embedding')
    return `embedding ${formatCount(progress.passagesDone ?? 0)} of ${plural(progress.passagesTotal ?? 0, 'passage')} (${Math.floor(share * 100)} %)${left}`;
  if (progress.phase === 'facts') return `reading calls of ${done}${left}`;
  const step =
    progress.phase === 'merging' ? ', merging' : progress.phase === 'history' ? ', reading history' : '';
  return `${done}${step}${left}`;
}

const leftClause = ({ remainingMs }: IndexProgress): string =>
  remainingMs === undefined ? '' : `, about ${formatDuration(Math.max(1000, remainingMs))} left`;

/** Done part, 0..1: by bytes, because files differ in size by thousands. */
export function progressShare(progress: IndexProgress): number {
  // The index is whole then, and answers.
  if (progress.phase === 'done' || progress.phase === 'resolving' || progress.phase === 'learning') return 1;
  if (progress.phase === 'embedding')
    return Math.min(1, (progress.passagesDone ?? 0) / Math.max(1, progress.passagesTotal ?? 0));
  if (progress.bytesTotal > 0) return Math.min(1, progress.bytesDone / progress.bytesTotal);
  return progress.filesTotal > 0 ? Math.min(1, progress.filesDone / progress.filesTotal) : 0;
}
