/** Blocks, branches and loops of Rust; all of them are expressions. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { bindPattern } from './patterns.ts';
import { inScope, operands, type RustReader } from './reader.ts';
import { addDeclared } from './types.ts';

const itemTypes = /_item$|^(use_declaration|extern_crate_declaration|macro_definition)$/;

export function isItem(node: PlainNode): boolean {
  return itemTypes.test(node.type) && node.type !== 'attribute_item' && node.type !== 'inner_attribute_item';
}

/** The value of a block is that of its last expression without a semicolon. */
export function readBlock(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  if (node.type === 'loop_expression') {
    const body = childOf(node, 'body');
    const broken = b.variable();
    b.loop(() => body && r.evaluate(body));
    return broken;
  }
  if (node.type !== 'block') {
    const inner = operands(node).find(({ type }) => type === 'block');
    return inner === undefined ? b.variable() : readBlock(r, inner);
  }
  let result = b.variable();
  inScope(r, () => {
    const nodes = node.children;
    const statements = operands(node).filter((child) => !isItem(child));
    const holder = r.holder;
    r.items(nodes.filter((child) => isItem(child) || child.type === 'attribute_item'));
    r.holder = holder;
    for (const statement of statements) {
      if (statement.type === 'let_declaration') readLet(r, statement);
      else {
        const value = r.evaluate(statement);
        result =
          statement.type === 'expression_statement' && !isOpenEnded(r, statement) ? b.variable() : value;
      }
    }
  });
  return result;
}

/** `match x { … }` as the last statement is the value of the block. */
function isOpenEnded(r: RustReader, node: PlainNode): boolean {
  return !r.b.text(node).endsWith(';');
}

function readLet(r: RustReader, node: PlainNode): void {
  const { b } = r;
  const pattern = childOf(node, 'pattern');
  const value = declaredValue(r, node);
  const otherwise = childOf(node, 'alternative');
  if (otherwise !== undefined) b.branches([() => r.evaluate(otherwise), () => {}]);
  if (pattern !== undefined) bindPattern(r, pattern, value);
}

/** A `let` with its pattern, type and value. */
function declaredValue(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const value = childOf(node, 'value');
  const type = childOf(node, 'type');
  const given = value === undefined ? b.variable() : r.evaluate(value);
  if (type === undefined) return given;
  const to = b.variable();
  addDeclared(r, type, to);
  b.copy(to, given);
  return to;
}

/** `a`, `let P = a`, and `&&` between them. */
function readCondition(r: RustReader, node: PlainNode): void {
  if (node.type === 'let_condition') {
    const value = childOf(node, 'value');
    const pattern = childOf(node, 'pattern');
    if (value && pattern) bindPattern(r, pattern, r.evaluate(value));
  } else if (node.type === 'let_chain') for (const part of operands(node)) readCondition(r, part);
  else r.evaluate(node);
}

export function readIf(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const result = b.variable();
  const condition = childOf(node, 'condition');
  const whenTrue = childOf(node, 'consequence');
  const otherwise = childOf(node, 'alternative');
  b.branches([
    () =>
      inScope(r, () => {
        if (condition) readCondition(r, condition);
        if (whenTrue) b.copy(result, r.evaluate(whenTrue));
      }),
    () => {
      const inner = otherwise && operands(otherwise)[0];
      if (inner) b.copy(result, r.evaluate(inner));
    },
  ]);
  return result;
}

export function readMatch(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const result = b.variable();
  const subject = childOf(node, 'value');
  const body = childOf(node, 'body');
  const value = subject === undefined ? b.variable() : r.evaluate(subject);
  const arms = body === undefined ? [] : operands(body).filter(({ type }) => type === 'match_arm');
  b.branches(
    arms.map((arm) => () => {
      inScope(r, () => {
        const pattern = childOf(arm, 'pattern');
        if (pattern) bindPattern(r, pattern, value);
        const guard = pattern && childOf(pattern, 'condition');
        if (guard) readCondition(r, guard);
        const given = childOf(arm, 'value');
        if (given) b.copy(result, r.evaluate(given));
      });
    }),
  );
  return result;
}

export function readFor(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const over = childOf(node, 'value');
  const items = over === undefined ? b.variable() : b.each(r.evaluate(over), over);
  const pattern = childOf(node, 'pattern');
  const body = childOf(node, 'body');
  b.loop(() =>
    inScope(r, () => {
      if (pattern) bindPattern(r, pattern, items);
      if (body) r.evaluate(body);
    }),
  );
  return b.variable();
}

export function readWhile(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const condition = childOf(node, 'condition');
  const body = childOf(node, 'body');
  b.loop(() =>
    inScope(r, () => {
      if (condition) readCondition(r, condition);
      if (body) r.evaluate(body);
    }),
  );
  return b.variable();
}
