/** Methods, constructors, operators, local functions and lambdas of C#. */
import type { Parameter, Var } from '../../../model/code-facts.ts';
import type { FunctionDraft } from '../../references/facts-builder.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { holderPath, keyOf, type OpenClass } from '../../references/typed-classes.ts';
import { readArguments } from './calls.ts';
import { bareName, bindLocal, type CSharpReader, hasModifier, operands, partOf } from './reader.ts';
import { addDeclaredType, declareTypeParameters, typeOf } from './types.ts';

const functionLike = /^(method|constructor|destructor|operator|conversion_operator)_declaration$/;

export interface Body {
  /** Last part of the path. */
  readonly name: string;
  readonly parameters?: PlainNode | undefined;
  readonly type?: PlainNode | undefined;
  readonly body: PlainNode | undefined;
  readonly isStatic: boolean;
  readonly isConstructor?: boolean;
  /** Type of what a setter is given, which it calls `value`; it is its last parameter. */
  readonly given?: PlainNode | 'none';
  /** Variable of the receiver of an extension: its first parameter. */
  readonly extended?: Var;
}

/** What can be called of a class, as a value; `draft` tells its parameters. */
export function readBodyOf(
  r: CSharpReader,
  cls: OpenClass,
  node: PlainNode,
  given: Body,
): { readonly value: Var; readonly draft: FunctionDraft } {
  const { b } = r;
  const receiver = given.extended ?? (given.isStatic ? undefined : b.variable());
  const draft: FunctionDraft = {
    ...b.draftOf(b.pathOf(given.name, cls.path), node, cls.index),
    ...(receiver !== undefined && { receiver }),
    ...(given.isStatic && given.extended === undefined && { isStatic: true }),
    ...(given.body === undefined && !hasModifier(r, node, 'extern') && { signature: true }),
  };
  const outer = { self: cls.self, returns: r.returns };
  if (receiver !== undefined && given.extended === undefined) b.copy(cls.selves, receiver);
  cls.self = given.isStatic ? cls.type : (receiver ?? cls.type);
  const index = b.inFunction(draft, () => {
    declareTypeParameters(r, node);
    draft.parameters = readParameters(r, given.parameters, given.extended);
    if (given.given !== undefined) draft.parameters = [...draft.parameters, givenValue(r, given.given)];
    if (given.isConstructor !== true) addDeclaredType(r, given.type, draft.result);
    r.returns = given.type;
    readDelegation(r, cls, node);
    readFunctionBody(r, given.body, draft.result);
  });
  cls.self = outer.self;
  r.returns = outer.returns;
  return { value: r.b.functionValue(index), draft };
}

function givenValue(r: CSharpReader, type: PlainNode | 'none'): Parameter {
  const value = r.b.variable();
  if (type !== 'none') addDeclaredType(r, type, value);
  r.b.assign(r.b.declare('value'), value);
  return { name: 'value', value };
}

/** A block, or `=> x`. */
function readFunctionBody(r: CSharpReader, body: PlainNode | undefined, result: Var): void {
  if (body === undefined) return;
  if (body.type === 'block') {
    r.block(body);
    return;
  }
  const [inner] = body.type === 'arrow_expression_clause' ? operands(body) : [body];
  if (inner === undefined) return;
  const outer = r.expected;
  r.expected = r.returns;
  r.b.copy(result, r.evaluate(inner));
  r.expected = outer;
}

/** `: base(…)` and `: this(…)`. */
function readDelegation(r: CSharpReader, cls: OpenClass, node: PlainNode): void {
  const { b } = r;
  const initializer = partOf(node, 'constructor_initializer');
  const list = initializer && partOf(initializer, 'argument_list');
  if (initializer === undefined || list === undefined) {
    if (node.type === 'constructor_declaration' && cls.inherits && !hasModifier(r, node, 'static')) {
      // Written or not, the constructor of the base is called.
      const on = b.variable();
      b.add({ op: 'super', to: on, owner: cls.index, receiver: cls.self });
      b.implicit(on, keyOf('<init>', 0), [], node);
    }
    return;
  }
  const args = readArguments(r, list);
  const key = keyOf('<init>', args.length);
  const isThis = partOf(initializer, 'this') !== undefined;
  const on = b.variable();
  b.add({ op: 'super', to: on, owner: cls.index, receiver: cls.self, ...(isThis && { isOwn: true }) });
  // A class that has no constructor of its own, or a foreign one, has nothing to resolve.
  b.call(b.get(on, key, initializer), args, initializer, {
    text: isThis ? 'this' : 'base',
    implicit: 'operator',
  });
}

export function readFunctionMember(r: CSharpReader, cls: OpenClass, node: PlainNode): void {
  if (!functionLike.test(node.type)) {
    if (/^(ERROR|global_statement)$/.test(node.type)) for (const part of operands(node)) r.statement(part);
    return;
  }
  const { b } = r;
  const nameNode = childOf(node, 'name');
  const list = childOf(node, 'parameters');
  const isConstructor = node.type === 'constructor_declaration';
  const isStatic = hasModifier(r, node, 'static');
  const written = nameNode === undefined ? operatorName(r, node) : bareName(r, nameNode);
  const name = node.type === 'destructor_declaration' ? `~${written}` : written;
  const first = list && operands(list)[0];
  const isExtension = isStatic && first !== undefined && hasModifier(r, first, 'this');
  const extended = isExtension ? b.variable() : undefined;
  const { value, draft } = readBodyOf(r, cls, node, {
    name,
    parameters: list,
    type: childOf(node, 'returns') ?? (isConstructor ? undefined : childOf(node, 'type')),
    body: childOf(node, 'body'),
    isStatic,
    isConstructor,
    ...(extended !== undefined && { extended }),
  });
  const counts = countsOf(list, draft.parameters);
  if (extended !== undefined) {
    addExtension(r, node, first as PlainNode, { name, value, extended, ...counts });
    cls.overloads.push({ name, value, ...counts, least: counts.least + 1, most: counts.most + 1 });
    return;
  }
  if (isConstructor && isStatic) return;
  cls.overloads.push({ name: isConstructor ? '<init>' : name, value, ...counts });
}

