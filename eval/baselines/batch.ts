// The batch interface that run-suite.ts speaks, for the baselines: --root DIR --in FILE --out FILE [--limit N].
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import type { Hit } from '../scoring/measures.ts';
import { parseJsonLines } from '../truth.ts';

export interface BatchQuery {
  readonly id: string;
  readonly text: string;
}

export type Answer = (
  root: string,
  queries: readonly BatchQuery[],
  limit: number,
) => Iterable<[string, readonly Hit[]]>;

interface BatchLine {
  readonly id: string;
  readonly query?: string;
  readonly task?: string;
}

export function runBatch(answer: Answer): void {
  const { values } = parseArgs({
    options: {
      root: { type: 'string' },
      in: { type: 'string' },
      out: { type: 'string' },
      limit: { type: 'string', default: '20' },
    },
  });
  const { root, in: input, out, limit } = values;
  if (root === undefined || input === undefined || out === undefined)
    throw new Error('--root, --in and --out are needed');
  const lines = parseJsonLines<BatchLine>(readFileSync(input, 'utf8'));
  const queries = lines.map(({ id, query, task }) => ({ id, text: query ?? task ?? '' }));
  const answers = [...answer(root, queries, Number(limit))];
  writeFileSync(out, answers.map(([id, results]) => `${JSON.stringify({ id, results })}\n`).join(''));
}
