/**
 * Which chunks of a workspace have no vector of a model, and what their text is. A row of zeros is a chunk without a
 * vector: a segment is shared by worktrees, and each can read only its own files.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeHeader } from '../lexical/segment-header.ts';
import type { FilePath } from '../model/file.ts';
import { decodeOutline } from '../model/outline.ts';
import { blankSecrets } from '../model/secrets.ts';
import { decodeText, splitLines } from '../model/skip-rules.ts';
import type { Source } from '../ports/source.ts';
import {
  BlobGoneError,
  type BlobRecord,
  SegmentGoneError,
  type SegmentId,
  type Store,
  type WorkspaceId,
} from '../ports/store.ts';
import { contentHash } from './batch.ts';
import { documentText } from './document-text.ts';

/** Where chunks are and what they are made of. */
export interface VectorSource {
  readonly source: Source;
  readonly store: Store;
  readonly workspace: WorkspaceId;
}

export interface BlobGap {
  readonly blob: BlobRecord;
  readonly paths: readonly FilePath[];
  /** Document number of the blob's first chunk in its segment. */
  readonly from: number;
  /** Documents of the segment, not of the blob. */
  readonly missing: readonly number[];
}

export interface SegmentGap {
  readonly segment: SegmentId;
  readonly documents: number;
  readonly blobs: readonly BlobGap[];
}

export interface GapSurvey {
  readonly gaps: readonly SegmentGap[];
  /** Chunks of the workspace in the published index. */
  readonly passages: number;
}

/** Reads the rows of one segment at a time: up to about 15 MB each for 1,536 dimensions. */
export async function surveyGaps({ store, workspace }: VectorSource, model: string): Promise<GapSurvey> {
  const { upserts } = await store.readManifest(workspace, 0);
  const bySegment = Map.groupBy(upserts, ({ blob }) => blob.segment);
  const gaps: SegmentGap[] = [];
  let passages = 0;
  for (const [segment, files] of bySegment) {
    try {
      const { blobDocs, count } = decodeHeader(await store.readSegmentHeader(segment)).docs;
      const isMissing = rowTest(await store.readVectors(segment, model), count);
      const starts = startsOf(blobDocs);
      const blobs: BlobGap[] = [];
      for (const [ordinal, same] of Map.groupBy(files, ({ blob }) => blob.ordinal)) {
        const [from = 0, to = 0] = starts.slice(ordinal, ordinal + 2);
        const documents = Array.from({ length: to - from }, (_, i) => from + i);
        passages += documents.length * same.length;
        const missing = documents.filter(isMissing);
        const [first] = same;
        if (first && missing.length > 0)
          blobs.push({ blob: first.blob, paths: same.map(({ path }) => path), from, missing });
      }
      if (blobs.length > 0)
        gaps.push({ segment, documents: count, blobs: blobs.sort((a, b) => a.from - b.from) });
    } catch (error) {
      // Merged since the manifest was read: the next run sees what came of it.
      if (!(error instanceof SegmentGoneError)) throw error;
    }
  }
  return { gaps, passages };
}

/** Whether a document has no vector. */
function rowTest(rows: Uint8Array | undefined, documents: number): (document: number) => boolean {
  if (!rows || documents === 0) return () => true;
  const dims = rows.length / documents;
  return (document) => {
    for (let at = document * dims; at < (document + 1) * dims; at++) if (rows[at] !== 0) return false;
    return true;
  };
}

function startsOf(blobDocs: readonly number[]): number[] {
  let next = 0;
  return [0, ...blobDocs.map((count) => (next += count))];
}

export interface GapTexts {
  /** Documents of the segment, each with its text. */
  readonly documents: readonly { readonly document: number; readonly text: string }[];
  /** Documents whose file no longer has the indexed bytes. */
  readonly changed: number;
}

/** Text from the working tree, where it still has the bytes that were indexed. @throws BlobGoneError */
export async function textsOf({ source, store }: VectorSource, gap: SegmentGap): Promise<GapTexts> {
  const outlines = await store.readOutlines(gap.blobs.map(({ blob }) => blob.id));
  const documents: { document: number; text: string }[] = [];
  let changed = 0;
  for (const [i, { blob, paths, from, missing }] of gap.blobs.entries()) {
    // Reading is synchronous: queries get their turns between files.
    await nextTurn();
    const bytes = readAs(source, paths, blob.hash);
    if (!bytes) {
      changed += missing.length;
      continue;
    }
    const outline = decodeOutline(outlines[i] as Uint8Array);
    const lines = splitLines(blankSecrets(decodeText(bytes)));
    for (const document of missing) {
      const chunk = outline.chunks[document - from];
      if (chunk) documents.push({ document, text: documentText(lines, blob.language, outline, chunk) });
    }
  }
  return { documents, changed };
}

function readAs(source: Source, paths: readonly FilePath[], hash: string): Uint8Array | undefined {
  for (const path of paths) {
    const read = source.includes(path) ? source.read(path) : undefined;
    if (read && contentHash(read.bytes) === hash) return read.bytes;
  }
  return undefined;
}

/** What a merge or `clear` in between throws; the next survey knows better. */
export const isGone = (error: unknown): boolean =>
  error instanceof SegmentGoneError || error instanceof BlobGoneError;
