/** What to say of indexing beside the report of a whole run: single paths, runs given up, and what is wrong. */

import type { LiveIndex } from '../indexing/live-index.ts';
import { counted } from '../model/counted.ts';
import { ConexusError } from '../model/errors.ts';
import type { FilePath } from '../model/file.ts';
import type { IndexReport, JobStatus } from '../model/search.ts';

/** What an index run reports that was cancelled before it knew its files. */
export function unfinishedReport(live: LiveIndex, started: number): IndexReport {
  return {
    files: live.view.fileCount,
    indexed: 0,
    reused: live.view.fileCount,
    removed: 0,
    chunks: 0,
    bytes: 0,
    skipped: {},
    parseErrors: 0,
    byLanguage: {},
    generation: live.generation,
    ms: performance.now() - started,
    complete: false,
  };
}

/** Long enough for any list of paths that fits into a request. */
const PATHS_DEADLINE_MS = 60_000;

/** Reads these files, and those below these folders, whatever their stamps say; publishes what changed. Looks at no others. */
export async function indexPaths(live: LiveIndex, asked: readonly FilePath[]): Promise<IndexReport> {
  const started = performance.now();
  const paths = withFilesBelow(live, asked);
  const before = new Map(paths.map((path) => [path, live.view.file(path)?.hash]));
  live.suspect(paths);
  const { pending } = await live.refresh({ deadlineMs: PATHS_DEADLINE_MS, suspectsOnly: true });
  await live.flush();
  await live.refresh({ followOnly: true });
  const unread = new Set(pending);
  const changed = paths.filter(
    (path) => live.view.file(path) && live.view.file(path)?.hash !== before.get(path),
  );
  const kept = paths.filter(
    (path) => live.view.file(path) && live.view.file(path)?.hash === before.get(path),
  );
  return {
    ...unfinishedReport(live, started),
    indexed: changed.length,
    reused: kept.length,
    removed: paths.filter((path) => before.get(path) !== undefined && !live.view.file(path)).length,
    chunks: changed.reduce((sum, path) => sum + chunksOf(live, path), 0),
    bytes: changed.reduce((sum, path) => sum + (live.view.file(path)?.stamp.size ?? 0), 0),
    complete: !paths.some((path) => unread.has(path)),
  };
}

function withFilesBelow({ view }: LiveIndex, asked: readonly FilePath[]): FilePath[] {
  const folders = asked.map((path) => (path.endsWith('/') ? path : `${path}/`));
  const paths = new Set(asked);
  for (const { path } of view.files()) if (folders.some((folder) => path.startsWith(folder))) paths.add(path);
  return [...paths];
}

function chunksOf({ view }: LiveIndex, path: FilePath): number {
  const file = view.file(path);
  if (!file) return 0;
  const segment = view.segmentOfSlot(file.slot);
  return segment.docs.blobDocs[file.slot - segment.slotBase] ?? 0;
}

/** Sentences on what keeps the index from being whole or saved. */
export function noticesOf(unsaved: LiveIndex['unsaved'], indexing: { readonly waiting: boolean }): string[] {
  const notices: string[] = [];
  if (unsaved) {
    notices.push(
      `${counted(unsaved.files, 'changed file is', 'changed files are')} answered from memory only, because the index could not be written: ` +
        `${reasonOf(unsaved.error)} Writing is tried again.`,
    );
  }
  if (indexing.waiting)
    notices.push('Another process is indexing this root; what it has done answers here, too.');
  return notices;
}

/** Beside `noticesOf`, for the status: who started a job is told of its failure anyway. */
export function failureOf(job: JobStatus | undefined, isComplete: boolean): string[] {
  if (job?.state !== 'failed') return [];
  const next = isComplete ? 'What was indexed before still answers.' : 'It is tried again, ever later.';
  return [`The last indexing failed: ${job.error ?? 'internal error'} ${next}`];
}

const reasonOf = (error: unknown) =>
  error instanceof ConexusError ? `${error.message} ${error.advice}` : 'an internal error.';

/** Said where nothing can be found because nothing is indexed. */
export function emptyNote(view: LiveIndex['view'], isComplete: boolean): string[] {
  if (!isComplete || view.fileCount > 0) return [];
  return [
    'No file of this root is indexed: it is empty, or every file is skipped. The status tells what is skipped and why.',
  ];
}
