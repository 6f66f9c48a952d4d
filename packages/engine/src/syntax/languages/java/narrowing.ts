/** What a test of class says of a name where it holds: `x instanceof C`, `x.getClass() == C.class`, `C.class.isInstance(x)`. */
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { type JavaReader, operands } from './reader.ts';
import { addDeclaredType } from './types.ts';

interface Tested {
  /** A local name. */
  readonly subject: PlainNode;
  readonly type: PlainNode;
}

/** Reads what runs where the condition holds. There only values of the type get through the name, as behind a cast. */
export function readNarrowed(r: JavaReader, condition: PlainNode | undefined, read: () => void): void {
  const { b } = r;
  let inner = read;
  for (const { subject, type } of condition === undefined ? [] : testsIn(r, condition)) {
    const binding = b.lookUp(b.text(subject));
    if (binding === undefined) continue;
    const body = inner;
    inner = () =>
      b.narrowed(
        binding,
        (current) => {
          const to = b.variable();
          addDeclaredType(r, type, to);
          b.copy(to, current);
          return to;
        },
        body,
      );
  }
  inner();
}

/** All that must hold. */
function testsIn(r: JavaReader, condition: PlainNode): Tested[] {
  switch (condition.type) {
    case 'parenthesized_expression':
      return operands(condition).flatMap((one) => testsIn(r, one));
    case 'instanceof_expression':
      return tested(childOf(condition, 'left'), childOf(condition, 'right'));
    case 'binary_expression': {
      const left = childOf(condition, 'left');
      const right = childOf(condition, 'right');
      if (left === undefined || right === undefined) return [];
      const operator = operatorOf(r, condition);
      if (operator === '&&') return [...testsIn(r, left), ...testsIn(r, right)];
      if (operator !== '==') return [];
      return tested(classAsked(r, left) ?? classAsked(r, right), classNamed(left) ?? classNamed(right));
    }
    case 'method_invocation':
      return testsByClass(r, condition);
    default:
      return [];
  }
}

/** What stands between the two sides of a binary expression. */
export function operatorOf({ b }: JavaReader, node: PlainNode): string | undefined {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  return left && right && b.text({ ...node, start: left.end, end: right.start }).trim();
}

/** `C.class.isInstance(x)`, `C.class.isAssignableFrom(x.getClass())`, `C.class.equals(x.getClass())`. */
function testsByClass(r: JavaReader, call: PlainNode): Tested[] {
  const [object, name, list] = ['object', 'name', 'arguments'].map((field) => childOf(call, field));
  const [given] = list === undefined ? [] : operands(list);
  if (object === undefined || name === undefined || given === undefined) return [];
  switch (r.b.text(name)) {
    case 'isInstance':
      return tested(given, classNamed(object));
    case 'isAssignableFrom':
      return tested(classAsked(r, given), classNamed(object));
    case 'equals':
      return tested(classAsked(r, object) ?? classAsked(r, given), classNamed(object) ?? classNamed(given));
    default:
      return [];
  }
}

function tested(subject: PlainNode | undefined, type: PlainNode | undefined): Tested[] {
  return subject?.type === 'identifier' && type !== undefined ? [{ subject, type }] : [];
}

/** `C` of `C.class`. */
function classNamed(node: PlainNode): PlainNode | undefined {
  return node.type === 'class_literal' ? operands(node)[0] : undefined;
}

/** `x` of `x.getClass()`. */
function classAsked(r: JavaReader, node: PlainNode): PlainNode | undefined {
  const name = node.type === 'method_invocation' ? childOf(node, 'name') : undefined;
  return name !== undefined && r.b.text(name) === 'getClass' ? childOf(node, 'object') : undefined;
}
