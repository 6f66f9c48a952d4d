/** Types of Kotlin as far as they say which class, interface or collection a value is of. */
import type { Var } from '../../../model/code-facts.ts';
import type { PlainNode } from '../../references/plain-tree.ts';
import { typeNamed } from '../../references/typed-classes.ts';
import { type KotlinReader, operands, partOf } from './reader.ts';

const collections = new Set(
  `List MutableList ArrayList Set MutableSet HashSet LinkedHashSet Map MutableMap HashMap LinkedHashMap Collection MutableCollection
  Iterable Iterator Sequence Array ArrayDeque Flow StateFlow MutableStateFlow Lazy`.split(/\s+/),
);

const typeParameter = '%parameter';

export function isType(node: PlainNode): boolean {
  return /^(user_type|nullable_type|function_type|parenthesized_type|non_nullable_type)$/.test(node.type);
}

export function addDeclaredType(r: KotlinReader, node: PlainNode | undefined, to: Var): void {
  if (node !== undefined) r.b.add({ op: 'instance', to, type: typeOf(r, node), isOnly: true });
}

export function typeOf(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'identifier':
      return typeNamed(r, b.text(node), node);
    case 'user_type': {
      const names = node.children.filter(({ type }) => type === 'identifier').map((part) => b.text(part));
      const [only] = names;
      if (names.length !== 1 || only === undefined) return qualified(r, names, node);
      const held = collectionOf(r, only, partOf(node, 'type_arguments'), node);
      return held ?? typeNamed(r, only, node);
    }
    case 'nullable_type':
    case 'parenthesized_type':
    case 'non_nullable_type':
    case 'type_projection': {
      const inner = operands(node).find((part) => isType(part));
      return inner === undefined ? b.builtin(typeParameter) : typeOf(r, inner);
    }
    case 'function_type':
      return b.builtin('Function');
    default:
      return b.variable();
  }
}

export function qualified(r: KotlinReader, parts: readonly string[], node: PlainNode): Var {
  const { b } = r;
  const [first = ''] = parts;
  const at = parts.findIndex((part) => /^[A-Z]/.test(part));
  if (at > 0 && b.lookUp(first) === undefined) {
    const outer = b.importOf(parts.slice(0, at).join('.'), parts[at], node);
    return parts.slice(at + 1).reduce((from, part) => b.get(from, part, node), outer);
  }
  return parts.slice(1).reduce((from, part) => b.get(from, part, node), typeNamed(r, first, node));
}

function collectionOf(
  r: KotlinReader,
  name: string,
  list: PlainNode | undefined,
  node: PlainNode,
): Var | undefined {
  const { b } = r;
  const imported = r.imports.get(name);
  const isForeign =
    imported === undefined ? b.lookUp(name) === undefined : /^(java|kotlin)x?\./.test(imported);
  if (!collections.has(name) || !isForeign) return undefined;
  const held = b.container(imported ?? `kotlin.collections.${name}`);
  const argument = list && operands(list).at(-1);
  if (argument !== undefined) {
    const item = b.variable();
    addDeclaredType(r, argument, item);
    b.setItem(held, undefined, item, node);
  }
  return held;
}

export function declareTypeParameters(r: KotlinReader, node: PlainNode): void {
  const { b } = r;
  for (const parameter of partOf(node, 'type_parameters')?.children ?? []) {
    const name = partOf(parameter, 'identifier');
    if (name === undefined) continue;
    const bound = parameter.children.find((part) => isType(part));
    b.copy(b.declare(b.text(name)).all, bound === undefined ? b.builtin(typeParameter) : typeOf(r, bound));
  }
}
