/** Reports of indexing that is not a run over the whole tree: single paths, or a run given up before it began. */
import type { LiveIndex } from './indexing/live-index.ts';
import type { FilePath } from './model/file.ts';
import type { IndexReport } from './model/search.ts';

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

/** Looks at these paths whatever their stamps say, and publishes what changed. */
export async function indexPaths(live: LiveIndex, paths: readonly FilePath[]): Promise<IndexReport> {
  const started = performance.now();
  const before = new Map(paths.map((path) => [path, live.view.file(path)?.hash]));
  live.suspect(paths);
  const { pending } = await live.refresh({ deadlineMs: PATHS_DEADLINE_MS });
  await live.flush();
  await live.refresh({ followOnly: true });
  const unread = new Set(pending);
  const changed = paths.filter((path) => live.view.file(path) && live.view.file(path)?.hash !== before.get(path));
  const kept = paths.filter((path) => live.view.file(path) && live.view.file(path)?.hash === before.get(path));
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

function chunksOf({ view }: LiveIndex, path: FilePath): number {
  const file = view.file(path);
  if (!file) return 0;
  const segment = view.segmentOfSlot(file.slot);
  return segment.docs.blobDocs[file.slot - segment.slotBase] ?? 0;
}
