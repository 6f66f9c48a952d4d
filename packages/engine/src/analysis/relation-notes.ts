/** What bears on trusting an answer about relations, in sentences. Pure. */

import type { CodeGraph, GraphSymbol } from '../model/code-graph.ts';
import { counted } from '../model/counted.ts';
import type { Relation } from '../model/relations.ts';
import { withoutNaming } from './relations.ts';

/** Of more targets than this the notes would say nothing in particular. */
const MAX_TARGETS = 5;

export function relationNotes(
  graph: CodeGraph,
  relation: Relation,
  targets: readonly GraphSymbol[],
): readonly string[] {
  if (relation === 'definition' || relation === 'callees') return [];
  return targets.slice(0, MAX_TARGETS).flatMap((target) => notesOf(graph, relation, target));
}

function notesOf(graph: CodeGraph, relation: Relation, target: GraphSymbol): readonly string[] {
  const notes: string[] = [];
  if (target.isExported && target.kind !== 'module' && target.fileKind !== 'test')
    notes.push(
      `${target.name} is exported: code outside this repository may call it, which nothing here can see`,
    );
  for (const { to } of graph.outgoing(target.id, 'overrides')) {
    const count = graph.incoming(to, 'calls').length;
    notes.push(
      `it overrides ${to}: a call of that may run this one (${count} known; ask for callers of ${to})`,
    );
  }
  const overriding = graph.incoming(target.id, 'overrides').length;
  if (overriding > 0)
    notes.push(
      `${counted(overriding, 'method overrides', 'methods override')} it: a call listed here may run one of them instead`,
    );
  const uses = withoutNaming(graph.incoming(target.id)).filter(({ kind }) => kind === 'uses').length;
  if (relation === 'callers' && uses > 0 && target.kind !== 'class')
    notes.push(
      `it is named without being called at ${counted(uses, 'place')}, e.g. passed on or stored, and may be called from there: ask for references`,
    );
  return notes;
}
