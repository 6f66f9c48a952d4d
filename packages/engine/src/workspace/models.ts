/**
 * Which model speaks in one workspace, and its vectors: the shipped one until the repository's own is ready. The change is
 * made between two queries, when all vectors of the new one are there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ModelFile, openModel } from '../embedding/model-file.ts';
import { isStaticModel } from '../embedding/model-format.ts';
import type { Adaptation } from '../indexing/adapt-to-repository.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import type { CodeSource } from '../indexing/own-pairs.ts';
import { untilAborted } from '../indexing/until-aborted.ts';
import type { CommitIndex } from '../lexical/commit-index.ts';
import type { FileRecord, IndexView, ViewSegment } from '../lexical/index-view.ts';
import type { FilePath } from '../model/file.ts';
import type { EmbedderStatus } from '../model/search.ts';
import type { Store } from '../ports/store.ts';
import type { MeaningIndex } from '../query/meaning.ts';
import { createMeaning } from './meaning.ts';
import { embeddable, openWorkspaceVectors, type VectorParts, type WorkspaceVectors } from './vectors.ts';

/** The model that speaks now: read by whoever derives files, changed by adaptation. */
export interface ModelChoice {
  /** The shipped model, or undefined: meaning is switched off. */
  readonly base: ModelFile | undefined;
  current: ModelFile | undefined;
  /** Whether the repository may teach a model of its own. */
  readonly adapts: boolean;
}

