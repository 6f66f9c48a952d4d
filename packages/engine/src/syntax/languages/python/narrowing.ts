/** What `if isinstance(x, C)` says of x in its body. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { slotPath } from './keys.ts';
import { operands, type PythonReader } from './reader.ts';

interface Tested {
  readonly subject: PlainNode;
  readonly type: PlainNode;
}

/** Reads a body that runs where the condition holds. */
export function readNarrowed(r: PythonReader, condition: PlainNode | undefined, read: () => void): void {
  const { b } = r;
  let inner = read;
  for (const { subject, type } of condition === undefined ? [] : testsIn(r, condition)) {
    const body = inner;
    inner = () => {
      if (subject.type === 'attribute') {
        const field = childOf(subject, 'attribute');
        const value = narrowed(r, r.evaluate(subject), type);
        r.narrowed.add(value);
        b.writeSlot(slotPath(r, subject), field === undefined ? '' : b.text(field), value);
        body();
        return;
      }
      const binding = b.lookUp(b.text(subject));
      if (binding === undefined) body();
      else b.narrowed(binding, (current) => narrowed(r, current, type), body);
    };
  }
  inner();
}

/** The value, and where nothing of the type is known of it, an instance of that. */
function narrowed(r: PythonReader, value: Var, type: PlainNode): Var {
  const to = r.b.union([value, r.b.variable()]);
  r.b.add({ op: 'instance', to, type: r.evaluate(type) });
  return to;
}

/** All that must hold. Of several types together none is told. */
function testsIn(r: PythonReader, condition: PlainNode): Tested[] {
  if (condition.type === 'parenthesized_expression')
    return operands(condition).flatMap((one) => testsIn(r, one));
  if (condition.type === 'boolean_operator' && condition.children.some(({ type }) => type === 'and'))
    return ['left', 'right'].flatMap((field) => {
      const part = childOf(condition, field);
      return part === undefined ? [] : testsIn(r, part);
    });
  const callee = condition.type === 'call' ? childOf(condition, 'function') : undefined;
  const args = callee && r.b.text(callee) === 'isinstance' ? childOf(condition, 'arguments') : undefined;
  const [subject, type, ...more] = args === undefined ? [] : operands(args);
  const isName = (node: PlainNode | undefined) => node?.type === 'identifier' || node?.type === 'attribute';
  return subject && type && isName(subject) && isName(type) && more.length === 0 ? [{ subject, type }] : [];
}
