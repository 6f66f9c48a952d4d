/** Types of TypeScript as far as they say which class, interface or container a value is of. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { isWord, operands, type ScriptReader } from './reader.ts';

/** Types that stand for their first argument. */
const transparent = new Set(
  'Promise PromiseLike Awaited Partial Required Readonly NonNullable Omit Pick Exclude Extract ReadonlyDeep'.split(
    ' ',
  ),
);
const lists = new Set(
  'Array ReadonlyArray Set ReadonlySet Iterable Iterator AsyncIterable AsyncIterator Generator AsyncGenerator IterableIterator'.split(
    ' ',
  ),
);
const tables = new Set('Map ReadonlyMap WeakMap Record'.split(' '));

/** Adds to `to` what a value of the annotated type can be. */
export function addDeclaredType(r: ScriptReader, annotation: PlainNode | undefined, to: Var): void {
  const inner = annotation?.type === 'type_annotation' ? operands(annotation)[0] : annotation;
  if (inner === undefined) return;
  const meant = inner.type === 'type_query' ? valueOfQuery(r, inner) : undefined;
  if (meant !== undefined) r.b.copy(to, meant);
  else r.b.add({ op: 'instance', to, type: typeOf(r, inner), isOnly: true });
}

/** `typeof x` in a type: not an instance of x, but what x is. */
function valueOfQuery(r: ScriptReader, node: PlainNode): Var | undefined {
  const of = operands(node).find((child) => child.type !== 'typeof');
  return of !== undefined && /^(identifier|member_expression|call_expression)$/.test(of.type)
    ? r.evaluate(of)
    : undefined;
}

/** The classes that a type may be, and the containers it makes: what `instance` takes. */
export function typeOf(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'type_identifier':
    case 'identifier':
      return b.readTypeAt(node);
    case 'nested_type_identifier': {
      const [first, ...rest] = b
        .text(node)
        .split('.')
        .map((part) => part.trim());
      return rest.reduce((from, part) => b.get(from, part, node), b.readTypeAt(node, first as string));
    }
    case 'generic_type':
      return genericType(r, node);
    // `import('./x').T`
    case 'member_expression':
      return r.evaluate(node);
    case 'union_type':
    case 'intersection_type':
      return b.union([b.variable(), ...operands(node).map((part) => typeOf(r, part))]);
    case 'array_type':
      return listOf(r, operands(node).slice(0, 1), node);
    case 'tuple_type':
      return tupleOf(r, node);
    case 'readonly_type':
    case 'parenthesized_type':
    case 'optional_type':
    case 'rest_type': {
      const inner = operands(node).find((child) => child.type !== 'readonly');
      return inner === undefined ? b.variable() : typeOf(r, inner);
    }
    case 'object_type':
      return r.interfaceBody(node, `<anonymous:${node.line}>`);
    case 'this_type':
    case 'this':
      return r.self === undefined ? b.variable() : r.self;
    case 'predefined_type':
      return b.builtin(b.text(node));
    case 'literal_type':
      return b.builtin(literalType(b.text(node)));
    case 'template_literal_type':
      return b.builtin('string');
    case 'function_type':
      return functionType(r, node);
    case 'constructor_type':
      mentionTypes(r, node);
      return b.builtin('Function');
    default:
      // Computed types can be anything.
      mentionTypes(r, node);
      return b.builtin('any');
  }
}

/** Types that are named where what they say of values is not followed: in type arguments, in types of functions. */
export function mentionTypes(r: ScriptReader, node: PlainNode | undefined): void {
  if (node?.type === 'type_identifier') r.b.readTypeAt(node);
  else if (node?.type === 'nested_type_identifier') typeOf(r, node);
  else for (const child of node?.children ?? []) if (child.type !== 'type_parameters') mentionTypes(r, child);
}

/** A type parameter may be anything that its bound allows. */
export function declareTypeParameters(r: ScriptReader, node: PlainNode): void {
  const { b } = r;
  for (const parameter of childOf(node, 'type_parameters')?.children ?? []) {
    const name = childOf(parameter, 'name');
    if (name === undefined) continue;
    const binding = b.declare(b.text(name));
    const bound = childOf(parameter, 'constraint');
    const type = bound && operands(bound).find((child) => !isWord(child));
    b.copy(binding.all, type ? typeOf(r, type) : b.builtin('any'));
  }
}

/** `(a: A, b: B) => C`, as what it says of a function in a place of this type. */
function functionType(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const to = b.variable();
  const result = b.variable();
  const parameters: Var[] = [];
  b.pushScope();
  declareTypeParameters(r, node);
  let isRest = false;
  for (const part of operands(childOf(node, 'parameters') ?? { ...node, children: [] })) {
    const pattern = childOf(part, 'pattern');
    if (pattern?.type === 'this') continue;
    isRest ||= pattern?.type === 'rest_pattern';
    const value = b.variable();
    addDeclaredType(r, childOf(part, 'type'), value);
    if (!isRest) parameters.push(value);
  }
  addDeclaredType(r, childOf(node, 'return_type'), result);
  b.popScope();
  b.add({ op: 'functionType', to, parameters, result });
  return to;
}

function literalType(text: string): string {
  if (/^['"`]/.test(text)) return 'string';
  if (/^[-\d]/.test(text)) return 'number';
  return text === 'true' || text === 'false' ? 'boolean' : text;
}

function genericType(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const head = childOf(node, 'name') ?? childOf(node, 'constructor');
  const given = childOf(node, 'type_arguments');
  const args = given === undefined ? [] : operands(given);
  const name = head === undefined ? '' : b.text(head);
  const [first] = args;
  if (head === undefined) return b.variable();
  if (b.lookUp(name) === undefined) {
    if (transparent.has(name)) {
      for (const arg of args.slice(1)) mentionTypes(r, arg);
      return first === undefined ? b.variable() : typeOf(r, first);
    }
    if (lists.has(name)) return listOf(r, args.slice(0, 1), node);
    if (tables.has(name)) mentionTypes(r, first);
    if (tables.has(name)) return listOf(r, args.slice(-1), node, name === 'Record' ? 'object' : 'map');
  }
  for (const arg of args) mentionTypes(r, arg);
  return head.type === 'nested_type_identifier' ? typeOf(r, head) : b.readTypeAt(head);
}

/** The name of a generic type that is no type of the language. */
export function genericHead(r: ScriptReader, node: PlainNode): PlainNode | undefined {
  const head =
    node.type === 'generic_type' ? (childOf(node, 'name') ?? childOf(node, 'constructor')) : undefined;
  const name = head && r.b.text(head);
  const isKnown = name !== undefined && (transparent.has(name) || lists.has(name) || tables.has(name));
  return isKnown && r.b.lookUp(name) === undefined ? undefined : head;
}

function listOf(r: ScriptReader, parts: readonly PlainNode[], node: PlainNode, type = 'array'): Var {
  const { b } = r;
  const held = b.container(type);
  const item = b.variable();
  for (const part of parts) addDeclaredType(r, part, item);
  b.setItem(held, undefined, item, node);
  return held;
}

/** Each part by its place, up to one that stands for any number. */
function tupleOf(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const held = b.container('array');
  let isAligned = true;
  for (const [index, part] of operands(node).entries()) {
    const item = b.variable();
    if (part.type === 'rest_type') isAligned = false;
    addDeclaredType(r, childOf(part, 'type') ?? part, item);
    if (isAligned) b.setKey(held, index, item, node);
    else b.setItem(held, undefined, item, node);
  }
  return held;
}
