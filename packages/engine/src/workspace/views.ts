/** Read-only views of a workspace for status, listings and dumps. */
import { chunkFields } from '../chunking/chunk-fields.ts';
import { contentHash } from '../indexing/batch.ts';
import type { IndexView } from '../lexical/index-view.ts';
import { ConexusError } from '../model/errors.ts';
import type { FilePath, SkippedFile, SkipReason } from '../model/file.ts';
import { fileKindOf } from '../model/file-kind.ts';
import { decodeOutline, qualifiedName } from '../model/outline.ts';
import type { ChunkView, FileListing, IndexStatus, OutlineItem } from '../model/search.ts';
import { decodeText, skipByContent, skipByPath, splitLines } from '../model/skip-rules.ts';
import type { Source } from '../ports/source.ts';
import type { StoreStats } from '../ports/store.ts';

const MAX_SKIPPED_NAMES = 100;

export interface StatusParts
  extends Pick<IndexStatus, 'root' | 'storeFile' | 'state' | 'freshness' | 'history' | 'graph' | 'notices'> {
  readonly view: IndexView;
  readonly stats: StoreStats;
  readonly skipped: readonly SkippedFile[];
  readonly reasons: IndexStatus['skipped'];
  readonly job: IndexStatus['job'] | undefined;
  readonly embedder: IndexStatus['embedder'] | undefined;
}

export function statusOf({
  view,
  stats,
  skipped,
  reasons,
  job,
  embedder,
  ...rest
}: StatusParts): IndexStatus {
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
    ...(embedder ? { embedder } : {}),
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

/** @throws ConexusError path_not_found with the reason, path_outside_root */
export function readLines(
  source: Source,
  maxFileBytes: number,
  path: FilePath,
  start = 1,
  end = Number.MAX_SAFE_INTEGER,
) {
  const bytes = readIndexable(source, maxFileBytes, path);
  const lines = splitLines(decodeText(bytes));
  const first = Math.min(Math.max(1, start), Math.max(1, lines.length));
  const last = Math.min(Math.max(first, end), lines.length);
  return {
    text: lines.slice(first - 1, last).join('\n'),
    start: first,
    end: last,
    lineCount: lines.length,
    hash: contentHash(bytes),
  };
}

/** Bytes of a file that is indexed, or will be at the next refresh: the rules decide, not what is published. */
function readIndexable(source: Source, maxFileBytes: number, path: FilePath): Uint8Array {
  // What an ignored file holds is of no interest, but its name may say that nobody should open it.
  const stamp = source.stamp(path);
  const byName = skipByPath(path, stamp?.size ?? 0, maxFileBytes);
  if (stamp && byName) throw notIndexed(path, byName);
  const read = source.read(path);
  if (!read) throw notFound(path);
  if (!stamp) throw notIndexed(path, byName ?? 'ignored');
  const byContent = skipByContent(read.bytes, fileKindOf(path));
  if (byContent) throw notIndexed(path, byContent);
  return read.bytes;
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

const notFound = (path: FilePath) =>
  new ConexusError(
    'path_not_found',
    `${path} is not an indexed file`,
    'Check the path, or list files with the status operation.',
  );

const WHY_SKIPPED: Readonly<Record<SkipReason, string>> = {
  ignored: 'ignore rules leave it out',
  binary: 'it is not text',
  too_large: 'it is larger than the limit for indexed files',
  minified: 'it is minified',
  generated: 'it is a generated list, e.g. of dependencies',
  secret: 'its name says that it holds secrets',
  symlink_outside: 'it is a link that leads outside the root',
  symlink_loop: 'it is a link that leads back to itself',
  special: 'it is not a regular file',
  unreadable: 'it cannot be read',
};

const notIndexed = (path: FilePath, reason: SkipReason) =>
  new ConexusError(
    'path_not_found',
    `${path} is not indexed: ${WHY_SKIPPED[reason]} (${reason}); its text is not shown`,
    reason === 'secret' ? 'Ask the user for what you need from it.' : 'Open the file itself if you need it.',
  );
