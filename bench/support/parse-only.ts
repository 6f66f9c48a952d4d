/** Parses files on threads, as many as indexing uses, in batches of like size. */
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { languageById } from '../../packages/engine/src/syntax/registry.ts';
import type { ParseReply, ParseRequest } from './parse-worker.ts';

export interface ParsedFile {
  readonly path: string;
  readonly language: string;
  readonly bytes: number;
}

const BATCH_BYTES = 2 << 20;

/** Wall time from starting the threads to the last file, and processor time of the process in it. */
export async function parseOnly(
  files: readonly ParsedFile[],
  threads: number,
): Promise<{ readonly ms: number; readonly cpuMs: number }> {
  const batches: ParseRequest[] = [];
  let batch: ParseRequest['files'][number][] = [];
  let bytes = 0;
  for (const file of files) {
    batch.push({ path: file.path, grammar: languageById(file.language)?.tree?.grammar });
    bytes += file.bytes;
    if (bytes < BATCH_BYTES) continue;
    batches.push({ files: batch });
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) batches.push({ files: batch });
  const started = performance.now();
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: threads }, async () => {
      const worker = new Worker(new URL('./parse-worker.ts', import.meta.url));
      for (let next = batches.shift(); next; next = batches.shift()) {
        const request = next;
        await new Promise<ParseReply>((resolve, reject) => {
          worker.once('message', resolve);
          worker.once('error', reject);
          worker.postMessage(request);
        });
      }
      await worker.terminate();
    }),
  );
  return { ms: performance.now() - started, cpuMs: cpuSince(before) };
}

/** Processor time of all threads, user and system. */
export function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Processor time of child processes that have ended, in clock ticks of 10 ms; 0 where the system does not tell (not Linux). */
export function endedChildrenMs(): number {
  try {
    // The name of the program may hold spaces: fields are counted from the bracket that ends it. proc(5): cutime, cstime.
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return 0;
  }
}
