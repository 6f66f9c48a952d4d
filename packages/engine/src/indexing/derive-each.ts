/** Deriving a few changed files so that one that ends its thread does not keep the others from being read. */
import type { FilePath } from '../model/file.ts';
import type { BatchResult, BatchTask } from './batch.ts';
import { WorkerLostError } from './worker-pool.ts';

type Run = (task: BatchTask) => Promise<BatchResult>;

/** All in one batch; when that loses its thread, one by one, and the file that did it by its lines. */
export async function* deriveEach(
  run: Run,
  paths: readonly FilePath[],
): AsyncGenerator<BatchResult, void, undefined> {
  const whole = await unlessLost(run({ type: 'derive', paths }));
  if (whole) {
    yield whole;
    return;
  }
  for (const path of paths) {
    const alone = { type: 'derive', paths: [path], suspect: true } as const;
    yield (await unlessLost(run(alone))) ?? (await run({ ...alone, asText: true }));
  }
}

function unlessLost(work: Promise<BatchResult>): Promise<BatchResult | undefined> {
  return work.catch((error: unknown) => {
    if (error instanceof WorkerLostError) return undefined;
    throw error;
  });
}
