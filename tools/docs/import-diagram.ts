/**
 * Draws which folder imports which, from dependency-cruiser's findings folded to folders, as a mermaid graph.
 * Shows what is, not what should be: the rules are in .dependency-cruiser.mjs.
 */
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import { root } from '../checks/files.ts';

/** Drawn apart from their folder: the composition root and the public doors. */
const doors: readonly (readonly [pattern: RegExp, node: string])[] = [
  [/^packages\/engine\/src\/engine\.ts$/, 'engine/engine'],
  [/^packages\/engine\/src\/index\.ts$/, 'engine/index'],
  [/^packages\/engine\/src\/[^/]+\.ts$/, 'engine/open-engine'],
  [/^packages\/server\/src\/index\.ts$/, 'server/index'],
  [/^packages\/server\/src\/[^/]+\.ts$/, 'server/shared'],
  [/^packages\/sdk\/src\/contract\//, 'sdk/contract'],
  [/^packages\/sdk\/src\/index\.ts$/, 'sdk/index'],
];

/** Mermaid text of the graph between folders; edges sorted, so that equal imports give equal text. */
export async function importDiagram(): Promise<string> {
  const { options = {} } = await extractDepcruiseConfig(join(root, '.dependency-cruiser.mjs'));
  const found = await cruise(
    ['packages'],
    { ...options, baseDir: root, outputType: 'json' },
    options.enhancedResolveOptions,
  );
  const result = (
    typeof found.output === 'string' ? JSON.parse(found.output) : found.output
  ) as ICruiseResult;
  const edges = new Set<string>();
  for (const module of result.modules) {
    const from = nodeOf(module.source);
    if (from === undefined) continue;
    for (const dependency of module.dependencies) {
      const to = nodeOf(dependency.resolved);
      if (to !== undefined && to !== from) edges.add(`${from} ${to}`);
    }
  }
  return renderMermaid([...edges].map((edge) => edge.split(' ') as [string, string]));
}

/** `packages/engine/src/query/plan.ts` -> `engine/query`; undefined for tests and what is not ours. */
export function nodeOf(file: string): string | undefined {
  if (/\.test(-kit)?\.ts$|\/testing\//.test(file)) return undefined;
  const door = doors.find(([pattern]) => pattern.test(file));
  if (door !== undefined) return door[1];
  const match = /^packages\/(\w+)\/src\/(\w+)\//.exec(file);
  return match === null ? undefined : `${match[1]}/${match[2]}`;
}

/**
 * Leaves out edges that others imply: a -> c when a -> b -> c. What is left shows the layers.
 * One after the other, so that what can be reached stays the same even where folders form a cycle.
 */
export function reduce(
  edges: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  const kept = new Set(edges.toSorted(([a, b], [c, d]) => `${a} ${b}`.localeCompare(`${c} ${d}`, 'en')));
  const reaches = (from: string, goal: string, seen = new Set([from])): boolean =>
    [...kept].some(([start, next]) => {
      if (start !== from || seen.has(next)) return false;
      return next === goal || reaches(next, goal, seen.add(next));
    });
  for (const edge of [...kept]) {
    kept.delete(edge);
    if (!reaches(edge[0], edge[1])) kept.add(edge);
  }
  return [...kept];
}

export function renderMermaid(edges: readonly (readonly [string, string])[]): string {
  const nodes = [...new Set(edges.flat())].sort();
  const id = (node: string): string => node.replace(/\W/g, '_');
  const lines = ['```mermaid', 'flowchart LR'];
  for (const group of [...new Set(nodes.map((node) => node.split('/')[0] ?? ''))]) {
    lines.push(`  subgraph ${group}`);
    for (const node of nodes)
      if (node.startsWith(`${group}/`)) lines.push(`    ${id(node)}["${node.slice(group.length + 1)}"]`);
    lines.push('  end');
  }
  const arrows = reduce(edges).map(([from, to]) => `  ${id(from)} --> ${id(to)}`);
  return [...lines, ...arrows.sort(), '```'].join('\n');
}
