/**
 * Keeps the number of segments small: a query looks into each one. Tiered, as log-structured stores do: segments of
 * like size are merged when there are enough of them, so that each posting is rewritten O(log n) times.
 */
import { type MergeInput, type MergeOutput, mergeSegments } from '../lexical/merge-segments.ts';
import { decodeHeader } from '../lexical/segment-header.ts';
import {
  type BlobId,
  SegmentGoneError,
  type SegmentId,
  type Store,
  type WorkspaceId,
} from '../ports/store.ts';

/** Upper bound of the lowest tier in documents; each tier's is `TIER_FACTOR` times the one before. */
const SMALLEST_TIER_DOCS = 64;
const TIER_FACTOR = 6;
/** A tier with this many segments is merged. */
const FAN_IN = 4;
/** No merge makes more documents than this: it would cost more than it saves, and must fit in memory. */
const MAX_MERGED_DOCS = 300_000;

/** Merges segments in another thread. */
export type RunMerge = (inputs: readonly MergeInput[]) => Promise<MergeOutput>;

/** Up to this size, starting a thread costs more than the merge. */
const INLINE_DOCS = 4_000;

export interface Sized {
  readonly id: SegmentId;
  readonly docs: number;
  /** Documents of blobs that no manifest names; known to be at least this many. */
  readonly dead: number;
}

/** A segment with a larger share of documents that nobody wants is rewritten by itself. */
const MAX_DEAD_SHARE = 0.5;

export interface MergeOptions {
  readonly runMerge?: RunMerge;
  /** Look for dead documents in large segments, too: that takes a look-up per file. For the end of a build. */
  readonly thorough?: boolean;
}

/** Merges move the tiers up: far fewer are needed even for the largest store. */
const MAX_MERGES = 1_000;

/**
 * Merges until no tier is full and no segment is mostly dead. Another process that merges first wins; this one then looks
 * again.
 */
export async function mergeSmallSegments(
  store: Store,
  workspace: WorkspaceId,
  options: MergeOptions = {},
): Promise<void> {
  const { runMerge = async (inputs) => mergeSegments(inputs), thorough = false } = options;
  for (let merges = 0; merges < MAX_MERGES; merges++) {
    try {
      const { segments } = await store.readManifest(workspace, await store.generation(workspace));
      const sized: Sized[] = [];
      for (const id of segments) sized.push(await sizeOf(store, id, thorough));
      const chosen = chooseMerge(sized);
      if (!chosen) return;
      await mergeInto(store, chosen, runMerge);
    } catch (error) {
      if (!(error instanceof SegmentGoneError)) throw error;
    }
  }
}

/** Documents per blob. Segments never change, and their ids are never used again. */
const shapes = new WeakMap<Store, Map<SegmentId, readonly number[]>>();

async function shapeOf(store: Store, id: SegmentId): Promise<readonly number[]> {
  const known = shapes.get(store) ?? new Map<SegmentId, readonly number[]>();
  shapes.set(store, known);
  let blobDocs = known.get(id);
  if (!blobDocs) known.set(id, (blobDocs = decodeHeader(await store.readSegmentHeader(id)).docs.blobDocs));
  return blobDocs;
}

async function sizeOf(store: Store, id: SegmentId, thorough: boolean): Promise<Sized> {
  const blobDocs = await shapeOf(store, id);
  const docs = blobDocs.reduce((sum, count) => sum + count, 0);
  if (!thorough && docs > INLINE_DOCS) return { id, docs, dead: 0 };
  const dead = (await store.orphans(id)).reduce((sum, ordinal) => sum + (blobDocs[ordinal] ?? 0), 0);
  return { id, docs, dead };
}

/**
 * A segment that is mostly dead, or those of the lowest full tier, smallest first, as many as fit into one; undefined when
 * there is nothing to do.
 */
export function chooseMerge(segments: readonly Sized[]): SegmentId[] | undefined {
  const mostlyDead = segments.find(({ docs, dead }) => dead > docs * MAX_DEAD_SHARE);
  if (mostlyDead) return [mostlyDead.id];
  const tiers = new Map<number, Sized[]>();
  for (const segment of segments) {
    const tier = tierOf(liveDocs(segment));
    const list = tiers.get(tier);
    if (list) list.push(segment);
    else tiers.set(tier, [segment]);
  }
  for (const tier of [...tiers.keys()].sort((a, b) => a - b)) {
    const members = (tiers.get(tier) as Sized[]).sort((a, b) => liveDocs(a) - liveDocs(b) || a.id - b.id);
    if (members.length < FAN_IN) continue;
    let docs = 0;
    const chosen = members.filter((member) => (docs += liveDocs(member)) <= MAX_MERGED_DOCS);
    // Two that fill a segment are better left alone.
    if (chosen.length >= FAN_IN) return chosen.map(({ id }) => id);
  }
  return undefined;
}

