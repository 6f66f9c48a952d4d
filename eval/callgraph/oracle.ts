/** What the oracles for real repositories share: our graph, and how it is compared with what another program says of calls. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { provenance } from '../suite/machine.ts';
import { share } from './score.ts';

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly path: string;
  readonly line: number;
  readonly resolution: string;
}

export interface Node {
  readonly id: string;
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly unresolved: readonly {
    readonly from: string;
    readonly text: string;
    readonly path: string;
    readonly line: number;
  }[];
}

/** A call that the oracle resolves to functions of the repository. */
export interface Site {
  readonly path: string;
  readonly line: number;
  readonly text: string;
  /** Acceptable targets. */
  readonly targets: ReadonlySet<string>;
}

export interface Verdicts {
  /** Calls in the files that were read, whatever they call. */
  readonly calls: number;
  readonly sites: readonly Site[];
  /** `path:line` -> targets that are right there. */
  readonly accepted: ReadonlyMap<string, ReadonlySet<string>>;
  /** `path:line` with a call of which the oracle does not know what it calls. */
  readonly unjudged: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
  /** What the oracle calls a function of ours; undefined for one that it cannot name. */
  keyOf(node: Node): string | undefined;
  /** Edges that the oracle has no opinion about. */
  isBeyond?(edge: Edge, node: Node): boolean;
}

export interface Comparison {
  readonly lines: readonly string[];
  readonly missed: readonly string[];
  readonly wrong: readonly string[];
}

/** `conexus callgraph` of a folder. */
export function callGraphOf(root: string): Graph {
  const conexus = join(import.meta.dirname, '../../packages/server/bin/conexus.js');
  const started = performance.now();
  const printed = execFileSync(process.execPath, [conexus, 'callgraph', '--root', root, '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  console.log(`ours took ${Math.round(performance.now() - started)} ms`);
  return JSON.parse(printed) as Graph;
}

export function compare(graph: Graph, verdicts: Verdicts): Comparison {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const { found, admitted, missed, unique } = recallOf(graph, nodes, verdicts);
  const { right, skipped, wrong } = precisionOf(graph, nodes, verdicts);
  const unresolved = graph.unresolved.filter(({ path }) => verdicts.paths.has(path)).length;
  const listed = new Set(graph.unresolved.map(({ path, line }) => `${path}:${line}`));
  const unknown = verdicts.sites.filter(({ path, line }) => listed.has(`${path}:${line}`)).length;
  const { calls, sites, paths } = verdicts;
  const lines = [
    `files ${paths.size}, calls in them ${calls}, calls of functions of the repository ${sites.length} (${unique} by line and callee)`,
    `recall ${share(found, unique)} (${found} of ${unique})`,
    `precision ${share(right, right + wrong.length)} (${right} of ${right + wrong.length}; not judged: ${skipped})`,
    `missed calls that are listed as unresolved ${share(admitted, missed.length)} (${admitted} of ${missed.length})`,
    `unresolved sites ${unresolved}: ${share(unresolved, calls)} of all calls, ${share(unresolved, sites.length)} of calls of functions of the repository`,
    `calls of functions of the repository on lines with an unresolved site ${share(unknown, sites.length)}`,
  ];
  return { lines, missed, wrong };
}

function recallOf(graph: Graph, nodes: ReadonlyMap<string, Node>, { sites, keyOf }: Verdicts) {
  const ours = new Map<string, Set<string>>();
  for (const { to, path, line } of graph.edges) {
    const node = nodes.get(to);
    const key = node && keyOf(node);
    if (key === undefined) continue;
    const at = `${path}:${line}`;
    ours.set(at, (ours.get(at) ?? new Set()).add(key));
  }
  const unresolved = new Set(graph.unresolved.map(({ path, line }) => `${path}:${line}`));
  const unique = new Map(
    sites.map((site) => [`${site.path}:${site.line} ${[...site.targets].sort().join()}`, site]),
  );
  const missed: string[] = [];
  let admitted = 0;
  for (const { path, line, text, targets } of unique.values()) {
    const at = `${path}:${line}`;
    if ([...targets].some((target) => ours.get(at)?.has(target))) continue;
    const isAdmitted = unresolved.has(at);
    if (isAdmitted) admitted += 1;
    missed.push(`${isAdmitted ? 'listed ' : 'SILENT '} ${at} ${text} -> ${[...targets].join(' ')}`);
  }
  return { found: unique.size - missed.length, admitted, missed, unique: unique.size };
}

function precisionOf(graph: Graph, nodes: ReadonlyMap<string, Node>, verdicts: Verdicts) {
  let right = 0;
  let skipped = 0;
  const wrong: string[] = [];
  for (const edge of graph.edges) {
    const { from, to, path, line, resolution } = edge;
    const node = nodes.get(to);
    if (node === undefined || !verdicts.paths.has(path)) continue;
    const at = `${path}:${line}`;
    const key = verdicts.keyOf(node);
    if (key !== undefined && verdicts.accepted.get(at)?.has(key)) right += 1;
    // A function without a name is handed over, not called by name.
    else if (verdicts.unjudged.has(at) || /<anonymous:\d+(:\d+)?>$/.test(to)) skipped += 1;
    else if (verdicts.isBeyond?.(edge, node)) skipped += 1;
    else wrong.push(`${resolution} ${at} ${from} -> ${to}`);
  }
  return { right, skipped, wrong };
}

/** Prints a comparison, with `verbose` of what differs; `out`: a folder that keeps the figures. */
export function tell(
  { lines, missed, wrong }: Comparison,
  about: { readonly by: string; readonly oracle: string; readonly version: string },
  { out, verbose }: { readonly out?: string | undefined; readonly verbose: string },
): void {
  console.log(lines.join('\n'));
  const limit = Number(verbose);
  if (limit > 0) console.log(['', ...missed.slice(0, limit), '', ...wrong.slice(0, limit)].join('\n'));
  if (out === undefined) return;
  const made = provenance(resolve(import.meta.dirname, '../..'));
  mkdirSync(out, { recursive: true });
  const text = [
    `# Callers against ${about.oracle}`,
    '',
    `Made by \`${about.by}\`: ${made.date.slice(0, 10)}, commit ${made.commit.slice(0, 10)}, Node ${made.node}, ${about.version}.`,
    '',
    ...lines.map((line) => `- ${line}`),
    '',
  ];
  writeFileSync(join(out, 'summary.md'), text.join('\n'));
}
