/** Kotlin: from a tree to the facts of a file. Imports and statements; what they are made of is in the files beside it. */
import type { CodeFacts, Var } from '../../../model/code-facts.ts';
import { FactsBuilder } from '../../references/facts-builder.ts';
import { mentionTypesLeft } from '../../references/left-types.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { declareNames, readObject, readProperty, readType, typeDeclaration } from './classes.ts';
import { evaluate } from './expressions.ts';
import { readExtension, readFunction, receiverType } from './functions.ts';
import { readAssignment } from './operators.ts';
import { bindLocal, type KotlinReader, nameOf, operands, partOf } from './reader.ts';
import { addDeclaredType, isType, qualified, typeOf } from './types.ts';

/** `P` in `List<P>` and in `P::class`, which is read as a member. */
const namesType = ({ type, start }: PlainNode, { type: of, children }: PlainNode): boolean =>
  type === 'identifier' &&
  children[0]?.start === start &&
  (of === 'user_type' || (of === 'navigation_expression' && isClassLiteral(children)));

const isClassLiteral = ([on, member]: readonly PlainNode[]): boolean =>
  member !== undefined && member.start - (on?.end ?? 0) === 2 && member.end - member.start === 'class'.length;

export function readKotlin(root: PlainNode, text: string, errorCount: number): CodeFacts {
  const b = new FactsBuilder(text, root.endLine);
  const r: KotlinReader = {
    b,
    cls: undefined,
    imports: new Map(),
    evaluate: (node) => evaluate(r, node),
    statement: (node) => readStatement(r, node),
    block: (node) => readBlock(r, node),
    objectLiteral: (node) => readObject(r, node),
  };
  const top = operands(root);
  for (const node of top) if (node.type === 'import') readImport(r, node);
  const own = b.pushScope();
  declareNames(r, top);
  for (const node of top) if (typeDeclaration.test(node.type)) readType(r, node);
  for (const node of top)
    if (!/^(import|package_header)$/.test(node.type) && !typeDeclaration.test(node.type))
      readStatement(r, node);
  mentionTypesLeft(b, root, { isName: namesType });
  const exports = b.exportsOf(own);
  b.popScope();
  const header = partOf(root, 'package_header');
  const name = header && partOf(header, 'qualified_identifier');
  return {
    ...b.finish({ language: 'kotlin', exports, errorCount }),
    namespace: name ? b.text(name).replace(/\s+/g, '') : '',
  };
}

function readImport(r: KotlinReader, node: PlainNode): void {
  const { b } = r;
  const path = partOf(node, 'qualified_identifier') ?? partOf(node, 'identifier');
  if (path === undefined) return;
  const parts = b.text(path).replace(/\s+/g, '').split('.');
  if (/\.\s*\*\s*;?$/.test(b.text(node).trim())) {
    if (!parts.some((part) => /^[A-Z]/.test(part))) b.star(parts.join('.'), node);
    return;
  }
  const alias = node.children.find((part) => part.type === 'identifier' && part !== path);
  const name = alias ? b.text(alias) : (parts.at(-1) as string);
  r.imports.set(name, parts.join('.'));
  const value = parts.some((part) => /^[A-Z]/.test(part))
    ? qualified(r, parts, node)
    : b.importOf(parts.slice(0, -1).join('.'), parts.at(-1), node);
  b.assign(b.declare(name), value);
}

function readStatement(r: KotlinReader, node: PlainNode): void {
  const { b } = r;
  switch (node.type) {
    case 'function_declaration': {
      if (receiverType(node) !== undefined) {
        readExtension(r, node);
        return;
      }
      const name = nameOf(node);
      if (name === undefined) return;
      const binding = b.scope.names.get(b.text(name)) ?? b.declare(b.text(name));
      binding.isOrdered = false;
      b.assign(binding, readFunction(r, node));
      return;
    }
    case 'class_declaration':
    case 'object_declaration':
      declareNames(r, [node]);
      readType(r, node);
      return;
    case 'type_alias': {
      const name = nameOf(node) ?? childOf(node, 'type');
      const type = operands(node).find((part) => isType(part));
      if (name && type) b.assign(b.declare(b.text(name)), typeOf(r, type));
      return;
    }
    case 'property_declaration':
      readProperty(r, node);
      return;
    case 'assignment':
      readAssignment(r, node);
      return;
    case 'for_statement':
      readFor(r, node);
      return;
    case 'while_statement':
    case 'do_while_statement':
      b.loop(() => {
        for (const child of operands(node)) evaluate(r, child);
      });
      return;
    case 'return_expression': {
      const value = operands(node).find(({ type }) => type !== 'label');
      const given = value && evaluate(r, value);
      const result = b.functions[b.at]?.result;
      if (given !== undefined && result !== undefined) b.copy(result, given);
      return;
    }
    case 'throw_expression':
      for (const child of operands(node)) evaluate(r, child);
      return;
    default:
      evaluate(r, node);
  }
}

/** What the last statement gives is what the block gives. */
function readBlock(r: KotlinReader, node: PlainNode | undefined): Var {
  const { b } = r;
  let last = b.variable();
  if (node === undefined) return last;
  b.pushScope();
  const statements = operands(node);
  declareNames(r, statements);
  for (const [at, child] of statements.entries())
    if (at === statements.length - 1) last = evaluate(r, child);
    else readStatement(r, child);
  b.popScope();
  return last;
}

function readFor(r: KotlinReader, node: PlainNode): void {
  const { b } = r;
  const [target, items, body] = operands(node);
  b.pushScope();
  const each = items === undefined ? b.variable() : b.each(evaluate(r, items), node);
  b.loop(() => {
    const names = target?.type === 'multi_variable_declaration' ? operands(target) : target ? [target] : [];
    for (const [at, part] of names.entries()) {
      const value = b.variable();
      addDeclaredType(
        r,
        part.children.find((child) => isType(child)),
        value,
      );
      const item = names.length === 1 ? each : b.getItem(each, b.constant(at), part);
      // An element of a map stands for the value of its key.
      b.copy(value, names.length === 2 && at === 1 ? b.union([item, each]) : item);
      bindLocal(r, nameOf(part), value);
    }
    if (body) evaluate(r, body);
  });
  b.popScope();
}