const liveDocs = ({ docs, dead }: Sized): number => docs - dead;
const tierOf = (docs: number): number =>
  Math.max(0, Math.ceil(Math.log(Math.max(1, docs) / SMALLEST_TIER_DOCS) / Math.log(TIER_FACTOR)));

async function mergeInto(store: Store, from: readonly SegmentId[], runMerge: RunMerge): Promise<boolean> {
  const inputs: MergeInput[] = [];
  const records: Map<number, BlobId>[] = [];
  let docs = 0;
  for (const id of from) {
    const header = await store.readSegmentHeader(id);
    const decoded = decodeHeader(header);
    const pageCount = decoded.pageTerms.length;
    docs += decoded.docs.count;
    const pages = await store.readPages(
      id,
      Array.from({ length: pageCount }, (_, i) => i),
    );
    const blobs = new Map((await store.readSegmentBlobs(id)).map((blob) => [blob.ordinal, blob.id]));
    const orphans = await store.orphans(id);
    const count = decoded.docs.blobDocs.length;
    // An ordinal without a record is a blob that another segment holds.
    const without = new Set([
      ...orphans,
      ...Array.from({ length: count }, (_, i) => i).filter((i) => !blobs.has(i)),
    ]);
    inputs.push({ segment: { header, pages }, without });
    records.push(blobs);
  }
  const vectors = await commonVectors(store, from);
  const shapes = inputs.map(({ segment }) => decodeHeader(segment.header).docs.blobDocs);
  const { segment, blobs } = docs <= INLINE_DOCS ? mergeSegments(inputs) : await runMerge(inputs);
  return store.merge({
    from,
    header: segment.header,
    pages: segment.pages,
    vectors: vectors.map(({ model, rows }) => ({ model, bytes: mergeRows(rows, shapes, blobs) })),
    blobs: blobs.map(({ input, ordinal }) => records[input]?.get(ordinal) as BlobId),
  });
}

interface CommonVectors {
  readonly model: string;
  /** By input. */
  readonly rows: readonly Uint8Array[];
}

/** Vectors of the models that have some of every segment: those of others are made anew. */
async function commonVectors(store: Store, segments: readonly SegmentId[]): Promise<CommonVectors[]> {
  const models = await Promise.all(segments.map((id) => store.vectorModels(id)));
  const common = (models[0] ?? []).filter((model) => models.every((others) => others.includes(model)));
  const found: CommonVectors[] = [];
  for (const model of common) {
    const rows: Uint8Array[] = [];
    for (const id of segments) rows.push((await store.readVectors(id, model)) ?? new Uint8Array());
    found.push({ model, rows });
  }
  return found;
}

/** Rows of the merged segment's blobs, in their order. `shapes`: documents per blob of each input. */
function mergeRows(
  rows: readonly Uint8Array[],
  shapes: readonly (readonly number[])[],
  blobs: MergeOutput['blobs'],
): Uint8Array {
  const starts = shapes.map(startsOf);
  const rowBytes = rows.reduce((found, bytes, i) => found || bytes.length / (starts[i]?.at(-1) || 1), 0);
  const spans = blobs.map(({ input, ordinal }) => {
    const [from = 0, to = 0] = starts[input]?.slice(ordinal, ordinal + 2) ?? [];
    return { input, from: from * rowBytes, to: to * rowBytes };
  });
  const merged = new Uint8Array(spans.reduce((sum, { from, to }) => sum + to - from, 0));
  let at = 0;
  for (const { input, from, to } of spans) {
    merged.set((rows[input] as Uint8Array).subarray(from, to), at);
    at += to - from;
  }
  return merged;
}

/** First document of each blob, and the end of the last. */
function startsOf(blobDocs: readonly number[]): number[] {
  let next = 0;
  return [0, ...blobDocs.map((count) => (next += count))];
}
