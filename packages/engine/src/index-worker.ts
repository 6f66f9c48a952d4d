/** Entry of an indexing thread: a composition root of its own, since ports do not cross threads. */
import { parentPort } from 'node:worker_threads';
import { openDiskSource } from './adapters/sources/disk-source.ts';
import { runBatch } from './indexing/batch.ts';
import type { WorkerReply, WorkerRequest } from './indexing/worker-pool.ts';
import type { Source } from './ports/source.ts';

const sources = new Map<string, Source>();

function sourceOf(root: string): Source {
  let source = sources.get(root);
  if (!source) sources.set(root, (source = openDiskSource(root)));
  return source;
}

parentPort?.on('message', (request: WorkerRequest) => {
  runBatch(sourceOf(request.root), request.task).then(
    (result) => reply({ id: request.id, result }, result),
    (error: unknown) => reply({ id: request.id, error: error instanceof Error ? error.message : String(error) }),
  );
});

/** Pages and outlines are moved, not copied. */
function reply(message: WorkerReply, result?: WorkerReply['result']): void {
  const buffers = new Set<ArrayBuffer>();
  const add = (bytes: Uint8Array) => buffers.add(bytes.buffer as ArrayBuffer);
  for (const blob of result?.blobs ?? []) add(blob.outline);
  if (result?.segment) {
    add(result.segment.header);
    for (const page of result.segment.pages) add(page);
  }
  parentPort?.postMessage(message, [...buffers]);
}
