/**
 * The vectors of one workspace: kept in step with the segments of its view, read from the store or made where they are
 * missing. Vectors of two models never meet: everything here is of the one model it was opened with.
 */
import type { ModelFile } from '../embedding/model-file.ts';
import { type EmbeddableSegment, embedSegment } from '../indexing/embed-segment.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import type { ViewSegment } from '../lexical/index-view.ts';
import type { ScanThreads } from '../ports/scan-threads.ts';
import { SegmentGoneError, type Store } from '../ports/store.ts';
import { createVectorSpace, type VectorSpace } from '../vectors/vector-space.ts';

export interface VectorParts {
  /** Help where an index is large. */
  readonly scanThreads?: ScanThreads | undefined;
  readonly store: Store;
  /** In another thread. */
  embed(segment: EmbeddableSegment, model: ModelFile): Promise<Uint8Array>;
}

export interface WorkspaceVectors {
  /** Chunks of the view without vectors, as of the last `current`. */
  readonly missing: number;
  /** Grows when segments of the view lack vectors, and when those come: queries then compare other chunks. */
  readonly changes: number;
  /** The vectors of the view as it stands, but for the missing; those are made in the background. */
  current(): Promise<VectorSpace>;
  /** Makes what is missing and stores it. */
  fill(signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Up to this many chunks are embedded before the query is answered (about 10 ms); more in the background. */
const INLINE_CHUNKS = 1_000;

interface VectorState {
  readonly store: Store;
  readonly file: ModelFile;
  readonly live: LiveIndex;
  readonly space: VectorSpace;
  /** Segments without vectors in the store. */
  readonly missing: Set<number>;
  changes: number;
}

export function openWorkspaceVectors(
  { store, embed, scanThreads }: VectorParts,
  file: ModelFile,
  live: LiveIndex,
): WorkspaceVectors {
  const { view } = live;
  let state: VectorState | undefined;
  let syncing: Promise<void> | undefined;
  let filling: Promise<void> | undefined;
  const controller = new AbortController();

  const current = async (): Promise<VectorState> => {
    // The weights are decoded when they are first needed: a query for a name needs none.
    const { dims } = file.model();
    state ??= {
      store,
      file,
      live,
      space: createVectorSpace({ dims, threads: scanThreads }),
      missing: new Set(),
      changes: 0,
    };
    if (isInStep(state)) return state;
    syncing ??= sync(state).finally(() => {
      syncing = undefined;
    });
    await syncing;
    return state;
  };

  const fillOnce = async (signal: AbortSignal | undefined) => {
    const known = await current();
    for (const segment of [...view.segments]) {
      if (!known.missing.has(segment.id) || controller.signal.aborted || signal?.aborted) continue;
      await unlessGone(async () => keep(known, segment, await embed(await embeddable(segment), file)));
    }
  };

  const fill = (signal?: AbortSignal): Promise<void> => {
    filling ??= fillOnce(signal).finally(() => {
      filling = undefined;
    });
    return filling;
  };

  return {
    get missing() {
      return view.segments.reduce((sum, { id, docs }) => sum + (state?.missing.has(id) ? docs.count : 0), 0);
    },
    get changes() {
      return state?.changes ?? 0;
    },
    fill,
    async current() {
      const { space, missing } = await current();
      if (missing.size > 0) void fill().catch(() => {});
      return space;
    },
    async close() {
      controller.abort();
      await Promise.allSettled([syncing, filling]);
    },
  };
}

function isInStep({ live, space, missing }: VectorState): boolean {
  const { segments } = live.view;
  return (
    segments.length === space.blocks().length + missing.size &&
    segments.every(({ id }) => space.has(id) || missing.has(id))
  );
}

/** After it, every segment of the view has its vectors or is among the missing. */
async function sync(state: VectorState): Promise<void> {
  const { live, space, missing } = state;
  for (const id of space.blocks()) if (!live.view.hasSegment(id)) space.dropBlock(id);
  for (const id of missing) if (!live.view.hasSegment(id)) missing.delete(id);
  for (const segment of [...live.view.segments]) {
    if (!space.has(segment.id) && !missing.has(segment.id)) await unlessGone(() => load(state, segment));
  }
}

async function load(state: VectorState, segment: ViewSegment): Promise<void> {
  const { live, store, file, missing } = state;
  const own = segment.id < 0 ? live.overlayVectors(segment.id) : undefined;
  if (own?.model === file.id) return add(state, segment, own.bytes);
  const stored = segment.id > 0 ? await store.readVectors(segment.id, file.id) : undefined;
  if (stored) return add(state, segment, stored);
  // Pages are moved to the other thread: those of the overlay are the only ones there are.
  if (segment.docs.count > INLINE_CHUNKS && segment.id > 0) {
    state.changes++;
    missing.add(segment.id);
  } else await keep(state, segment, embedSegment(await embeddable(segment), file.model()));
}

function add(state: VectorState, segment: ViewSegment, bytes: Uint8Array): void {
  const { live, space, file, missing } = state;
  // Dropped while its vectors were being read.
  if (!live.view.hasSegment(segment.id) || space.has(segment.id)) return;
  if (bytes.length !== segment.docs.count * file.model().dims)
    throw new RangeError(`segment ${segment.id} has vectors of other chunks`);
  if (missing.delete(segment.id)) state.changes++;
  space.addBlock(segment.id, new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length));
}

/** Segments of the overlay are not in the store yet; they bring their vectors when they are published. */
async function keep(state: VectorState, segment: ViewSegment, bytes: Uint8Array): Promise<void> {
  add(state, segment, bytes);
  if (segment.id > 0) await state.store.writeVectors(state.file.id, [{ segment: segment.id, bytes }]);
}

/** Merged meanwhile: the view will follow, and so will its vectors. */
export async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SegmentGoneError)) throw error;
  }
}

/** All that vectors are made of. */
export async function embeddable({ docs, pageTerms, readPages }: ViewSegment): Promise<EmbeddableSegment> {
  return { documents: docs.count, pages: await readPages([...pageTerms.keys()]) };
}
