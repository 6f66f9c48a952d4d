/**
 * Keeps the number of segments small: a query looks into each one. Tiered, as log-structured stores do: segments of
 * like size are merged when there are enough of them, so that each posting is rewritten O(log n) times.
 */
import { type MergeInput, mergeSegments } from '../lexical/merge-segments.ts';
import { decodeHeader } from '../lexical/segment-format.ts';
import { type BlobId, type SegmentId, SegmentGoneError, type Store, type WorkspaceId } from '../ports/store.ts';

/** Segments below this are merged as soon as there are `FAN_IN` of them; each tier is four times the one before. */
const SMALLEST_TIER_DOCS = 2_000;
const TIER_FACTOR = 4;
const FAN_IN = 4;
/** Larger segments stay: merging them would cost more than it saves, and must fit in memory. */
const MAX_MERGED_DOCS = 250_000;

interface Sized {
  readonly id: SegmentId;
  readonly docs: number;
}

/** Merges until no tier is full. Another process that merges first wins; this one then looks again. */
export async function mergeSmallSegments(store: Store, workspace: WorkspaceId): Promise<void> {
  for (;;) {
    try {
      const { segments } = await store.readManifest(workspace, await store.generation(workspace));
      const sized = await Promise.all(segments.map((id) => sizeOf(store, id)));
      const chosen = chooseMerge(sized);
      if (!chosen) return;
      await mergeInto(store, chosen);
    } catch (error) {
      if (!(error instanceof SegmentGoneError)) throw error;
    }
  }
}

async function sizeOf(store: Store, id: SegmentId): Promise<Sized> {
  return { id, docs: decodeHeader(await store.readSegmentHeader(id)).docs.count };
}

/** The segments of the lowest full tier, smallest first; undefined when none is full. */
export function chooseMerge(segments: readonly Sized[]): SegmentId[] | undefined {
  const tiers = new Map<number, Sized[]>();
  for (const segment of segments) {
    if (segment.docs > MAX_MERGED_DOCS) continue;
    const tier = Math.max(0, Math.ceil(Math.log(Math.max(1, segment.docs) / SMALLEST_TIER_DOCS) / Math.log(TIER_FACTOR)));
    const list = tiers.get(tier);
    if (list) list.push(segment);
    else tiers.set(tier, [segment]);
  }
  for (const tier of [...tiers.keys()].sort((a, b) => a - b)) {
    const members = tiers.get(tier) as Sized[];
    if (members.length >= FAN_IN) return members.sort((a, b) => a.docs - b.docs || a.id - b.id).map(({ id }) => id);
  }
  return undefined;
}

async function mergeInto(store: Store, from: readonly SegmentId[]): Promise<boolean> {
  const inputs: MergeInput[] = [];
  const records: Map<number, BlobId>[] = [];
  for (const id of from) {
    const header = await store.readSegmentHeader(id);
    const pageCount = decodeHeader(header).pageTerms.length;
    const pages = await store.readPages(id, Array.from({ length: pageCount }, (_, i) => i));
    const blobs = new Map((await store.readSegmentBlobs(id)).map((blob) => [blob.ordinal, blob.id]));
    const orphans = await store.orphans(id);
    const count = decodeHeader(header).docs.blobDocs.length;
    // An ordinal without a record is a blob that another segment holds.
    const without = new Set([...orphans, ...Array.from({ length: count }, (_, i) => i).filter((i) => !blobs.has(i))]);
    inputs.push({ segment: { header, pages }, without });
    records.push(blobs);
  }
  const { segment, blobs } = mergeSegments(inputs);
  return store.merge({
    from,
    header: segment.header,
    pages: segment.pages,
    blobs: blobs.map(({ input, ordinal }) => records[input]?.get(ordinal) as BlobId),
  });
}
