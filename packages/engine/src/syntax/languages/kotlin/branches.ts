/** Kotlin's `if`, `when` and `try`: what is known of a name inside, and the values they give. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { bindLocal, type KotlinReader, nameOf, operands, partOf } from './reader.ts';
import { addDeclaredType, isType } from './types.ts';

export function narrowed(r: KotlinReader, value: Var, type: PlainNode | undefined): Var {
  const to = r.b.variable();
  addDeclaredType(r, type, to);
  r.b.copy(to, value);
  return to;
}

/** What a test says of a name: `if (x is T)`. */
function bindTested(r: KotlinReader, condition: PlainNode | undefined): void {
  if (condition === undefined) return;
  if (
    condition.type === 'parenthesized_expression' ||
    (condition.type === 'binary_expression' && r.b.text(condition).includes('&&'))
  )
    for (const part of operands(condition)) bindTested(r, part);
  if (condition.type !== 'is_expression' || r.b.text(condition).includes('!is')) return;
  const parts = operands(condition);
  const name = parts.find(({ type }) => type === 'identifier');
  const type = parts.find((part) => isType(part));
  if (name && type) bindLocal(r, name, narrowed(r, r.evaluate(name), type));
}

export function readIf(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  const condition = childOf(node, 'condition');
  if (condition) r.evaluate(condition);
  const result = b.variable();
  const rest = operands(node).filter((part) => part !== condition);
  b.branches([
    () => {
      b.pushScope();
      bindTested(r, condition);
      if (rest[0]) b.copy(result, r.evaluate(rest[0]));
      b.popScope();
    },
    () => {
      if (rest[1]) b.copy(result, r.evaluate(rest[1]));
    },
  ]);
  return result;
}

export function readWhen(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  b.pushScope();
  const subject = partOf(node, 'when_subject');
  const parts = subject === undefined ? [] : operands(subject);
  const given = parts.at(-1);
  const value = given === undefined ? b.variable() : r.evaluate(given);
  const declared = parts.find(({ type }) => type === 'variable_declaration');
  const name = declared ? nameOf(declared) : given?.type === 'identifier' ? given : undefined;
  if (declared) bindLocal(r, nameOf(declared), value);
  const result = b.variable();
  const readEntry = (entry: PlainNode): void => {
    b.pushScope();
    const conditions = entry.children.filter(({ field }) => field === 'condition');
    for (const condition of conditions) {
      const type =
        condition.type === 'type_test' ? condition.children.find((part) => isType(part)) : undefined;
      if (type && name && conditions.length === 1) bindLocal(r, name, narrowed(r, value, type));
      else if (type === undefined) {
        r.evaluate(condition);
        bindTested(r, condition);
      }
    }
    const body = operands(entry)
      .filter(({ field }) => field !== 'condition')
      .at(-1);
    if (body) b.copy(result, r.evaluate(body));
    b.popScope();
  };
  const entries = node.children.filter(({ type }) => type === 'when_entry');
  b.branches([...entries.map((entry) => () => readEntry(entry)), () => {}]);
  b.popScope();
  return result;
}

export function readTry(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  const result = b.variable();
  const body = partOf(node, 'block');
  const handlers = node.children.filter(({ type }) => type === 'catch_block');
  b.attempt(
    () => b.copy(result, r.block(body)),
    handlers.map((handler) => () => {
      b.pushScope();
      const value = b.variable();
      addDeclaredType(
        r,
        handler.children.find((part) => isType(part)),
        value,
      );
      bindLocal(r, nameOf(handler), value);
      b.copy(result, r.block(partOf(handler, 'block')));
      b.popScope();
    }),
  );
  const last = partOf(node, 'finally_block');
  if (last) r.block(partOf(last, 'block'));
  return result;
}
