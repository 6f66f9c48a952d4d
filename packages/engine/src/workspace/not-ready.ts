/** What an asker is told who wants the graph of the code before there is one: how far it is, how long it takes, what answers meanwhile. */
import { counted } from '../model/counted.ts';
import { ConexusError } from '../model/errors.ts';
import type { IndexProgress } from '../model/search.ts';

export const isNotReady = (error: unknown): error is ConexusError =>
  error instanceof ConexusError && error.code === 'not_ready';

/** Where nothing tells how long it takes: a third of what it has taken, within these. */
const MIN_RETRY_S = 2;
const MAX_RETRY_S = 60;

export function graphNotReady(isIndexed: boolean, progress: IndexProgress | undefined): ConexusError {
  const seconds = secondsToWait(progress);
  const what = isIndexed
    ? 'The index is ready, and the graph of calls is still being built'
    : 'The first index is still being built, and the graph of calls comes after it';
  const next = isIndexed ? 'in full' : 'from what is indexed';
  return new ConexusError(
    'not_ready',
    `${what}${progress ? `: ${doneClause(progress)}` : ''}.`,
    `Ask again in ${seconds} s, or wait for it with index_control {"action":"start","wait":true}; until then search_codebase and locate_relevant_files answer ${next}.`,
    { retryAfterMs: seconds * 1_000 },
  );
}

function secondsToWait(progress: IndexProgress | undefined): number {
  const ms = progress?.remainingMs ?? (progress?.elapsedMs ?? 0) / 3;
  return Math.min(MAX_RETRY_S, Math.max(MIN_RETRY_S, Math.ceil(ms / 1_000)));
}

/** e.g. `calls of 120 of 3250 files are read (4 %), about 40 s left` */
function doneClause({
  phase,
  filesDone,
  filesTotal,
  bytesDone,
  bytesTotal,
  elapsedMs,
  remainingMs,
}: IndexProgress) {
  const left = remainingMs === undefined ? '' : `, about ${seconds(remainingMs)} left`;
  if (phase === 'resolving') return `calls are read and have been followed for ${seconds(elapsedMs)}${left}`;
  if (filesTotal === 0) return `for ${seconds(elapsedMs)} so far`;
  const share = bytesTotal > 0 ? ` (${Math.floor((100 * bytesDone) / bytesTotal)} %)` : '';
  const done = `${filesDone} of ${counted(filesTotal, 'file')}`;
  return `${phase === 'facts' ? `calls of ${done} are read` : `${done} ${filesDone === 1 ? 'is' : 'are'} indexed`}${share}${left}`;
}

const seconds = (ms: number) => `${Math.max(1, Math.round(ms / 1_000))} s`;
