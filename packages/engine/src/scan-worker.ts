/** Entry of a thread that helps to scan vectors: a composition root of its own. Works in the memory it was last given. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ScanWake } from './adapters/threads/scan-threads.ts';
import { headerOf, takeParts } from './vectors/scan-job.ts';
import { instantiateScan, type ScanKernel } from './vectors/scan-kernel.ts';

const participant = workerData as number;
let at: { readonly kernel: ScanKernel; readonly header: Int32Array } | undefined;

parentPort?.on('message', ({ memory }: ScanWake) => {
  if (memory) at = { kernel: instantiateScan(memory), header: headerOf(memory) };
  if (at) takeParts(at.kernel, at.header, participant);
});
