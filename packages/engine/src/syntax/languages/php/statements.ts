/** Statements of PHP. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { assign } from './expressions.ts';
import { assignVariable, evaluateField, operands, type PhpReader, variableName } from './reader.ts';
import { addDeclared } from './types.ts';

export function readStatement(r: PhpReader, node: PlainNode): void {
  const { b } = r;
  switch (node.type) {
    case 'compound_statement':
    case 'colon_block':
    case 'expression_statement':
    case 'ERROR':
      for (const child of node.children) readStatement(r, child);
      return;
    case 'return_statement':
      readReturn(r, node);
      return;
    case 'break_statement':
    case 'continue_statement':
    case 'exit_statement':
      for (const child of operands(node)) r.evaluate(child);
      b.stop();
      return;
    case 'if_statement':
      readIf(r, node);
      return;
    case 'for_statement':
    case 'while_statement':
    case 'do_statement':
      readLoop(r, node);
      return;
    case 'foreach_statement':
      readEach(r, node);
      return;
    case 'switch_statement':
      readSwitch(r, node);
      return;
    case 'try_statement':
      readTry(r, node);
      return;
    case 'global_declaration':
      for (const child of operands(node)) {
        const name = variableName(r, child);
        if (name !== undefined) assignVariable(r, name, globalVariable(r, name));
      }
      return;
    default:
      if (/_(declaration|definition)$/.test(node.type)) r.define(node);
      else if (/_(statement|block|clause)$/.test(node.type) || node.type === 'text_interpolation')
        for (const child of operands(node)) readStatement(r, child);
      else if (operands({ ...node, children: [node] }).length > 0) r.evaluate(node);
  }
}

/** What the top-level code gives a name. */
function globalVariable({ b }: PhpReader, name: string): Var {
  let scope = b.scope;
  while (scope.parent !== undefined) scope = scope.parent;
  return b.declare(name, scope).all;
}

function readReturn(r: PhpReader, node: PlainNode): void {
  const { b } = r;
  const [inner] = operands(node);
  const value = inner && r.evaluate(inner);
  const result = b.functions[b.at]?.result;
  if (value !== undefined && result !== undefined) b.copy(result, value);
  b.stop();
}

function readIf(r: PhpReader, node: PlainNode): void {
  const { b } = r;
  evaluateField(r, node, 'condition');
  const body = childOf(node, 'body');
  const others = node.children.filter(({ field }) => field === 'alternative');
  const hasElse = others.some(({ type }) => type === 'else_clause');
  b.branches([
    () => body && readStatement(r, body),
    ...others.map((other) => () => {
      evaluateField(r, other, 'condition');
      const inner = childOf(other, 'body');
      if (inner) readStatement(r, inner);
    }),
    ...(hasElse ? [] : [() => {}]),
  ]);
}

function readLoop(r: PhpReader, node: PlainNode): void {
  evaluateField(r, node, 'initialize');
  r.b.loop(() => {
    if (node.type !== 'do_statement') evaluateField(r, node, 'condition');
    const body = childOf(node, 'body');
    if (body) readStatement(r, body);
    if (node.type === 'do_statement') evaluateField(r, node, 'condition');
    evaluateField(r, node, 'update');
  });
}

/** `foreach ($list as $key => $value)`. */
function readEach(r: PhpReader, node: PlainNode): void {
  const { b } = r;
  const body = childOf(node, 'body');
  const [over, target] = operands(node).filter((child) => child !== body);
  const list = over === undefined ? b.variable() : r.evaluate(over);
  const each = b.each(list, node);
  b.loop(() => {
    if (target?.type === 'pair') {
      const [key, value] = operands(target);
      if (key) assign(r, key, b.builtin('string'));
      if (value) assign(r, value, each);
    } else if (target) assign(r, target, each);
    if (body) readStatement(r, body);
  });
}

function readSwitch(r: PhpReader, node: PlainNode): void {
  const { b } = r;
  evaluateField(r, node, 'condition');
  const body = childOf(node, 'body');
  // One case may run into the next: any of them, in order, or none.
  b.loop(() => {
    for (const part of body === undefined ? [] : operands(body))
      b.branches([
        () => {
          for (const child of operands(part)) readStatement(r, child);
        },
        () => {},
      ]);
  });
}

function readTry(r: PhpReader, node: PlainNode): void {
  const { b } = r;
  const body = childOf(node, 'body');
  const handlers = node.children.filter(({ type }) => type === 'catch_clause');
  b.attempt(
    () => body && readStatement(r, body),
    handlers.map((handler) => () => {
      const value = b.variable();
      addDeclared(r, childOf(handler, 'type'), value);
      const own = childOf(handler, 'name');
      const name = own && variableName(r, own);
      if (name !== undefined) assignVariable(r, name, value);
      const inner = childOf(handler, 'body');
      if (inner) readStatement(r, inner);
    }),
  );
  const last = node.children.find(({ type }) => type === 'finally_clause');
  const end = last && childOf(last, 'body');
  if (end) readStatement(r, end);
}
