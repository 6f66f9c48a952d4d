/** Types and declarators of C and C++: of which class a name is, and what pointers and containers hold. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { type CReader, linked, nameText, operands } from './reader.ts';

/** Types that act as what they hold. */
const transparent = new Set(
  `unique_ptr shared_ptr weak_ptr optional reference_wrapper atomic scoped_ptr intrusive_ptr StatusOr observer_ptr not_null auto_ptr
  scoped_refptr future shared_future promise lock_guard`
    .trim()
    .split(/\s+/),
);
/** Which of their arguments containers hold. */
const holders: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'vector list deque set unordered_set multiset array span initializer_list queue stack priority_queue forward_list flat_hash_set InlinedVector Span'
      .split(' ')
      .map((name) => [name, 0]),
  ),
  ...Object.fromEntries('map unordered_map multimap flat_hash_map btree_map pair'.split(' ').map((name) => [name, 1])),
};

/** The classes that a type may be, and the containers it makes: what `instance` takes. */
export function typeOf(r: CReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'type_identifier':
    case 'namespace_identifier':
    case 'identifier': {
      const name = b.text(node);
      return b.lookUp(name) === undefined ? linked(r, 'type', name) : b.readAny(name);
    }
    case 'qualified_identifier': {
      let last: PlainNode = node;
      while (last.type === 'qualified_identifier') last = childOf(last, 'name') ?? { ...last, type: '' };
      const known = last.type === 'template_type' ? templateType(r, last, nameText(r, node)) : undefined;
      return known ?? linked(r, 'type', nameText(r, node));
    }
    case 'template_type':
      return templateType(r, node, nameText(r, node));
    case 'struct_specifier':
    case 'class_specifier':
    case 'union_specifier':
    case 'enum_specifier': {
      const name = childOf(node, 'name');
      const isKnown = name === undefined && b.lookUp(`%type ${node.start}`) !== undefined;
      if (childOf(node, 'body') !== undefined && !isKnown) r.define(node);
      return name === undefined ? b.readAny(`%type ${node.start}`) : typeOf(r, name);
    }
    case 'type_descriptor':
    case 'dependent_type': {
      const inner = childOf(node, 'type') ?? operands(node)[0];
      return inner === undefined ? b.variable() : typeOf(r, inner);
    }
    default:
      return b.variable();
  }
}

function templateType(r: CReader, node: PlainNode, full: string): Var {
  const { b } = r;
  const name = full.split('::').at(-1) ?? full;
  const list = childOf(node, 'arguments');
  const args = list === undefined ? [] : operands(list);
  if (transparent.has(name) && args[0] !== undefined) return typeOf(r, args[0]);
  const at = holders[name];
  const held = at === undefined ? undefined : (args[at] ?? args[0]);
  if (held !== undefined) return containerOf(r, typeOf(r, held), node, name);
  if (name === 'function' || name === 'function_ref') return b.variable();
  return linked(r, 'type', full);
}

function containerOf(r: CReader, type: Var, node: PlainNode, name: string): Var {
  const { b } = r;
  const held = b.container(name);
  const item = b.variable();
  b.add({ op: 'instance', to: item, type });
  b.setItem(held, undefined, item, node);
  return held;
}

export interface Declarator {
  readonly name: PlainNode | undefined;
  /** Of a function; undefined for anything else, also a pointer to one. */
  readonly parameters: PlainNode | undefined;
  readonly isPointer: boolean;
  readonly isArray: boolean;
  readonly function: PlainNode | undefined;
}

/** Takes a declarator apart down to its name. */
export function readDeclarator(node: PlainNode | undefined): Declarator {
  let isPointer = false;
  let isArray = false;
  let fn: PlainNode | undefined;
  let at = node;
  while (at !== undefined) {
    switch (at.type) {
      case 'pointer_declarator':
      case 'reference_declarator':
      case 'abstract_pointer_declarator':
      case 'abstract_reference_declarator':
        if (fn === undefined) isPointer = true;
        // `(*f)(int)`: a pointer, not a function.
        else fn = undefined;
        break;
      case 'array_declarator':
        isArray = true;
        break;
      case 'function_declarator':
        fn = at;
        break;
      case 'parenthesized_declarator':
      case 'init_declarator':
      case 'attributed_declarator':
      case 'bitfield_clause':
        break;
      default:
        return { name: at, parameters: fn && childOf(fn, 'parameters'), isPointer, isArray, function: fn };
    }
    const current: PlainNode = at;
    at =
      childOf(current, 'declarator') ??
      operands(current).find(({ type }) => /declarator$|identifier$|_name$/.test(type));
  }
  return { name: undefined, parameters: fn && childOf(fn, 'parameters'), isPointer, isArray, function: fn };
}

/** Adds to `to` what a name declared so can be. */
export function addDeclared(r: CReader, type: PlainNode | undefined, declarator: Declarator, to: Var): void {
  if (type === undefined || /^(primitive_type|sized_type_specifier)$/.test(type.type)) return;
  const of = r.type(type);
  const { b } = r;
  if (declarator.isArray) b.add({ op: 'instance', to, type: containerOf(r, of, type, 'array'), isMade: true });
  const isValue = !declarator.isPointer && type.type !== 'placeholder_type_specifier';
  b.add({ op: 'instance', to, type: of, ...(isValue && !declarator.isArray && { isMade: true }) });
  if (isValue) return;
  // Containers are known by their types, whatever was put in.
  b.add({ op: 'instance', to, type: of });
}
