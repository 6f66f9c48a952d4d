/**
 * Classes of compiled languages with inheritance, while a reader is inside them: what a bare name means, and members with their overloads.
 * Knows no language. A bare name is a local, else a field or method of the class around, of one around that, or inherited by them.
 */
import type { Var } from '../../model/code-facts.ts';
import type { FactsBuilder } from './facts-builder.ts';
import type { PlainNode } from './plain-tree.ts';

export interface OpenClass {
  readonly index: number;
  readonly path: string;
  /** The class as a value. */
  readonly type: Var;
  /** Receivers of all its methods: what code of inner classes means by the outer object. */
  readonly selves: Var;
  /** The receiver here; the class itself where there is none. */
  self: Var;
  readonly fields: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
  /** It may have names that do not stand in it. */
  readonly inherits: boolean;
  readonly outer: OpenClass | undefined;
  /** Number of the function in which it stands. */
  readonly at: number;
  readonly members: [string, Var][];
  readonly overloads: Overload[];
}

export interface Overload {
  readonly name: string;
  readonly value: Var;
  /** Fewest and most arguments; a rest parameter takes some more. */
  readonly least: number;
  readonly most: number;
  readonly hasRest: boolean;
}

export interface TypedReader {
  readonly b: FactsBuilder;
  cls: OpenClass | undefined;
}

/** Arguments beyond the last named parameter that a rest parameter is known to take. */
const maxRest = 8;

export interface ClassShape {
  readonly path: string;
  readonly node: PlainNode;
  readonly fields: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
  readonly bases: readonly Var[];
  readonly baseLines: readonly number[];
  readonly inherits: boolean;
  readonly isInterface?: boolean;
  readonly isCallable?: boolean;
  readonly part?: string;
  /** Fields that the constructor nobody wrote gives its arguments to, in order. */
  readonly components?: Var[];
}

/** Adds a class; `read` sees it as the class around. `type`: variable of its value, made before its name was bound. */
export function inClass(r: TypedReader, shape: ClassShape, type: Var, read: (cls: OpenClass) => void): void {
  const { b } = r;
  const { path, node, bases, baseLines, isInterface, isCallable, part, components } = shape;
  const members: [string, Var][] = [];
  const index = b.classes.length;
  b.classes.push({
    path,
    start: node.line,
    end: node.endLine,
    bases,
    baseLines,
    members,
    ...(isInterface && { isInterface: true }),
    ...(isCallable && { isCallable: true }),
    ...(part !== undefined && { part }),
    ...(components && { components }),
  });
  b.add({ op: 'class', to: type, index });
  const made = b.variable();
  b.add({ op: 'instance', to: made, type, isMade: true });
  const { fields, methods, inherits } = shape;
  const cls: OpenClass = {
    index,
    path,
    type,
    selves: b.variable(),
    self: made,
    fields,
    methods,
    inherits,
    outer: r.cls,
    at: b.at,
    members,
    overloads: [],
  };
  const outer = r.cls;
  r.cls = cls;
  read(cls);
  r.cls = outer;
  addOverloads(cls);
}

/** Members under their name with the number of arguments; a method that takes exactly so many goes before one that takes any. */
function addOverloads({ overloads, members }: OpenClass): void {
  const exact = new Set<string>();
  const add = (name: string, count: number, value: Var) => members.push([keyOf(name, count), value]);
  for (const { name, least, most, hasRest, value } of overloads) {
    members.push([referenceKey(name), value]);
    for (let count = least; count <= (hasRest ? most - 1 : most); count++) {
      exact.add(keyOf(name, count));
      add(name, count, value);
    }
  }
  for (const { name, least, most, hasRest, value } of overloads) {
    if (!hasRest) continue;
    for (let count = Math.max(least, most - 1); count < most + maxRest; count++)
      if (!exact.has(keyOf(name, count)) || count === most - 1) add(name, count, value);
  }
}

/** Name of a method as a call with so many arguments looks for it. */
export function keyOf(name: string, count: number): string {
  return `${name}(${count})`;
}

/** Name of a method where it is not called: any overload. */
export function referenceKey(name: string): string {
  return `${name}(*)`;
}

/** Path of the class around for what stands in it and in none of its functions. */
export function holderPath({ b, cls }: TypedReader): string | undefined {
  return cls !== undefined && cls.at === b.at ? cls.path : undefined;
}

/** Adds what, called, gives a value and is no code of the source. */
export function accessor(r: TypedReader, from: Var): Var {
  const to = r.b.variable();
  r.b.add({ op: 'accessor', to, from });
  return to;
}

/** A class inside another is made by what looks like a method: `Outer.Inner(x)`. */
export function addConstructible(cls: OpenClass, name: string, value: Var): void {
  for (let count = 0; count <= maxRest; count++) cls.members.push([keyOf(name, count), value]);
}

export function enclosing(r: TypedReader): OpenClass[] {
  const found: OpenClass[] = [];
  for (let cls = r.cls; cls !== undefined; cls = cls.outer) found.push(cls);
  return found;
}

/** The class around whose field a bare name is: one that has it, else one that may inherit it. */
export function holderOfField(r: TypedReader, name: string): OpenClass | undefined {
  const around = enclosing(r);
  return around.find(({ fields }) => fields.has(name)) ?? around.find(({ inherits }) => inherits);
}

/** What a bare name is as a member of the classes around; undefined where none has it or may inherit it. */
export function memberOfAround(
  r: TypedReader,
  name: string,
  names: (cls: OpenClass) => ReadonlySet<string>,
  key: string,
  node: PlainNode,
): Var | undefined {
  const around = enclosing(r);
  const holder = around.find((cls) => names(cls).has(name));
  // What an inner class inherits hides what stands around it, but that is rare.
  const candidates =
    holder === undefined ? around.filter(({ inherits }, at) => inherits || at === 0) : [holder];
  if (candidates.length === 0) return undefined;
  return r.b.union(candidates.map((cls) => r.b.get(cls.self, key, node)));
}

export const fieldsOf = (cls: OpenClass): ReadonlySet<string> => cls.fields;
export const methodsOf = (cls: OpenClass): ReadonlySet<string> => cls.methods;

/** Marks a name of a type that a class may have from what it inherits of the workspace; of what is outside nobody knows. */
const inheritedType = 'type ';

/** A type by its bare name: bound in the file, of the package or imported, or inherited by the classes around. */
export function typeNamed(r: TypedReader, name: string, node: PlainNode): Var {
  const { b } = r;
  const known = b.readTypeAt(node, name);
  if (b.lookUp(name) !== undefined) return known;
  const around = enclosing(r).filter(({ inherits }) => inherits);
  return b.union([known, ...around.map((cls) => b.get(cls.type, `${inheritedType}${name}`, node))]);
}
