/** Types of C# as far as they say which class, interface, delegate or collection a value is of. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { typeNamed } from '../../references/typed-classes.ts';
import { bareName, type CSharpReader, operands, partOf, typeCount, typeKey } from './reader.ts';

const words = (list: string) => new Set(list.trim().split(/\s+/));

/** Types of the class library that hold values of their last argument. Repositories seldom name a class of their own so. */
const collections =
  words(`List IList IEnumerable ICollection IReadOnlyList IReadOnlyCollection Collection ReadOnlyCollection HashSet ISet IReadOnlySet
  SortedSet Queue Stack LinkedList Dictionary IDictionary IReadOnlyDictionary SortedDictionary SortedList ConcurrentDictionary
  ConcurrentBag ConcurrentQueue ConcurrentStack BlockingCollection ImmutableArray ImmutableList ImmutableDictionary ImmutableHashSet
  IEnumerator IAsyncEnumerable IAsyncEnumerator IQueryable IOrderedEnumerable ILookup ObservableCollection Span ReadOnlySpan Memory
  ReadOnlyMemory ArraySegment Lazy ThreadLocal AsyncLocal WeakReference StrongBox PriorityQueue FrozenDictionary FrozenSet`);
/** Types whose values are, for who calls, those of their argument. */
const transparent = words('Task ValueTask Nullable ActionResult');
const delegates = words('Func Action Predicate Comparison Converter EventHandler');
const numbers = /^(bool|byte|sbyte|char|decimal|double|float|int|uint|long|ulong|short|ushort|nint|nuint)$/;

/** Type of what is of no known type. */
const typeParameter = '%parameter';

export function addDeclaredType(r: CSharpReader, node: PlainNode | undefined, to: Var): void {
  if (node === undefined || saysNothing(r, node)) return;
  r.b.add({ op: 'instance', to, type: typeOf(r, node), isOnly: true });
}

/** `var`, `object`, `dynamic`: of any class. */
export function saysNothing(r: CSharpReader, node: PlainNode): boolean {
  return node.type === 'implicit_type' || /^(var|object|dynamic)\??$/.test(r.b.text(node));
}

export function typeOf(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'identifier':
      return delegates.has(b.text(node)) && b.lookUp(b.text(node)) === undefined
        ? b.builtin('Function')
        : typeNamed(r, bareName(r, node), node);
    case 'predefined_type': {
      const name = b.text(node);
      if (numbers.test(name)) return b.builtin(name);
      return name === 'void' ? b.variable() : b.importOf('System', name === 'string' ? 'String' : 'Object');
    }
    case 'generic_name':
      return genericType(r, node);
    case 'qualified_name': {
      const qualifier = childOf(node, 'qualifier');
      const name = childOf(node, 'name');
      if (qualifier === undefined || name === undefined) return b.variable();
      const key = typeKey(bareName(r, name), typeCount(name));
      return b.get(typeOf(r, qualifier), key, node);
    }
    case 'alias_qualified_name': {
      const name = childOf(node, 'name');
      return name === undefined ? b.variable() : typeNamed(r, bareName(r, name), node);
    }
    case 'nullable_type':
    case 'ref_type':
    case 'pointer_type':
    case 'scoped_type': {
      const inner = childOf(node, 'type') ?? operands(node).at(-1);
      return inner === undefined ? b.variable() : typeOf(r, inner);
    }
    case 'array_type': {
      const held = b.container('array');
      hold(r, held, childOf(node, 'type'), node);
      return held;
    }
    case 'tuple_type': {
      const held = b.container('tuple');
      for (const [at, element] of operands(node).entries()) {
        const item = b.variable();
        addDeclaredType(r, childOf(element, 'type'), item);
        b.setKey(held, at, item, node);
        const name = childOf(element, 'name');
        if (name) b.set(held, b.text(name), item, node);
      }
      return held;
    }
    default:
      return b.variable();
  }
}

/** `a` and `b` of `(A a, B b)`, also where a task will hold it. */
export function namesOfTuple(r: CSharpReader, node: PlainNode | undefined): readonly (string | undefined)[] {
  const list = node?.type === 'generic_name' ? partOf(node, 'type_argument_list') : undefined;
  const tuple = list && transparent.has(bareName(r, node as PlainNode)) ? operands(list)[0] : node;
  if (tuple?.type !== 'tuple_type') return [];
  return operands(tuple).map((element) => {
    const name = childOf(element, 'name');
    return name && r.b.text(name);
  });
}

function genericType(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  const name = bareName(r, node);
  const list = partOf(node, 'type_argument_list');
  const args = list === undefined ? [] : operands(list);
  const last = args.at(-1);
  const key = typeKey(name, typeCount(node));
  if (b.lookUp(key) !== undefined) return b.readTypeAt(node, key);
  if (transparent.has(name)) return last === undefined ? b.variable() : typeOf(r, last);
  if (delegates.has(name)) return b.builtin('Function');
  if (!collections.has(name)) {
    // What stands in the brackets is named, too.
    for (const arg of args) if (/^(identifier|generic_name|qualified_name)$/.test(arg.type)) typeOf(r, arg);
    return typeNamed(r, key, node);
  }
  const held = b.container(`System.Collections.${name}`);
  hold(r, held, last, node);
  return held;
}

function hold(r: CSharpReader, held: Var, type: PlainNode | undefined, node: PlainNode): void {
  if (type === undefined || (type.type === 'predefined_type' && r.b.text(type) !== 'string')) return;
  const item = r.b.variable();
  addDeclaredType(r, type, item);
  r.b.setItem(held, undefined, item, node);
}

/** A type parameter may be what its constraint names. */
export function declareTypeParameters(r: CSharpReader, node: PlainNode): void {
  const { b } = r;
  const list = childOf(node, 'type_parameters') ?? partOf(node, 'type_parameter_list');
  const constraints = node.children.filter(({ type }) => type === 'type_parameter_constraints_clause');
  for (const parameter of list?.children ?? []) {
    const name = parameter.type === 'type_parameter' ? childOf(parameter, 'name') : undefined;
    if (name === undefined) continue;
    const binding = b.declare(b.text(name));
    const clause = constraints.find(({ children }) =>
      children.some((child) => child.type === 'identifier' && b.text(child) === b.text(name)),
    );
    const bounds = clause?.children.flatMap((child) => childOf(child, 'type') ?? []) ?? [];
    if (bounds.length === 0) b.copy(binding.all, b.builtin(typeParameter));
    for (const bound of bounds) b.copy(binding.all, typeOf(r, bound));
  }
}
