/** Parses files on threads, as many as indexing uses, in batches of like size. */
import { Worker } from 'node:worker_threads';
import type { ParseReply, ParseRequest } from './parse-worker.ts';

export interface ParsedFile {
  readonly path: string;
  readonly language: string;
  readonly bytes: number;
}

const BATCH_BYTES = 2 << 20;

/** Wall time from starting the threads to the last file, and thread time by language. */
export async function parseOnly(
  files: readonly ParsedFile[],
  threads: number,
): Promise<{ readonly ms: number; readonly byLanguage: Readonly<Record<string, number>> }> {
  const batches: ParseRequest[] = [];
  let batch: ParsedFile[] = [];
  let bytes = 0;
  for (const file of files) {
    batch.push(file);
    bytes += file.bytes;
    if (bytes < BATCH_BYTES) continue;
    batches.push({ files: batch });
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) batches.push({ files: batch });
  const byLanguage: Record<string, number> = {};
  const started = performance.now();
  await Promise.all(
    Array.from({ length: threads }, async () => {
      const worker = new Worker(new URL('./parse-worker.ts', import.meta.url));
      for (let next = batches.shift(); next; next = batches.shift()) {
        const request = next;
        const reply = await new Promise<ParseReply>((resolve, reject) => {
          worker.once('message', resolve);
          worker.once('error', reject);
          worker.postMessage(request);
        });
        for (const [language, ms] of Object.entries(reply.ms)) byLanguage[language] = (byLanguage[language] ?? 0) + ms;
      }
      await worker.terminate();
    }),
  );
  return { ms: performance.now() - started, byLanguage };
}
