/** Work on a batch of files, in a worker or in this thread: read, hash, and parse them into a segment or into facts. */
import { hash } from 'node:crypto';
import { createSegmentEmbedder } from '../embedding/segment-embedder.ts';
import type { StaticModel } from '../embedding/static-model.ts';
import { type ChunkDocument, createSegmentBuilder } from '../lexical/segment-builder.ts';
import type { EncodedSegment } from '../lexical/segment-format.ts';
import type {
  ContentHash,
  FileKind,
  FilePath,
  FileStamp,
  FileTrait,
  LanguageId,
  SkippedFile,
} from '../model/file.ts';
import { fileKindOf, fileTraitsOf } from '../model/file-kind.ts';
import { blankSecrets } from '../model/secrets.ts';
import { decodeText, isGeneratedText, skipByContent } from '../model/skip-rules.ts';
import type { Source } from '../ports/source.ts';
import type { SegmentVectors } from '../ports/store.ts';
import { loadLanguage } from '../syntax/parse-file.ts';
import { languageOf } from '../syntax/registry.ts';
import { deriveFacts } from './derive-facts.ts';
import { deriveFile } from './derive-file.ts';

export interface BatchTask {
  /** `hash`: say what the files are; `derive`: also parse them and build a segment; `facts`: also parse them and read their facts. */
  readonly type: 'hash' | 'derive' | 'facts';
  readonly paths: readonly FilePath[];
  /** One of the files may have ended a thread: run in a thread, however small the task. */
  readonly suspect?: boolean;
  /** Do not parse: keep the files findable by their lines. For files that no parser survives. */
  readonly asText?: boolean;
}

/** Hands out further paths for the same batch, so that threads stay equally busy; none when the batch is full. */
export type MorePaths = () => Promise<readonly FilePath[]>;

/** A file as it was when it was read. */
export interface ReadFile {
  readonly path: FilePath;
  readonly hash: ContentHash;
  readonly language: LanguageId;
  readonly stamp: FileStamp;
  readonly kind: FileKind;
  readonly traits: readonly FileTrait[];
}

export interface DerivedBlob {
  readonly hash: ContentHash;
  readonly language: LanguageId;
  readonly outline: Uint8Array;
}

/** What a content says of the flow of values, packed; no bytes: nothing. */
export interface DerivedFacts {
  readonly hash: ContentHash;
  readonly language: LanguageId;
  readonly bytes: Uint8Array;
}

export interface LanguageCount {
  files: number;
  bytes: number;
  parseMs: number;
}

export interface BatchResult {
  readonly files: readonly ReadFile[];
  readonly skipped: readonly SkippedFile[];
  /** Paths that were gone when they were read. */
  readonly gone: readonly FilePath[];
  /** In ordinal order of the segment; empty but for `derive`. */
  readonly blobs: readonly DerivedBlob[];
  /** Of each content; empty but for `facts`. */
  readonly facts: readonly DerivedFacts[];
  readonly segment: EncodedSegment | undefined;
  /** Of the segment's chunks, when a model was given. */
  readonly vectors?: SegmentVectors | undefined;
  readonly chunks: number;
  readonly bytes: number;
  readonly parseErrors: number;
  readonly byLanguage: Readonly<Record<LanguageId, LanguageCount>>;
}

/** Of a batch that was not waited for. */
export const NOTHING_READ: BatchResult = {
  files: [],
  skipped: [],
  gone: [],
  blobs: [],
  facts: [],
  segment: undefined,
  chunks: 0,
  bytes: 0,
  parseErrors: 0,
  byLanguage: {},
};

/** A stamp is proof only when the file was quiet for this long: clocks of file systems tick as coarsely as 2 s. */
const SETTLE_NS = 2_000_000_000n;

export const contentHash = (bytes: Uint8Array): ContentHash => hash('sha256', bytes, 'hex').slice(0, 32);

/** The stamp to remember: one that equals nothing if the file may still change within the clock's tick. */
export function settledStamp(stamp: FileStamp, nowNs: bigint): FileStamp {
  return nowNs - stamp.mtimeNs < SETTLE_NS || nowNs - stamp.ctimeNs < SETTLE_NS
    ? { ...stamp, ctimeNs: 0n }
    : stamp;
}

