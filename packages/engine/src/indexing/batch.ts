/** Work on a batch of files, in a worker or in this thread: read, hash, and (for `derive`) parse, chunk and build a segment. */
import { hash } from 'node:crypto';
import { createSegmentBuilder } from '../lexical/segment-builder.ts';
import type { EncodedSegment } from '../lexical/segment-format.ts';
import { fileKindOf, fileTraitsOf } from '../model/file-kind.ts';
import type { ContentHash, FileKind, FilePath, FileStamp, FileTrait, LanguageId, SkippedFile } from '../model/file.ts';
import { decodeText, isGeneratedText, skipByContent } from '../model/skip-rules.ts';
import type { Source } from '../ports/source.ts';
import { loadLanguage } from '../syntax/parse-file.ts';
import { languageOf } from '../syntax/registry.ts';
import { deriveFile } from './derive-file.ts';

export interface BatchTask {
  /** `hash`: say what the files are; `derive`: also parse them and build a segment. */
  readonly type: 'hash' | 'derive';
  readonly paths: readonly FilePath[];
}

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
  /** In ordinal order of the segment; empty for `hash`. */
  readonly blobs: readonly DerivedBlob[];
  readonly segment: EncodedSegment | undefined;
  readonly chunks: number;
  readonly bytes: number;
  readonly parseErrors: number;
  readonly byLanguage: Readonly<Record<LanguageId, LanguageCount>>;
}

/** A stamp is proof only when the file was quiet for this long: clocks of file systems tick as coarsely as 2 s. */
const SETTLE_NS = 2_000_000_000n;

export const contentHash = (bytes: Uint8Array): ContentHash => hash('sha256', bytes, 'hex').slice(0, 32);

/** The stamp to remember: one that equals nothing if the file may still change within the clock's tick. */
export function settledStamp(stamp: FileStamp, nowNs: bigint): FileStamp {
  return nowNs - stamp.mtimeNs < SETTLE_NS || nowNs - stamp.ctimeNs < SETTLE_NS ? { ...stamp, ctimeNs: 0n } : stamp;
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.mtimeNs === b.mtimeNs && a.size === b.size && a.ctimeNs === b.ctimeNs && a.inode === b.inode;
}

export async function runBatch(source: Pick<Source, 'read'>, task: BatchTask): Promise<BatchResult> {
  const builder = createSegmentBuilder();
  const files: ReadFile[] = [];
  const skipped: SkippedFile[] = [];
  const gone: FilePath[] = [];
  const blobs: DerivedBlob[] = [];
  const seen = new Set<string>();
  const byLanguage: Record<LanguageId, LanguageCount> = {};
  let bytes = 0;
  let parseErrors = 0;
  for (const path of task.paths) {
    const read = source.read(path);
    if (!read) {
      gone.push(path);
      continue;
    }
    const kind = fileKindOf(path);
    const reason = skipByContent(read.bytes, kind);
    if (reason) {
      skipped.push({ path, reason });
      continue;
    }
    const text = decodeText(read.bytes);
    const language = languageOf(path, firstLine(text));
    const hash = contentHash(read.bytes);
    const traits = fileTraitsOf(path);
    files.push({
      path,
      hash,
      language,
      kind,
      traits: !traits.includes('generated') && isGeneratedText(text) ? [...traits, 'generated'] : traits,
      stamp: settledStamp(read.stamp, nowNs()),
    });
    bytes += read.bytes.length;
    if (task.type === 'hash' || seen.has(`${hash}${language}`)) continue;
    seen.add(`${hash}${language}`);
    await loadLanguage(language);
    const derived = deriveFile(text, language);
    builder.addBlob(derived.documents);
    blobs.push({ hash, language, outline: derived.outline });
    if (derived.errorCount > 0) parseErrors++;
    const count = (byLanguage[language] ??= { files: 0, bytes: 0, parseMs: 0 });
    count.files++;
    count.bytes += read.bytes.length;
    count.parseMs += derived.parseMs;
  }
  const segment = blobs.length > 0 ? builder.finish() : undefined;
  return { files, skipped, gone, blobs, segment, chunks: builder.docCount, bytes, parseErrors, byLanguage };
}

const nowNs = () => BigInt(Date.now()) * 1_000_000n;

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return text.slice(0, end < 0 ? 200 : Math.min(end, 200));
}
