/**
 * A workspace's view of the index: its files over shared immutable segments. Document frequencies and lengths
 * are those of the view's own files. Changing one file costs the same whatever the number of files.
 *
 * Numbers: a document (chunk) is `segment.docBase + local`, a slot (blob) is `segment.slotBase + ordinal`.
 * A slot is live when at least one file of the workspace has its bytes. Numbers of a dropped segment are given to
 * others: who keeps one while the view may change must keep its segment, too.
 */
import type { ContentHash, FileKind, FilePath, FileStamp, FileTrait, LanguageId } from '../model/file.ts';
import { FIELD_COUNT } from './fields.ts';
import { createPathIndex, type PathIndex } from './path-index.ts';
import { type DocTable, decodeHeader } from './segment-header.ts';

export interface FileRecord {
  /** Stable for a path while the view lives; also the file's number in the path index. */
  readonly id: number;
  readonly path: FilePath;
  readonly hash: ContentHash;
  readonly language: LanguageId;
  readonly kind: FileKind;
  readonly traits: readonly FileTrait[];
  readonly stamp: FileStamp;
  readonly slot: number;
}

export interface NewFile extends Omit<FileRecord, 'id' | 'slot'> {
  readonly segment: number;
  readonly ordinal: number;
}

export interface ViewSegment {
  readonly id: number;
  readonly docs: DocTable;
  readonly pageTerms: readonly string[];
  readonly docBase: number;
  readonly slotBase: number;
  /** Ordinal of each document's blob. */
  readonly blobOf: Int32Array;
  /** First document of each blob, and the end of the last. */
  readonly firstDoc: Int32Array;
  liveSlots: number;
  readonly readPages: (pages: readonly number[]) => Promise<readonly Uint8Array[]>;
}

export interface IndexView {
  /** By ascending numbers. Changes in place: copy before waiting. */
  readonly segments: readonly ViewSegment[];
  readonly paths: PathIndex;
  /** Upper bounds of document and slot numbers: sizes of score arrays. */
  readonly docLimit: number;
  readonly slotLimit: number;
  readonly liveDocs: number;
  readonly fileCount: number;
  /** Sum of field lengths over live documents. */
  readonly fieldTotals: Float64Array;
  addSegment(id: number, header: Uint8Array, readPages: ViewSegment['readPages']): void;
  dropSegment(id: number): void;
  hasSegment(id: number): boolean;
  setFile(file: NewFile): void;
  removeFile(path: FilePath): void;
  file(path: FilePath): FileRecord | undefined;
  fileById(id: number): FileRecord | undefined;
  files(): Iterable<FileRecord>;
  /** Id of the first live file of a slot, -1 when the slot is dead. */
  fileOfSlot(slot: number): number;
  /** Whether several files have the bytes of the slot. */
  isCopied(slot: number): boolean;
  /** All files of a slot, in the order they came. */
  filesOfSlot(slot: number): readonly number[];
  segmentOfDoc(doc: number): ViewSegment;
  segmentOfSlot(slot: number): ViewSegment;
}

