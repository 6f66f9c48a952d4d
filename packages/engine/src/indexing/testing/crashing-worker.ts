/** An indexing thread that ends when it meets the word CRASH in a file it would parse. Not part of the engine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { openDiskSource } from '../../adapters/sources/disk-source.ts';
import type { FilePath } from '../../model/file.ts';
import { runBatch } from '../batch.ts';
import type { WorkerReply, WorkerRequest } from '../worker-pool.ts';

const asking = new Map<number, (paths: readonly FilePath[]) => void>();
const reply = (message: WorkerReply) => parentPort?.postMessage(message);

parentPort?.on('message', (request: WorkerRequest) => {
  const { id } = request;
  if ('paths' in request) return asking.get(id)?.(request.paths);
  if (!('task' in request)) return reply({ id, error: 'only batches here' });
  const disk = openDiskSource(request.root);
  const source = {
    read(path: FilePath) {
      if (!request.task.asText && readFileSync(join(request.root, path), 'utf8').includes('CRASH'))
        process.exit(7);
      return disk.read(path);
    },
  };
  const more = (): Promise<readonly FilePath[]> =>
    new Promise((resolve) => {
      asking.set(id, resolve);
      reply({ id, wants: true });
    });
  runBatch(source, request.task, request.asksMore ? more : undefined).then(
    (result) => reply({ id, result }),
    (error: unknown) => reply({ id, error: String(error) }),
  );
});
