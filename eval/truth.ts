// The ground truth: rows of the four query files, and the fixed halves of its repositories.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Relevant {
  readonly path: string;
  readonly start?: number;
  readonly end?: number;
  readonly grade?: number;
}

/** One row of a query file, untouched: any of its fields can be a grouping key. */
export interface Row {
  readonly id: string;
  readonly repo: string;
  readonly commit: string | null;
  readonly source: string;
  readonly lang: string;
  readonly root?: string;
  readonly query?: string;
  readonly task?: string;
  readonly gold?: readonly string[];
  readonly relevant?: readonly Relevant[];
  readonly stem_in_task?: boolean;
  readonly [key: string]: unknown;
}

export interface StripRange {
  readonly repo: string;
  readonly commit: string;
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

export type Half = 'tune' | 'report';

const QUERY_FILES = ['search', 'locate', 'locate_swebench', 'cosqa'] as const;

/** Decisions may look at these; every other repository only reports. eval/README.md says why these, and what is open. */
const TUNE_REPOS: ReadonlySet<string> = new Set([
  'honojs/hono',
  'vitest-dev/vitest',
  'sqlalchemy/sqlalchemy',
  'psf/requests',
  'tailscale/tailscale',
  'netty/netty',
  'abseil/abseil-cpp',
  'rubocop/rubocop',
]);

/** Rows of training/make-tuning-suites.ts say themselves that they are for tuning. */
export function halfOf(row: Pick<Row, 'repo'> & { readonly split?: unknown }): Half {
  return row.split === 'tune' || TUNE_REPOS.has(row.repo) ? 'tune' : 'report';
}

export function parseJsonLines<T>(text: string): T[] {
  const values: T[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() !== '') values.push(JSON.parse(line) as T);
  }
  return values;
}

/** All query rows, in the order in which score.py reads them. */
export function loadRows(truthDir: string): Row[] {
  return QUERY_FILES.flatMap((name) => {
    const file = path.join(truthDir, `${name}.jsonl`);
    return existsSync(file) ? parseJsonLines<Row>(readFileSync(file, 'utf8')) : [];
  });
}

export function loadStrips(truthDir: string): StripRange[] {
  return parseJsonLines<StripRange>(readFileSync(path.join(truthDir, 'strips.jsonl'), 'utf8'));
}

/** Base commit per repository: the only working trees in which ranges are blanked. */
export function loadBases(truthDir: string): Record<string, string> {
  return JSON.parse(readFileSync(path.join(truthDir, 'bases.json'), 'utf8')) as Record<string, string>;
}

export interface Selection {
  /** Sources or repositories; empty means all. */
  readonly only: readonly string[];
  readonly half?: Half | undefined;
}

export function selectRows(rows: readonly Row[], selection: Selection): Row[] {
  const { only, half } = selection;
  return rows.filter(
    (row) =>
      (only.length === 0 || only.includes(row.source) || only.includes(row.repo)) &&
      (half === undefined || halfOf(row) === half),
  );
}
