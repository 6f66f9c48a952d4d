/** Entry of a thread that helps to scan vectors: a composition root of its own. Works in the memory it was last given. */
import { parentPort } from 'node:worker_threads';
import type { ScanWake } from './adapters/threads/scan-threads.ts';
import { headerOf, helpScan } from './vectors/scan-job.ts';
import { instantiateScan, type ScanKernel } from './vectors/scan-kernel.ts';

let at: { readonly kernel: ScanKernel; readonly header: ReturnType<typeof headerOf> } | undefined;

parentPort?.on('message', ({ memory }: ScanWake) => {
  if (memory) at = { kernel: instantiateScan(memory), header: headerOf(memory) };
  if (at) helpScan(at.kernel, at.header);
});
