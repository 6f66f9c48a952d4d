/** Types of Rust: which struct, enum or trait a value is of, and what wrappers and containers hold. */
import type { Var } from '../../../model/code-facts.ts';
import { textTable } from '../../../model/text-table.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { lastName, readPath } from './paths.ts';
import { operands, type RustReader } from './reader.ts';

/** Types that act as what they hold. */
const transparent = new Set(
  `Box Rc Arc Weak Pin Cow RefCell Cell Mutex RwLock MutexGuard RwLockReadGuard RwLockWriteGuard Ref RefMut OnceCell OnceLock Lazy
  LazyLock LazyCell UnsafeCell ManuallyDrop MaybeUninit NonNull AtomicPtr Wrapping Reverse JoinHandle PhantomData Once`
    .trim()
    .split(/\s+/),
);
/** Which of their arguments containers hold. */
const holders = textTable<number>({
  ...Object.fromEntries(
    'Option Result Vec VecDeque LinkedList HashSet BTreeSet BinaryHeap IndexSet SmallVec Poll Iter IntoIter Peekable Sender Receiver UnboundedSender UnboundedReceiver SyncSender'
      .split(' ')
      .map((name) => [name, 0]),
  ),
  ...Object.fromEntries('HashMap BTreeMap IndexMap FxHashMap DashMap'.split(' ').map((name) => [name, 1])),
});
const callableTraits = new Set(['Fn', 'FnMut', 'FnOnce']);

/** Adds to `to` what a value of the type can be. */
export function addDeclared(r: RustReader, node: PlainNode, to: Var): void {
  const type = r.type(node);
  r.b.add({ op: 'instance', to, type, ...(isPlain(r, node) && { isOnly: true }) });
}

/** A type by its own name, neither a trait nor something that holds others. */
function isPlain(r: RustReader, node: PlainNode): boolean {
  if (node.type === 'reference_type' || node.type === 'pointer_type') {
    const inner = childOf(node, 'type');
    return inner !== undefined && isPlain(r, inner);
  }
  if (!/^(scoped_type_identifier|type_identifier|generic_type)$/.test(node.type)) return false;
  const name = lastName(r, node);
  return !r.parameters.has(name) && name !== 'Self' && (r.defined.has(name) || !isWrapper(name));
}

function isWrapper(name: string): boolean {
  return transparent.has(name) || holders[name] !== undefined;
}

/** What `instance` takes: structs, enums, traits, built-in types, and the containers that the type makes. */
export function typeOf(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'type_identifier':
    case 'primitive_type':
    case 'scoped_type_identifier':
    case 'identifier':
    case 'scoped_identifier':
      return readPath(r, node);
    case 'generic_type':
    case 'generic_type_with_turbofish':
      return genericType(r, node);
    case 'reference_type':
    case 'pointer_type':
    case 'parenthesized_type': {
      const inner = childOf(node, 'type') ?? operands(node)[0];
      return inner === undefined ? b.variable() : typeOf(r, inner);
    }
    case 'dynamic_type':
    case 'abstract_type':
    case 'higher_ranked_trait_bound': {
      const trait = childOf(node, 'trait') ?? childOf(node, 'type') ?? operands(node).at(-1);
      return trait === undefined ? b.variable() : typeOf(r, trait);
    }
    case 'bounded_type':
    case 'trait_bounds':
      return b.union([b.variable(), ...operands(node).map((part) => typeOf(r, part))]);
    case 'array_type':
    case 'slice_type': {
      const inner = childOf(node, 'element') ?? operands(node)[0];
      return holding(r, inner === undefined ? [] : [inner], node, 'array');
    }
    case 'tuple_type':
      return tupleOf(r, node);
    case 'bracketed_type':
    case 'qualified_type':
      return readPath(r, node.type === 'qualified_type' ? (childOf(node, 'type') ?? node) : node);
    default:
      return b.variable();
  }
}