interface Extension {
  readonly name: string;
  readonly value: Var;
  readonly extended: Var;
  readonly least: number;
  readonly most: number;
}

/** `static void F(this Foo foo)` is called as `foo.F()`, too. */
function addExtension(r: CSharpReader, node: PlainNode, first: PlainNode, extension: Extension): void {
  const { b } = r;
  const type = childOf(first, 'type');
  b.pushScope();
  declareTypeParameters(r, node);
  const on = type === undefined ? b.variable() : typeOf(r, type);
  if (type) addDeclaredType(r, type, extension.extended);
  b.popScope();
  for (let count = extension.least; count <= extension.most; count++)
    b.add({
      op: 'set',
      on,
      name: keyOf(extension.name, count),
      from: extension.value,
      isDefinition: true,
      at: b.at,
      line: node.line,
    });
}

/** `+` of `operator +`; conversions have no name of their own. */
function operatorName(r: CSharpReader, node: PlainNode): string {
  const word = partOf(node, 'operator');
  const list = childOf(node, 'parameters');
  if (word === undefined || list === undefined || node.type !== 'operator_declaration')
    return 'op_conversion';
  return `op_${r.b.text({ ...node, start: word.end, end: list.start }).trim()}`;
}

/** Fewest and most arguments. */
function countsOf(
  list: PlainNode | undefined,
  parameters: readonly Parameter[],
): { readonly least: number; readonly most: number; readonly hasRest: boolean } {
  const hasRest = parameters.some(({ rest }) => rest !== undefined);
  const optional = (list?.children ?? []).filter(
    (part) => part.type === 'parameter' && operands(part).some(({ field }) => field === null),
  ).length;
  return { least: parameters.length - optional - (hasRest ? 1 : 0), most: parameters.length, hasRest };
}

/** `extended`: the variable of the first, which is no parameter then. */
export function readParameters(
  r: CSharpReader,
  list: PlainNode | undefined,
  extended?: Var,
): readonly Parameter[] {
  const { b } = r;
  if (list === undefined) return [];
  if (list.type === 'implicit_parameter' || list.type === 'identifier')
    return [addParameter(r, list, undefined)];
  const found: Parameter[] = [];
  let isFirst = extended !== undefined;
  for (const part of list.children) {
    if (part.type === 'implicit_parameter') found.push(addParameter(r, part, undefined));
    else if (part.type === 'parameter') {
      const name = childOf(part, 'name') ?? part;
      if (isFirst) bindLocal(r, name, extended as Var);
      else found.push(addParameter(r, name, childOf(part, 'type'), part));
      isFirst = false;
    } else if (part.field === 'name') {
      // `params T[] rest` stands in the list itself.
      const value = b.variable();
      bindLocal(r, part, value);
      found.push({ name: b.text(part), value, rest: 'star' });
    }
  }
  return found;
}

function addParameter(
  r: CSharpReader,
  name: PlainNode,
  type: PlainNode | undefined,
  whole: PlainNode = name,
): Parameter {
  const value = r.b.variable();
  addDeclaredType(r, type, value);
  const given = whole === name ? undefined : operands(whole).find(({ field }) => field === null);
  if (given) r.b.copy(value, r.evaluate(given));
  bindLocal(r, name, value);
  return { name: bareName(r, name), value };
}

interface Inner {
  readonly path: string;
  readonly parameters: PlainNode | undefined;
  readonly body: PlainNode | undefined;
  readonly type?: PlainNode | undefined;
}

function readInner(r: CSharpReader, node: PlainNode, { path, parameters, body, type }: Inner): Var {
  const { b } = r;
  const draft: FunctionDraft = b.draftOf(path, node);
  const outer = { returns: r.returns, expected: r.expected };
  r.expected = undefined;
  const index = b.inFunction(draft, () => {
    declareTypeParameters(r, node);
    draft.parameters = readParameters(r, parameters);
    addDeclaredType(r, type, draft.result);
    r.returns = type;
    readFunctionBody(r, body, draft.result);
  });
  Object.assign(r, outer);
  return r.b.functionValue(index);
}

export function readLambda(r: CSharpReader, node: PlainNode): Var {
  return readInner(r, node, {
    path: r.b.anonymousPath(node.line, holderPath(r)),
    parameters: childOf(node, 'parameters'),
    body: childOf(node, 'body') ?? partOf(node, 'block'),
    type: childOf(node, 'type'),
  });
}

export function readLocalFunction(r: CSharpReader, node: PlainNode): void {
  const { b } = r;
  const name = childOf(node, 'name');
  if (name === undefined) return;
  const value = readInner(r, node, {
    path: b.pathOf(bareName(r, name)),
    parameters: childOf(node, 'parameters'),
    body: childOf(node, 'body'),
    type: childOf(node, 'type'),
  });
  b.assign(b.lookUp(bareName(r, name)) ?? b.declare(bareName(r, name)), value);
}
