/**
 * The rows that an embedder which is not built in has in the store, in memory beside the view: loaded when a query first
 * needs them, in step with its segments. Makes none: see `embedding.ts`.
 */
import type { LiveIndex } from '../indexing/live-index.ts';
import type { ViewSegment } from '../lexical/index-view.ts';
import type { SegmentId } from '../ports/store.ts';
import { createVectorSpace, type VectorSpace } from '../vectors/vector-space.ts';
import { unlessGone, type VectorParts } from './vectors.ts';

export interface EmbeddedRows {
  readonly dims: number;
  readonly space: VectorSpace;
  /** A few rows from all over, as they lie in the store: what is usual among them. */
  readonly sample: readonly Int8Array[];
}

export interface WorkspaceRows {
  /** undefined: there are none. Takes `dims` bytes a chunk. */
  current(): Promise<EmbeddedRows | undefined>;
}

/** Another process may embed: segments without rows are looked up again after this long. */
const LOOK_AGAIN_MS = 10_000;
const SAMPLED = 256;

interface Loaded {
  readonly dims: number;
  readonly space: VectorSpace;
  readonly samples: Map<SegmentId, Int8Array[]>;
}

/** `takeWritten`: segments whose rows were written since it was last asked. */
export function openWorkspaceRows(
  { store, scanThreads }: Pick<VectorParts, 'store' | 'scanThreads'>,
  { view }: LiveIndex,
  model: string,
  takeWritten: () => ReadonlySet<SegmentId>,
): WorkspaceRows {
  let loaded: Loaded | undefined;
  let loading: Promise<void> | undefined;
  /** Segments without rows, and when that was found. */
  const missing = new Map<SegmentId, number>();

  const drop = (id: SegmentId) => {
    missing.delete(id);
    loaded?.samples.delete(id);
    if (loaded?.space.has(id)) loaded.space.dropBlock(id);
  };
  const load = async (segment: ViewSegment) => {
    const bytes = await store.readVectors(segment.id, model);
    const { count } = segment.docs;
    const dims = bytes && count > 0 ? bytes.length / count : 0;
    if (dims > 0)
      loaded ??= { dims, space: createVectorSpace({ dims, threads: scanThreads }), samples: new Map() };
    // Rows of another number of dimensions are of a model that was exchanged: they are replaced before long.
    if (!bytes || !loaded || dims !== loaded.dims || !view.hasSegment(segment.id)) {
      missing.set(segment.id, performance.now());
      return;
    }
    const rows = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    missing.delete(segment.id);
    loaded.space.addBlock(segment.id, rows);
    loaded.samples.set(segment.id, sampleOf(rows, dims));
  };
  const sync = async () => {
    for (const id of takeWritten()) drop(id);
    const known = [...(loaded?.space.blocks() ?? []), ...missing.keys()];
    for (const id of known) if (!view.hasSegment(id)) drop(id);
    for (const segment of [...view.segments]) {
      // The overlay's segments get rows after they are published.
      if (segment.id < 0 || loaded?.space.has(segment.id)) continue;
      const seen = missing.get(segment.id);
      if (seen === undefined || performance.now() - seen > LOOK_AGAIN_MS)
        await unlessGone(() => load(segment));
    }
  };

  return {
    async current() {
      loading ??= sync().finally(() => {
        loading = undefined;
      });
      await loading;
      if (!loaded || loaded.space.blocks().length === 0) return undefined;
      const { dims, space, samples } = loaded;
      return { dims, space, sample: evenly([...samples.values()].flat(), SAMPLED) };
    },
  };
}

/** Copies: the rows themselves may be moved. */
function sampleOf(rows: Int8Array, dims: number): Int8Array[] {
  const documents = Array.from({ length: rows.length / dims }, (_, i) => i);
  return evenly(documents, SAMPLED)
    .map((i) => rows.slice(i * dims, (i + 1) * dims))
    .filter((row) => row.some((value) => value !== 0));
}

function evenly<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)] as T);
}
