/** An indexing thread that ends at the word CRASH in a file it would parse, and at STUCK never does. Not part of the engine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openDiskSource } from '../../adapters/sources/disk-source.ts';
import type { FilePath } from '../../model/file.ts';
import { runBatch } from '../batch.ts';
import { countReads, type WorkerReply, type WorkerRequest, type WorkerStart } from '../worker-pool.ts';

const asking = new Map<number, (paths: readonly FilePath[]) => void>();
const reply = (message: WorkerReply) => parentPort?.postMessage(message);

parentPort?.on('message', (request: WorkerRequest) => {
  const { id } = request;
  if ('paths' in request) return asking.get(id)?.(request.paths);
  if (!('task' in request)) return reply({ id, error: 'only batches here' });
  const disk = openDiskSource(request.root);
  const source = {
    read(path: FilePath) {
      const text = request.task.asText ? '' : readFileSync(join(request.root, path), 'utf8');
      if (text.includes('CRASH')) process.exit(7);
      while (text.includes('STUCK'));
      return disk.read(path);
    },
  };
  const more = (): Promise<readonly FilePath[]> =>
    new Promise((resolve) => {
      asking.set(id, resolve);
      reply({ id, wants: true });
    });
  runBatch(
    countReads(source, workerData as WorkerStart),
    request.task,
    request.asksMore ? more : undefined,
  ).then(
    (result) => reply({ id, result }),
    (error: unknown) => reply({ id, error: String(error) }),
  );
});