export interface ModelParts extends VectorParts {
  readonly models: ModelChoice;
  /** In another thread; undefined when there is too little to learn from. */
  adapt(adaptation: Adaptation, base: ModelFile, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Marks this process as the one that teaches; undefined while another one does. Ends with the process. */
  takeLearningTurn(): { release(): void } | undefined;
}

export interface WorkspaceModels {
  readonly meaning: MeaningIndex;
  /** Another one: the same query may be compared by another model, or with other chunks. */
  version(): string;
  /** Which model speaks, and how many chunks it does not know. */
  speaks(): { readonly model: string | undefined; readonly missing: number };
  /** undefined: meaning is switched off. */
  status(): EmbedderStatus | undefined;
  /** Makes vectors that are missing. */
  fill(signal?: AbortSignal): Promise<void>;
  /** Teaches the model this repository, unless that was done and little has changed since. True: another model speaks now. */
  adapt(commits: CommitIndex | undefined, signal?: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

/** Fewer chunks teach nothing that the shipped model does not know. */
const MIN_CHUNKS = 200;
/** An adapted model stands until the number of chunks has changed by this share. */
const STALE_SHARE = 0.3;
const TURN_POLL_MS = 500;

interface Speaker {
  readonly file: ModelFile;
  readonly vectors: WorkspaceVectors;
  readonly meaning: MeaningIndex;
}

export function openWorkspaceModels(parts: ModelParts, live: LiveIndex): WorkspaceModels {
  const { models, store } = parts;
  const { view } = live;
  const speakerOf = (file: ModelFile): Speaker => {
    const vectors = openWorkspaceVectors(parts, file, live);
    return { file, vectors, meaning: createMeaning(file, vectors, view, file.id !== models.base?.id) };
  };
  let speaker = models.current && speakerOf(models.current);
  let adapting: Promise<boolean> | undefined;
  const closing = new AbortController();

  const speak = async (next: Speaker) => {
    const before = speaker;
    speaker = next;
    models.current = next.file;
    await before?.vectors.close();
  };

  /** What was learned already, here or by another process. Undefined: nobody has, or too much has changed since. */
  const adopt = async (base: ModelFile, signal: AbortSignal): Promise<boolean | undefined> => {
    if (!(await isAdapted(store, base, view.liveDocs))) return undefined;
    const file = await currentModel(store, base);
    if (file.id === models.current?.id) return false;
    const next = speakerOf(file);
    await untilAborted(next.vectors.fill(signal), signal, undefined);
    if (!signal.aborted) await speak(next);
    return !signal.aborted;
  };

  const teach = async (base: ModelFile, commits: CommitIndex | undefined, signal: AbortSignal) => {
    const adaptation = await adaptationOf(view, commits);
    const bytes = await untilAborted(parts.adapt(adaptation, base, signal), signal, undefined);
    if (!bytes || signal.aborted) return false;
    const next = speakerOf(openModel(bytes));
    await untilAborted(next.vectors.fill(signal), signal, undefined);
    if (signal.aborted) return false;
    await store.writeAsset(assetName(base), bytes);
    await store.writeAsset(chunksName(base), new TextEncoder().encode(String(view.liveDocs)));
    await speak(next);
    await forgetOthers(store, view, next.file.id);
    return true;
  };

  /** Of several processes that find nothing learned, one teaches and the others take what it has learned. */
  const adaptOnce = async (commits: CommitIndex | undefined, signal: AbortSignal) => {
    const { base } = models;
    if (!base || !models.adapts) return false;
    for (;;) {
      const adopted = await adopt(base, signal);
      if (adopted !== undefined || signal.aborted) return adopted ?? false;
      const turn = parts.takeLearningTurn();
      try {
        // Another process may have ended between the look and the turn.
        if (turn) return (await adopt(base, signal)) ?? (await teach(base, commits, signal));
      } finally {
        turn?.release();
      }
      await untilAborted(sleep(TURN_POLL_MS, undefined, { ref: false }), signal, undefined);
    }
  };

  return {
    meaning: {
      enabled: speaker !== undefined,
      meaningOf: async (plan) => speaker?.meaning.meaningOf(plan),
    },
    ...spoken(() => speaker),
    status: () => speaker && statusOf(speaker, models.base),
    fill: async (signal) => speaker?.vectors.fill(signal),
    adapt(commits, signal) {
      const ended = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal;
      adapting ??= adaptOnce(commits, ended).finally(() => {
        adapting = undefined;
      });
      return adapting;
    },
    async close() {
      closing.abort();
      await speaker?.vectors.close();
      await adapting?.catch(() => {});
    },
  };
}

const spoken = (speaker: () => Speaker | undefined): Pick<WorkspaceModels, 'version' | 'speaks'> => ({
  version() {
    const { file, vectors } = speaker() ?? {};
    return file && vectors ? `${file.id} ${vectors.changes}` : '';
  },
  speaks: () => ({ model: speaker()?.file.id, missing: speaker()?.vectors.missing ?? 0 }),
});

function statusOf({ file, vectors }: Speaker, base: ModelFile | undefined): EmbedderStatus {
  const name = file.id === base?.id ? 'builtin' : 'builtin, taught by this repository';
  return { name, model: file.id, remote: false, missing: vectors.missing, running: false };
}

/** Rows of the models before, also of one that another process taught meanwhile. Those of other embedders were paid for. */
async function forgetOthers(store: Store, view: IndexView, speaks: string): Promise<void> {
  const models = new Set<string>();
  for (const { id } of [...view.segments])
    for (const model of await store.vectorModels(id)) models.add(model);
  for (const model of models) if (isStaticModel(model) && model !== speaks) await store.forgetVectors(model);
}

/** By the shipped model it was taught from: another release begins anew. */
const assetName = ({ id }: ModelFile) => `model:${id}`;
const chunksName = ({ id }: ModelFile) => `model-chunks:${id}`;

/** The repository's own model, if there is one; the shipped one otherwise. */
export async function currentModel(store: Store, base: ModelFile): Promise<ModelFile> {
  const bytes = await store.readAsset(assetName(base));
  if (!bytes || bytes.length === 0) return base;
  try {
    return openModel(bytes);
  } catch {
    // Of a format that this version does not read: taught again when there is time.
    return base;
  }
}

async function isAdapted(store: Store, base: ModelFile, chunks: number): Promise<boolean> {
  if (chunks < MIN_CHUNKS) return true;
  const text = new TextDecoder().decode((await store.readAsset(chunksName(base))) ?? new Uint8Array());
  return text !== '' && Math.abs(chunks - Number(text)) <= Number(text) * STALE_SHARE;
}

async function adaptationOf(view: IndexView, commits: CommitIndex | undefined): Promise<Adaptation> {
  // Paths of all segments before the first wait: an edit meanwhile would move a file from one to another.
  const segments = view.segments.map((segment) => ({ segment, paths: pathsOfDocs(view, segment) }));
  const code: CodeSource[] = [];
  for (const { segment, paths } of segments) {
    const { documents, pages } = await embeddable(segment);
    // Pages are moved to the thread, and those of the overlay are the only ones there are.
    code.push({ documents, pages: segment.id < 0 ? pages.map((page) => page.slice()) : pages, paths });
  }
  const past = commits?.commits.map(({ hash, paths }) => ({ hash, paths }));
  return { code, commits: commits && past && { ...commits.messages, commits: past } };
}

function pathsOfDocs(view: IndexView, { docs, blobOf, slotBase }: ViewSegment): (FilePath | undefined)[] {
  const pathOfBlob = docs.blobDocs.map((_, ordinal) => pathOf(view, slotBase + ordinal));
  return Array.from(blobOf, (ordinal) => pathOfBlob[ordinal]);
}

/** Of the files with the bytes of a slot, the first by name: the order in which they came depends on threads. */
function pathOf(view: IndexView, slot: number): FilePath | undefined {
  return view
    .filesOfSlot(slot)
    .map((id) => view.fileById(id))
    .filter((file) => file?.kind === 'code' || file?.kind === 'test')
    .map((file) => (file as FileRecord).path)
    .sort()[0];
}