export function createIndexView(): IndexView {
  const segments: ViewSegment[] = [];
  const byId = new Map<number, ViewSegment>();
  const files: (FileRecord | undefined)[] = [];
  const idOfPath = new Map<FilePath, number>();
  const copies = new Map<number, number[]>();
  const fieldTotals = new Float64Array(FIELD_COUNT);
  const paths = createPathIndex();
  let firstFile = new Int32Array(1024).fill(-1);
  let docLimit = 0;
  let slotLimit = 0;
  let liveDocs = 0;
  let fileCount = 0;

  const segmentBelow = (base: 'docBase' | 'slotBase', number: number): ViewSegment => {
    let low = 0;
    let high = segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((segments[middle] as ViewSegment)[base] <= number) low = middle + 1;
      else high = middle;
    }
    const found = segments[low - 1];
    if (!found) throw new RangeError(`no segment holds ${base} ${number}`);
    return found;
  };

  const count = (slot: number, sign: 1 | -1) => {
    const segment = segmentBelow('slotBase', slot);
    const ordinal = slot - segment.slotBase;
    const { lengths, count: n } = segment.docs;
    const from = segment.firstDoc[ordinal] as number;
    const to = segment.firstDoc[ordinal + 1] as number;
    for (let field = 0; field < FIELD_COUNT; field++) {
      let sum = 0;
      for (let doc = from; doc < to; doc++) sum += lengths[field * n + doc] as number;
      fieldTotals[field] = (fieldTotals[field] as number) + sign * sum;
    }
    segment.liveSlots += sign;
    liveDocs += sign * (to - from);
  };

  const attach = (slot: number, file: number) => {
    if (firstFile[slot] === -1) {
      firstFile[slot] = file;
      count(slot, 1);
      return;
    }
    const list = copies.get(slot);
    if (list) list.push(file);
    else copies.set(slot, [firstFile[slot] as number, file]);
  };

  const detach = (slot: number, file: number) => {
    const rest = copies.get(slot)?.filter((other) => other !== file);
    if (rest === undefined) {
      firstFile[slot] = -1;
      count(slot, -1);
      return;
    }
    firstFile[slot] = rest[0] as number;
    if (rest.length === 1) copies.delete(slot);
    else copies.set(slot, rest);
  };

  const removeFile = (path: FilePath) => {
    const id = idOfPath.get(path);
    const file = id === undefined ? undefined : files[id];
    if (!file) return;
    files[file.id] = undefined;
    idOfPath.delete(path);
    paths.remove(file.id);
    fileCount--;
    detach(file.slot, file.id);
  };

  return {
    segments,
    paths,
    fieldTotals,
    get docLimit() {
      return docLimit;
    },
    get slotLimit() {
      return slotLimit;
    },
    get liveDocs() {
      return liveDocs;
    },
    get fileCount() {
      return fileCount;
    },
    addSegment(id, header, readPages) {
      if (byId.has(id)) throw new RangeError(`segment ${id} is in the view`);
      const { docs, pageTerms } = decodeHeader(header);
      const { at, docBase, slotBase } = findGap(segments, docs.count, docs.blobDocs.length);
      const segment = {
        id,
        docs,
        pageTerms,
        docBase,
        slotBase,
        ...blobColumns(docs),
        liveSlots: 0,
        readPages,
      };
      segments.splice(at, 0, segment);
      byId.set(id, segment);
      ({ docLimit, slotLimit } = limitsOf(segments));
      if (slotLimit > firstFile.length) {
        const grown = new Int32Array(Math.max(slotLimit, firstFile.length * 2)).fill(-1);
        grown.set(firstFile);
        firstFile = grown;
      }
    },
    dropSegment(id) {
      const segment = byId.get(id);
      if (!segment) return;
      if (segment.liveSlots > 0) throw new Error(`segment ${id} still has ${segment.liveSlots} live blobs`);
      byId.delete(id);
      segments.splice(segments.indexOf(segment), 1);
      ({ docLimit, slotLimit } = limitsOf(segments));
    },
    hasSegment: (id) => byId.has(id),
    setFile(file) {
      const { segment: segmentId, ordinal, path } = file;
      const segment = byId.get(segmentId);
      if (!segment) throw new RangeError(`no segment ${segmentId}`);
      if (!(ordinal >= 0 && ordinal < segment.docs.blobDocs.length))
        throw new RangeError(`segment ${segmentId} has no blob ${ordinal}`);
      const slot = segment.slotBase + ordinal;
      const known = idOfPath.get(path);
      if (known !== undefined) {
        const before = files[known] as FileRecord;
        files[known] = recordOf(file, known, slot);
        if (before.slot === slot) return;
        attach(slot, known);
        detach(before.slot, known);
        return;
      }
      const id = files.length;
      files.push(recordOf(file, id, slot));
      idOfPath.set(path, id);
      paths.add(id, path);
      fileCount++;
      attach(slot, id);
    },
    removeFile,
    file: (path) => {
      const id = idOfPath.get(path);
      return id === undefined ? undefined : files[id];
    },
    fileById: (id) => files[id],
    *files() {
      for (const file of files) if (file) yield file;
    },
    fileOfSlot: (slot) => firstFile[slot] as number,
    isCopied: (slot) => copies.has(slot),
    filesOfSlot: (slot) => copies.get(slot) ?? (firstFile[slot] === -1 ? [] : [firstFile[slot] as number]),
    segmentOfDoc: (doc) => segmentBelow('docBase', doc),
    segmentOfSlot: (slot) => segmentBelow('slotBase', slot),
  };
}

/** Written out: to copy all other fields takes five times as long, for each file of a workspace that is opened. */
function recordOf(
  { path, hash, language, kind, traits, stamp }: NewFile,
  id: number,
  slot: number,
): FileRecord {
  return { id, path, hash, language, kind, traits, stamp, slot };
}

/**
 * The first numbers that fit between segments: merges drop as many documents as they add, and a view that lives
 * for days must not grow with their number.
 */
function findGap(
  segments: readonly ViewSegment[],
  docs: number,
  slots: number,
): { at: number; docBase: number; slotBase: number } {
  let docBase = 0;
  let slotBase = 0;
  let at = 0;
  for (; at < segments.length; at++) {
    const next = segments[at] as ViewSegment;
    // A segment without documents would share its number with the next one, and searches by number would miss one.
    if (docBase + Math.max(1, docs) <= next.docBase && slotBase + Math.max(1, slots) <= next.slotBase) break;
    ({ docLimit: docBase, slotLimit: slotBase } = endOf(next));
  }
  return { at, docBase, slotBase };
}

/** An empty segment takes one number, so that no two segments begin with the same. */
const endOf = ({ docBase, slotBase, docs }: ViewSegment) => ({
  docLimit: docBase + Math.max(1, docs.count),
  slotLimit: slotBase + Math.max(1, docs.blobDocs.length),
});

function limitsOf(segments: readonly ViewSegment[]): { docLimit: number; slotLimit: number } {
  const last = segments.at(-1);
  return last ? endOf(last) : { docLimit: 0, slotLimit: 0 };
}

function blobColumns(docs: DocTable): { blobOf: Int32Array; firstDoc: Int32Array } {
  const blobOf = new Int32Array(docs.count);
  const firstDoc = new Int32Array(docs.blobDocs.length + 1);
  let doc = 0;
  docs.blobDocs.forEach((count, ordinal) => {
    firstDoc[ordinal] = doc;
    blobOf.fill(ordinal, doc, doc + count);
    doc += count;
  });
  firstDoc[docs.blobDocs.length] = doc;
  return { blobOf, firstDoc };
}
