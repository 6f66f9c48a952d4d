/** Read-only views of a workspace for status, listings and dumps. */
import { chunkFields } from './chunking/chunk-fields.ts';
import type { IndexView } from './lexical/index-view.ts';
import { ConexusError } from './model/errors.ts';
import type { FilePath, SkippedFile } from './model/file.ts';
import { decodeOutline, qualifiedName } from './model/outline.ts';
import type { ChunkView, FileListing, IndexStatus, OutlineItem } from './model/search.ts';
import { decodeText, skipByPath, splitLines } from './model/skip-rules.ts';
import type { Source } from './ports/source.ts';
import type { StoreStats } from './ports/store.ts';
import { contentHash } from './indexing/batch.ts';

const MAX_SKIPPED_NAMES = 100;

export interface StatusParts extends Pick<IndexStatus, 'root' | 'storeFile' | 'state' | 'freshness' | 'history'> {
  readonly view: IndexView;
  readonly stats: StoreStats;
  readonly skipped: readonly SkippedFile[];
  readonly reasons: IndexStatus['skipped'];
  readonly job: IndexStatus['job'] | undefined;
}

export function statusOf({ view, stats, skipped, reasons, job, ...rest }: StatusParts): IndexStatus {
  const languages: Record<string, number> = {};
  const kinds: Record<string, number> = {};
  let sourceBytes = 0;
  for (const file of view.files()) {
    languages[file.language] = (languages[file.language] ?? 0) + 1;
    kinds[file.kind] = (kinds[file.kind] ?? 0) + 1;
    sourceBytes += file.stamp.size;
  }
  return {
    ...rest,
    generation: rest.freshness.generation,
    files: view.fileCount,
    chunks: view.liveDocs,
    sourceBytes,
    storeBytes: stats.bytes,
    languages,
    kinds,
    skipped: reasons,
    skippedFiles: skipped.slice(0, MAX_SKIPPED_NAMES),
    ...(job ? { job } : {}),
  };
}

export function listFiles(
  view: IndexView,
  options: { readonly prefix?: string; readonly after?: FilePath; readonly limit?: number } = {},
): FileListing[] {
  const { prefix = '', after, limit = 1000 } = options;
  return [...view.files()]
    .filter((file) => file.path.startsWith(prefix) && (after === undefined || file.path > after))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .slice(0, limit)
    .map(({ path, language, kind, traits, stamp }) => ({ path, language, kind, traits, bytes: stamp.size }));
}

export function readLines(source: Source, path: FilePath, start = 1, end = Number.MAX_SAFE_INTEGER) {
  // Asking for a path outside the root is refused as such; what no index may hold is not shown here, either.
  const isShown = source.includes(path) && skipByPath(path, 0) !== 'secret';
  const read = isShown ? source.read(path) : refusePath(source, path);
  if (!read) throw notFound(path);
  const lines = splitLines(decodeText(read.bytes));
  const first = Math.min(Math.max(1, start), Math.max(1, lines.length));
  const last = Math.min(Math.max(first, end), lines.length);
  return {
    text: lines.slice(first - 1, last).join('\n'),
    start: first,
    end: last,
    lineCount: lines.length,
    hash: contentHash(read.bytes),
  };
}

export function outlineItems(path: FilePath, bytes: Uint8Array | undefined): OutlineItem[] {
  if (!bytes) throw notFound(path);
  const { symbols } = decodeOutline(bytes);
  const depths: number[] = [];
  return symbols.map(({ name, kind, start, end, parent }, i) => {
    depths[i] = parent < 0 ? 0 : (depths[parent] ?? 0) + 1;
    return { name, kind, start, end, depth: depths[i] };
  });
}

export function chunkViews(source: Source, path: FilePath, bytes: Uint8Array | undefined): ChunkView[] {
  const read = bytes && source.read(path);
  if (!bytes || !read) throw notFound(path);
  const outline = decodeOutline(bytes);
  const lines = splitLines(decodeText(read.bytes));
  const parsed = { ...outline, language: '' };
  return outline.chunks.map((chunk) => ({
    start: chunk.start,
    end: chunk.end,
    ...(chunk.symbol < 0 ? {} : { symbol: qualifiedName(outline.symbols, chunk.symbol) }),
    fields: { ...chunkFields(lines, parsed, chunk) },
  }));
}

/** @throws ConexusError path_outside_root */
function refusePath(source: Source, path: FilePath): undefined {
  if (path.startsWith('/') || path.split('/').includes('..')) source.read(path);
  return undefined;
}

const notFound = (path: FilePath) =>
  new ConexusError('path_not_found', `${path} is not an indexed file`, 'Check the path, or list files with the status operation.');
