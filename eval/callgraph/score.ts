/** Compares the edges of a call graph with those that a suite says are right. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { provenance } from '../suite/machine.ts';

/** What `conexus callgraph --json` prints, as far as suites look at it. */
export interface Graph {
  readonly nodes: readonly {
    readonly id: string;
    readonly path: string;
    readonly start: number;
    readonly end: number;
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly path: string;
    readonly line: number;
  }[];
  readonly unresolved: readonly { readonly path: string; readonly line: number }[];
}

export interface Edges {
  readonly expected: ReadonlySet<string>;
  readonly found: ReadonlySet<string>;
}

export interface Score {
  readonly expected: number;
  readonly found: number;
  readonly right: number;
  /** Cases without a wrong edge, and without a missing one. */
  readonly complete: number;
  readonly sound: number;
  readonly cases: number;
}

export const noScore: Score = { expected: 0, found: 0, right: 0, complete: 0, sound: 0, cases: 0 };

export function scoreOf({ expected, found }: Edges): Score {
  const right = [...expected].filter((edge) => found.has(edge)).length;
  return {
    expected: expected.size,
    found: found.size,
    right,
    // Salis et al.: sound has no missing edge, complete no wrong one.
    sound: right === expected.size ? 1 : 0,
    complete: right === found.size ? 1 : 0,
    cases: 1,
  };
}

export function add(a: Score, b: Score): Score {
  return {
    expected: a.expected + b.expected,
    found: a.found + b.found,
    right: a.right + b.right,
    complete: a.complete + b.complete,
    sound: a.sound + b.sound,
    cases: a.cases + b.cases,
  };
}

export const share = (part: number, whole: number): string => (whole === 0 ? '–' : (part / whole).toFixed(3));

/** Prints a table of categories and, asked to, what differs; `out` keeps both with where they come from. */
export function reportCases(
  byCategory: ReadonlyMap<string, Score>,
  failures: readonly string[],
  {
    by,
    out,
    verbose,
  }: { readonly by: string; readonly out?: string | undefined; readonly verbose?: boolean },
): void {
  const row = (name: string, s: Score) =>
    `| ${name} | ${s.cases} | ${s.expected} | ${share(s.right, s.expected)} | ${share(s.right, s.found)} | ${s.sound} | ${s.complete} |`;
  const total = [...byCategory.values()].reduce(add, noScore);
  const table = [
    '| category | cases | edges | recall | precision | sound | complete |',
    '|---|--:|--:|--:|--:|--:|--:|',
    ...[...byCategory].map(([name, score]) => row(name, score)),
    row('**all**', total),
  ].join('\n');
  console.log(table);
  if (verbose) console.log(`\n${failures.join('\n')}`);
  if (out === undefined) return;
  const made = provenance(resolve(import.meta.dirname, '../..'));
  mkdirSync(out, { recursive: true });
  const text = [
    `# Call graph against ${total.cases} cases`,
    '',
    `Made by \`${by}\`: ${made.date.slice(0, 10)}, commit ${made.commit.slice(0, 10)}, Node ${made.node}.`,
    '',
    table,
    '',
    '## What differs',
    '',
    '```',
    ...failures,
    '```',
    '',
  ];
  writeFileSync(join(out, 'summary.md'), text.join('\n'));
}
