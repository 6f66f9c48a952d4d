/** Entry of an indexing thread: a composition root of its own, since ports do not cross threads. */
import { parentPort, workerData } from 'node:worker_threads';
import { openDiskSource } from './adapters/sources/disk-source.ts';
import { type ModelFile, openModel } from './embedding/model-file.ts';
import { resolvePacked } from './graph/resolve-packed.ts';
import { encodeOwnPairs, learn } from './indexing/adapt-to-repository.ts';
import { runBatch } from './indexing/batch.ts';
import { embedSegment } from './indexing/embed-segment.ts';
import {
  countReads,
  type ModelMessage,
  movable,
  type WorkerReply,
  type WorkerRequest,
  type WorkerStart,
} from './indexing/worker-pool.ts';
import { mergeSegments } from './lexical/merge-segments.ts';
import type { FilePath } from './model/file.ts';
import type { Source } from './ports/source.ts';

const sources = new Map<string, Pick<Source, 'read'>>();
/** Tasks that wait for more paths. */
const asking = new Map<number, (paths: readonly FilePath[]) => void>();

function sourceOf(root: string): Pick<Source, 'read'> {
  let source = sources.get(root);
  if (!source) sources.set(root, (source = countReads(openDiskSource(root), workerData as WorkerStart)));
  return source;
}

let lastModel: ModelFile | undefined;

function modelOf(message: ModelMessage): ModelFile {
  if (message.bytes) lastModel = openModel(message.bytes);
  if (lastModel?.id !== message.id) throw new Error(`the thread was not told of model ${message.id}`);
  return lastModel;
}

function ask(id: number): Promise<readonly FilePath[]> {
  return new Promise((resolve) => {
    asking.set(id, resolve);
    reply({ id, wants: true });
  });
}

parentPort?.on('message', (request: WorkerRequest) => {
  const { id } = request;
  if ('paths' in request) {
    asking.get(id)?.(request.paths);
    asking.delete(id);
    return;
  }
  work(request).then(reply, (error: unknown) =>
    reply({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});

async function work(request: Exclude<WorkerRequest, { paths: unknown }>): Promise<WorkerReply> {
  const { id } = request;
  if ('merge' in request) return { id, merged: mergeSegments(request.merge) };
  if ('graph' in request) return { id, graph: resolvePacked(request.graph) };
  if ('embed' in request) return { id, vectors: embedSegment(request.embed, modelOf(request.model).model()) };
  if ('pairs' in request) return { id, pairs: encodeOwnPairs(request.pairs) };
  if ('learn' in request) return { id, learned: await learn(request.learn, modelOf(request.model)) };
  const model = request.model && modelOf(request.model).model();
  const more = request.asksMore ? () => ask(id) : undefined;
  return { id, result: await runBatch(sourceOf(request.root), request.task, more, model) };
}

/** Pages, outlines and facts are moved, not copied. */
function reply(message: WorkerReply): void {
  const segment = message.result?.segment ?? message.merged?.segment;
  const arrays = [
    ...(message.result?.blobs ?? []).map(({ outline }) => outline),
    ...(message.result?.facts ?? []).map(({ bytes }) => bytes),
    ...(segment ? [segment.header, ...segment.pages] : []),
    ...[message.vectors, message.pairs, message.learned, message.result?.vectors?.bytes].filter(
      (bytes) => bytes !== undefined,
    ),
  ];
  parentPort?.postMessage(message, [...movable(arrays), ...columnsOf(message.graph)]);
}

function columnsOf(graph: WorkerReply['graph']): ArrayBuffer[] {
  if (!graph) return [];
  const { symbols, edges, unresolved } = graph;
  return [symbols, edges, unresolved].flatMap((table) =>
    Object.values(table).map(({ buffer }) => buffer as ArrayBuffer),
  );
}