/** Whether `settledStamp` has let it stand. */
export const isSettled = (stamp: FileStamp): boolean => stamp.ctimeNs !== 0n;

/** For `SkippedFile.stamp`; undefined while the stamp is no proof. */
export function stampText(stamp: FileStamp): string | undefined {
  const { size, mtimeNs, ctimeNs, inode } = stamp;
  return !isSettled(stamp) ? undefined : [size, mtimeNs, ctimeNs, inode].join(' ');
}

export async function runBatch(
  source: Pick<Source, 'read'>,
  task: BatchTask,
  more: MorePaths = async () => [],
  model?: StaticModel,
): Promise<BatchResult> {
  const batch = emptyBatch();
  for (let paths = task.paths; paths.length > 0; ) {
    // Asked for ahead of time: the answer comes while this part is being parsed.
    const next = more();
    for (const path of paths) await addPath(batch, source, path, task);
    // A part at a time: file by file, the parser and the tables of words drive each other out of the processor's caches.
    for (const documents of batch.documents.splice(0)) batch.builder.addBlob(documents);
    paths = await next;
  }
  const { builder, seen: _, documents: __, ...result } = batch;
  const embedder = model && createSegmentEmbedder(model, builder.docCount);
  const segment = batch.blobs.length > 0 ? builder.finish(embedder?.add) : undefined;
  const rows = segment && embedder?.finish();
  return {
    ...result,
    segment,
    vectors: rows && model && { model: model.id, bytes: new Uint8Array(rows.buffer) },
    chunks: builder.docCount,
  };
}

function emptyBatch() {
  return {
    builder: createSegmentBuilder(),
    /** By blob, of the part at hand. */
    documents: [] as (readonly ChunkDocument[])[],
    /** Bytes and language of what was derived. */
    seen: new Set<string>(),
    files: [] as ReadFile[],
    skipped: [] as SkippedFile[],
    gone: [] as FilePath[],
    blobs: [] as DerivedBlob[],
    facts: [] as DerivedFacts[],
    byLanguage: {} as Record<LanguageId, LanguageCount>,
    bytes: 0,
    parseErrors: 0,
  };
}

async function addPath(
  batch: ReturnType<typeof emptyBatch>,
  source: Pick<Source, 'read'>,
  path: FilePath,
  { type, asText }: BatchTask,
): Promise<void> {
  const read = source.read(path);
  if (!read) {
    batch.gone.push(path);
    return;
  }
  const kind = fileKindOf(path);
  const reason = skipByContent(read.bytes, kind);
  const stamp = settledStamp(read.stamp, nowNs());
  if (reason) {
    const seen = stampText(stamp);
    batch.skipped.push(seen === undefined ? { path, reason } : { path, reason, stamp: seen });
    return;
  }
  const text = decodeText(read.bytes);
  const language = asText ? 'text' : languageOf(path, firstLine(text));
  const hash = contentHash(read.bytes);
  batch.files.push({ path, hash, language, kind, traits: traitsOf(path, text), stamp });
  batch.bytes += read.bytes.length;
  const name = `${hash}${language}`;
  if (type === 'hash' || batch.seen.has(name)) return;
  batch.seen.add(name);
  await loadLanguage(language);
  if (type === 'facts') {
    batch.facts.push({ hash, language, bytes: deriveFacts(blankSecrets(text), language) });
    return;
  }
  const derived = deriveFile(blankSecrets(text), language);
  batch.documents.push(derived.documents);
  batch.blobs.push({ hash, language, outline: derived.outline });
  if (derived.errorCount > 0 || asText) batch.parseErrors++;
  const count = (batch.byLanguage[language] ??= { files: 0, bytes: 0, parseMs: 0 });
  count.files++;
  count.bytes += read.bytes.length;
  count.parseMs += derived.parseMs;
}

/** A file says at its head that a tool made it; most do not even have the word. */
const GENERATED_WORD = /generated/i;

function traitsOf(path: FilePath, text: string): readonly FileTrait[] {
  const traits = fileTraitsOf(path);
  if (traits.includes('generated') || !GENERATED_WORD.test(text.slice(0, 8000))) return traits;
  return isGeneratedText(text) ? [...traits, 'generated'] : traits;
}

const nowNs = () => BigInt(Date.now()) * 1_000_000n;

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return text.slice(0, end < 0 ? 200 : Math.min(end, 200));
}
