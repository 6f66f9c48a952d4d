/** Types of Java as far as they say which class, interface or collection a value is of. */
import type { Var } from '../../../model/code-facts.ts';
import { textTable } from '../../../model/text-table.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { typeNamed } from '../../references/typed-classes.ts';
import { type JavaReader, operands } from './reader.ts';

/** Types of `java.util` and below that hold values of their last argument, by package. */
const collections = textTable<ReadonlySet<string>>({
  'java.util': new Set(
    `List ArrayList LinkedList Set HashSet LinkedHashSet TreeSet SortedSet NavigableSet EnumSet Map HashMap LinkedHashMap TreeMap
    SortedMap NavigableMap EnumMap IdentityHashMap WeakHashMap Hashtable Collection Queue Deque ArrayDeque PriorityQueue Stack Vector
    Iterator ListIterator Enumeration Optional`.split(/\s+/),
  ),
  'java.util.concurrent': new Set(
    `ConcurrentHashMap ConcurrentMap ConcurrentSkipListMap ConcurrentLinkedQueue ConcurrentLinkedDeque CopyOnWriteArrayList
    CopyOnWriteArraySet BlockingQueue LinkedBlockingQueue ArrayBlockingQueue BlockingDeque PriorityBlockingQueue`.split(
      /\s+/,
    ),
  ),
  'java.util.concurrent.atomic': new Set(['AtomicReference']),
  'java.util.stream': new Set(['Stream']),
  'java.lang': new Set(['Iterable', 'ThreadLocal']),
  'java.lang.ref': new Set(['WeakReference', 'SoftReference']),
});

/** Type of what is of no known type. */
const typeParameter = '%parameter';

export function addDeclaredType(r: JavaReader, node: PlainNode | undefined, to: Var): void {
  if (node !== undefined && !isVar(r, node))
    r.b.add({ op: 'instance', to, type: typeOf(r, node), isOnly: true });
}

export function isVar(r: JavaReader, node: PlainNode): boolean {
  return node.type === 'type_identifier' && r.b.text(node) === 'var';
}

export function typeOf(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'type_identifier':
    case 'identifier':
      return typeNamed(r, b.text(node), node);
    case 'scoped_type_identifier': {
      const parts = operands(node);
      const [holder, name] = [parts.at(-2), parts.at(-1)];
      if (holder === undefined || name === undefined) return b.variable();
      return qualified(r, b.text(node).replace(/\s+/g, '').split('.'), node);
    }
    case 'generic_type':
      return genericType(r, node);
    case 'array_type': {
      const held = b.container('array');
      const element = childOf(node, 'element');
      if (element && !/^(integral|floating_point|boolean)_type$/.test(element.type)) {
        const item = b.variable();
        addDeclaredType(r, element, item);
        b.setItem(held, undefined, item, node);
      }
      return held;
    }
    case 'annotated_type': {
      const inner = operands(node).at(-1);
      return inner === undefined ? b.variable() : typeOf(r, inner);
    }
    case 'wildcard': {
      const bound = operands(node).at(-1);
      return bound === undefined ? b.builtin(typeParameter) : typeOf(r, bound);
    }
    case 'integral_type':
    case 'floating_point_type':
    case 'boolean_type':
    case 'void_type':
      return b.builtin(b.text(node));
    default:
      return b.variable();
  }
}

/** `a.b.C.D`: small letters are a package by custom, what follows are classes in each other. */
export function qualified(r: JavaReader, parts: readonly string[], node: PlainNode): Var {
  const { b } = r;
  const first = parts[0] as string;
  const at = parts.findIndex((part) => /^[A-Z]/.test(part));
  if (at <= 0 || b.lookUp(first) !== undefined)
    return parts.slice(1).reduce((from, part) => b.get(from, part, node), typeNamed(r, first, node));
  const outer = b.importOf(parts.slice(0, at).join('.'), parts[at], node);
  return parts.slice(at + 1).reduce((from, part) => b.get(from, part, node), outer);
}

function genericType(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  const [head, list] = operands(node);
  if (head === undefined) return b.variable();
  const full = collectionName(r, b.text(head));
  if (full === undefined) return typeOf(r, head);
  const held = b.container(full);
  const argument = list && operands(list).at(-1);
  if (argument !== undefined) {
    const item = b.variable();
    addDeclaredType(r, argument, item);
    b.setItem(held, undefined, item, node);
  }
  return held;
}

/** Full name of a type that holds values; undefined for any other. */
export function collectionName(r: JavaReader, name: string): string | undefined {
  const imported = r.imports.get(name);
  if (imported !== undefined) {
    const dot = imported.lastIndexOf('.');
    return collections[imported.slice(0, dot)]?.has(name) ? imported : undefined;
  }
  if (r.b.lookUp(name) !== undefined) return undefined;
  const holder = r.packages.find((one) => collections[one]?.has(name));
  if (holder !== undefined) return `${holder}.${name}`;
  return name === 'Iterable' ? 'java.lang.Iterable' : undefined;
}

/** A type parameter may be what its bound names. */
export function declareTypeParameters(r: JavaReader, node: PlainNode): void {
  const { b } = r;
  const list =
    childOf(node, 'type_parameters') ?? node.children.find(({ type }) => type === 'type_parameters');
  for (const parameter of list === undefined ? [] : operands(list)) {
    const [name, bound] = operands(parameter);
    if (name === undefined) continue;
    const binding = b.declare(b.text(name));
    const first = bound && operands(bound)[0];
    b.copy(binding.all, first === undefined ? b.builtin(typeParameter) : typeOf(r, first));
  }
}
