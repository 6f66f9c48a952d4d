/** Queries of C#: `from x in xs where … select …`. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { readGiven } from './calls.ts';
import { bindLocal, type CSharpReader, operands } from './reader.ts';
import { addDeclaredType } from './types.ts';

/** A sequence of what the last clause selects or groups. */
export function readQuery(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  const to = b.container('System.Collections.IEnumerable');
  b.pushScope();
  let last: Var | undefined;
  for (const clause of operands(node)) {
    const parts = operands(clause);
    switch (clause.type) {
      case 'from_clause':
      case 'join_clause':
        readSource(r, clause);
        break;
      case 'let_clause': {
        const [name, value] = parts;
        if (name && value) bindLocal(r, name, r.evaluate(value));
        break;
      }
      case 'identifier':
        // `into g` goes on with the groups.
        bindLocal(r, clause, last ?? b.variable());
        break;
      case 'select_clause':
      case 'group_clause': {
        const values = parts.map((part) => readGiven(r, part));
        last = values[0];
        break;
      }
      default:
        for (const part of parts) r.evaluate(part);
    }
  }
  if (last !== undefined) b.setItem(to, undefined, last, node);
  b.popScope();
  return to;
}

/** `from T x in xs`, `join x in xs on a equals b into g`. */
function readSource(r: CSharpReader, clause: PlainNode): void {
  const { b } = r;
  const type = childOf(clause, 'type');
  const parts = operands(clause).filter((part) => part !== type);
  const [name, source, ...conditions] = parts;
  if (name === undefined || source === undefined) return;
  const item = b.variable();
  addDeclaredType(r, type, item);
  b.copy(item, b.each(r.evaluate(source), clause));
  bindLocal(r, name, item);
  for (const condition of conditions) if (condition.type !== 'identifier') r.evaluate(condition);
}
