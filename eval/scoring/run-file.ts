// Run files: one line per query, best result first; `.gz` is understood both ways.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';

import { parseJsonLines } from '../truth.ts';
import type { Hit, Run, RunLine } from './measures.ts';

export function readRun(file: string): Map<string, readonly Hit[]> {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return new Map(parseJsonLines<RunLine>(text).map((line) => [line.id, line.results]));
}

export function writeRun(file: string, run: Run): void {
  const text = [...run].map(([id, results]) => `${JSON.stringify({ id, results })}\n`).join('');
  writeFileSync(file, file.endsWith('.gz') ? gzipSync(text, { level: 9 }) : text);
}