function genericType(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const head = childOf(node, 'type');
  if (head === undefined) return b.variable();
  const name = lastName(r, head);
  const args = argumentsOf(childOf(node, 'type_arguments'));
  if (r.defined.has(name)) return readPath(r, head);
  const [first] = args;
  if (transparent.has(name)) return first === undefined ? b.variable() : typeOf(r, first);
  const at = holders[name];
  if (at !== undefined) return holdingResult(r, args, at, name, node);
  const bound = args.find((arg) => arg.type === 'type_binding');
  const inner = bound && childOf(bound, 'type');
  if (
    inner !== undefined &&
    /^(Iterator|IntoIterator|Stream|DoubleEndedIterator|ExactSizeIterator)$/.test(name)
  )
    return holding(r, [inner], node, name);
  if (inner !== undefined && /^(Future|IntoFuture|Deref|DerefMut)$/.test(name)) return typeOf(r, inner);
  if (/^(AsRef|Borrow|Into)$/.test(name) && first !== undefined) return typeOf(r, first);
  if (callableTraits.has(name)) return b.variable();
  return readPath(r, head);
}

function argumentsOf(list: PlainNode | undefined): readonly PlainNode[] {
  return list === undefined ? [] : operands(list);
}

/** What a type in brackets after `::` is: `collect::<Vec<Foo>>()`. */
export function turbofish(r: RustReader, node: PlainNode): Var | undefined {
  const [first] = argumentsOf(childOf(node, 'type_arguments'));
  if (first === undefined || r.b.text(first) === '_') return undefined;
  return r.b.instanceOf(typeOf(r, first));
}

function holdingResult(
  r: RustReader,
  args: readonly PlainNode[],
  at: number,
  name: string,
  node: PlainNode,
): Var {
  const { b } = r;
  const held = holding(r, args.slice(at, at + 1), node, name);
  const error = name === 'Result' ? args[1] : undefined;
  if (error !== undefined) {
    const value = b.variable();
    addDeclared(r, error, value);
    b.set(held, '.err', value, node);
  }
  return held;
}

function holding(r: RustReader, parts: readonly PlainNode[], node: PlainNode, type: string): Var {
  const { b } = r;
  const held = b.container(type);
  const item = b.variable();
  for (const part of parts) addDeclared(r, part, item);
  b.setItem(held, undefined, item, node);
  return held;
}

function tupleOf(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const held = b.container('tuple');
  for (const [index, part] of operands(node).entries()) {
    const item = b.variable();
    addDeclared(r, part, item);
    b.setKey(held, index, item, node);
  }
  return held;
}

/** Binds type parameters to what their bounds name; reads them in a scope that is already there. */
export function declareParameters(r: RustReader, node: PlainNode): void {
  const { b } = r;
  const found = new Set(r.parameters);
  const list = childOf(node, 'type_parameters');
  for (const parameter of list === undefined ? [] : operands(list)) {
    const name = childOf(parameter, 'name') ?? (parameter.type === 'type_identifier' ? parameter : undefined);
    if (
      name === undefined ||
      !/^(type_parameter|type_identifier|constrained_type_parameter|optional_type_parameter)$/.test(
        parameter.type,
      )
    )
      continue;
    found.add(b.text(name));
    b.declare(b.text(name)).isOrdered = false;
  }
  r.parameters = found;
  for (const parameter of list === undefined ? [] : operands(list))
    bindBounds(r, childOf(parameter, 'name'), childOf(parameter, 'bounds'));
  const where = node.children.find(({ type }) => type === 'where_clause');
  for (const predicate of where === undefined ? [] : operands(where))
    bindBounds(r, childOf(predicate, 'left'), childOf(predicate, 'bounds'));
}

function bindBounds(r: RustReader, name: PlainNode | undefined, bounds: PlainNode | undefined): void {
  if (name?.type !== 'type_identifier' || bounds === undefined) return;
  const binding = r.b.lookUp(r.b.text(name));
  if (binding === undefined || !r.parameters.has(binding.name)) return;
  for (const bound of operands(bounds)) r.b.copy(binding.all, typeOf(r, bound));
}
