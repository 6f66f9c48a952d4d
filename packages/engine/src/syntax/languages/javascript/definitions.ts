/** Functions, classes and interfaces of JavaScript and TypeScript. */
import type { Parameter, Var } from '../../../model/code-facts.ts';
import type { FunctionDraft } from '../../references/facts-builder.ts';
import { childOf, childrenOf, hasWord, type PlainNode } from '../../references/plain-tree.ts';
import { assignTo } from './patterns.ts';
import { declareAll, declareName, isWord, operands, type ScriptReader, stringValue } from './reader.ts';
import { addDeclaredType, declareTypeParameters, typeOf } from './types.ts';

interface MemberOf {
  readonly owner: number;
  readonly isStatic: boolean;
  /** The object whose method it is. */
  readonly object?: Var;
  /** Belongs to no class: a type says that there is such a function. */
  readonly isPromise?: boolean;
}

/** Name of what stands under any name. */
const anyMember = '[*]';
const promise: MemberOf = { owner: -1, isStatic: false, isPromise: true };

/** The function as a value. `name`: what it is given to, where it has no name of its own. */
export function readFunction(r: ScriptReader, node: PlainNode, name?: string, member?: MemberOf): Var {
  const { b } = r;
  const own = childOf(node, 'name');
  const isArrow = node.type === 'arrow_function';
  const called = name ?? (own === undefined ? undefined : b.text(own));
  const path = called === undefined ? b.anonymousPath(node.line, r.holder) : b.pathOf(called, r.holder);
  const draft: FunctionDraft = {
    ...b.draftOf(path, node, member?.owner ?? -1),
    ...(isArrow ? {} : { receiver: b.variable() }),
    ...(member?.isStatic && { isStatic: true }),
    ...(member?.isPromise && { isPromise: true }),
    ...(childOf(node, 'body') === undefined && { signature: true }),
  };
  const outer = { self: r.self, owner: r.owner, holder: r.holder };
  r.holder = undefined;
  if (!isArrow) r.self = draft.receiver;
  if (!isArrow && member === undefined && node.type !== 'method_definition') r.owner = -1;
  if (member?.object !== undefined && draft.receiver !== undefined) b.copy(draft.receiver, member.object);
  const index = b.inFunction(draft, () => readBody(r, node, draft));
  Object.assign(r, outer);
  return b.functionValue(index);
}

function readBody(r: ScriptReader, node: PlainNode, draft: FunctionDraft): void {
  const { b } = r;
  const body = childOf(node, 'body');
  declareTypeParameters(r, node);
  draft.parameters = readParameters(r, node);
  addDeclaredType(r, childOf(node, 'return_type'), draft.result);
  giveBack(r, node, draft);
  const own = childOf(node, 'name');
  // A function expression can name itself.
  if (own && (node.type === 'function_expression' || node.type === 'generator_function')) {
    const self = b.variable();
    b.add({ op: 'function', to: self, index: b.at });
    b.assign(declareName(r, b.text(own)), self);
  }
  if (body === undefined) return;
  if (body.type !== 'statement_block') {
    b.copy(draft.result, r.evaluate(body));
    return;
  }
  declareAll(r, body, true);
  r.statements(operands(body));
}

/**
 * `f<T>(x: T): T` gives what it is given, or what stands for it, whatever its body shows: who calls what `throttle(save)` gave calls `save`.
 */
function giveBack(r: ScriptReader, node: PlainNode, draft: FunctionDraft): void {
  const { b } = r;
  const parameters = new Set(
    childOf(node, 'type_parameters')?.children.flatMap((one) => {
      const name = childOf(one, 'name');
      return name === undefined ? [] : [b.text(name)];
    }),
  );
  const result = typeName(r, childOf(node, 'return_type'));
  if (result === undefined || !parameters.has(result)) return;
  for (const [at, part] of operands(childOf(node, 'parameters') ?? { ...node, children: [] })
    .filter((one) => one.type !== 'decorator' && childOf(one, 'pattern')?.type !== 'this')
    .entries()) {
    const given = draft.parameters[at];
    if (given?.rest === undefined && given && typeName(r, childOf(part, 'type')) === result)
      b.copy(draft.result, given.value);
  }
}

function typeName(r: ScriptReader, annotation: PlainNode | undefined): string | undefined {
  const type = annotation && operands(annotation)[0];
  return type?.type === 'type_identifier' ? r.b.text(type) : undefined;
}

function readParameters(r: ScriptReader, node: PlainNode): readonly Parameter[] {
  const { b } = r;
  const single = childOf(node, 'parameter');
  const list = single ? [single] : operands(childOf(node, 'parameters') ?? { ...node, children: [] });
  const found: Parameter[] = [];
  for (const part of list) {
    if (part.type === 'decorator') continue;
    const pattern = childOf(part, 'pattern') ?? part;
    if (pattern.type === 'this') continue;
    const target = pattern.type === 'rest_pattern' ? operands(pattern)[0] : pattern;
    if (target === undefined) continue;
    const value = b.variable();
    const isRest = pattern.type === 'rest_pattern';
    addDeclaredType(r, childOf(part, 'type'), value);
    const given = childOf(part, 'value');
    if (given) b.copy(value, r.evaluate(given));
    declarePattern(r, target);
    assignTo(r, target, value, true);
    const name = target.type === 'identifier' ? b.text(target) : '';
    found.push({ name, value, ...(isRest && { rest: 'star' as const }) });
    // `constructor(private x: X)` is a field too.
    const isField = part.children.some(
      ({ type }) => type === 'accessibility_modifier' || type === 'readonly' || type === 'override_modifier',
    );
    if (isField && r.self !== undefined && name !== '') b.set(r.self, name, value, part);
  }
  return found;
}

function declarePattern(r: ScriptReader, target: PlainNode): void {
  if (target.type === 'identifier') declareName(r, r.b.text(target));
}

/** What reading a member with a getter gives. */
export function accessor(r: ScriptReader, getter: Var, node: PlainNode): Var {
  return r.b.call(r.b.readAny('%getter'), [{ value: getter }], node, { text: 'get', implicit: 'decorator' });
}

type Named = (readonly [string, Var])[];

export function readClass(r: ScriptReader, node: PlainNode, name?: string): Var {
  const { b } = r;
  const own = childOf(node, 'name');
  const called = own === undefined ? name : b.text(own);
  const path = called === undefined ? b.anonymousPath(node.line, r.holder) : b.pathOf(called, r.holder);
  const body = childOf(node, 'body');
  const index = b.classes.length;
  const members: Named = [];
  const statics: Named = [];
  const baseLines: number[] = [];
  const facts = {
    path,
    start: node.line,
    end: node.endLine,
    bases: [] as Var[],
    baseLines,
    members,
    statics,
  };
  b.classes.push(facts);
  let value = b.variable();
  b.add({ op: 'class', to: value, index });
  const outer = { self: r.self, owner: r.owner, holder: r.holder };
  b.pushScope();
  declareTypeParameters(r, node);
  facts.bases = readHeritage(r, node, baseLines);
  Object.assign(r, { owner: index, holder: path });
  if (own && node.type === 'class') b.assign(declareName(r, b.text(own)), value);
  const self = b.instanceOf(value);
  const named = new Set(
    body?.children.filter(({ type }) => type === 'method_definition').map((member) => memberName(r, member)),
  );
  for (const member of body === undefined ? [] : operands(body)) {
    // Overloads say nothing that the definition does not.
    if (/method_signature$/.test(member.type) && named.has(memberName(r, member))) continue;
    const isStatic = hasWord(member, 'static') || member.type === 'class_static_block';
    r.self = isStatic ? value : self;
    readMember(r, member, { index, into: isStatic ? statics : members, isStatic });
  }
  b.popScope();
  Object.assign(r, outer);
  const decorators = [...node.children].filter(({ type }) => type === 'decorator').reverse();
  for (const decorator of decorators) value = decorate(r, decorator, value);
  return value;
}

export function decorate(r: ScriptReader, decorator: PlainNode, value: Var): Var {
  const { b } = r;
  const inner = operands(decorator)[0];
  if (inner === undefined) return value;
  return b.call(r.evaluate(inner), [{ value }], decorator, {
    text: b.shortText(decorator),
    implicit: 'decorator',
  });
}

/** `extends` and, so that calls of an interface find who implements it, `implements`. */
function readHeritage(r: ScriptReader, node: PlainNode, lines: number[]): Var[] {
  const heritage = node.children.find(({ type }) => type === 'class_heritage');
  const bases: Var[] = [];
  const add = (base: PlainNode, value: Var) => {
    bases.push(value);
    lines.push(base.line);
  };
  for (const clause of heritage?.children ?? []) {
    if (clause.type === 'extends_clause') {
      for (const value of childrenOf(clause, 'value')) add(value, r.evaluate(value));
    } else if (clause.type === 'implements_clause') {
      for (const type of operands(clause)) if (!isWord(type)) add(type, typeOf(r, type));
    } else if (!isWord(clause)) add(clause, r.evaluate(clause));
  }
  return bases;
}

function memberName(r: ScriptReader, member: PlainNode): string {
  const key = childOf(member, 'name') ?? childOf(member, 'property');
  if (key === undefined) return '';
  if (key.type === 'computed_property_name') return r.b.text(key).replace(/\s+/g, '');
  return stringValue(r, key) ?? r.b.text(key);
}

interface ClassPlace {
  readonly index: number;
  readonly into: Named;
  readonly isStatic: boolean;
}

function readMember(r: ScriptReader, member: PlainNode, { index, into, isStatic }: ClassPlace): void {
  const { b } = r;
  const name = memberName(r, member);
  switch (member.type) {
    case 'method_definition':
    case 'method_signature':
    case 'abstract_method_signature': {
      const isGetter = hasWord(member, 'get') && !/^get\s*[(<]/.test(b.text(member));
      if (hasWord(member, 'set') && !/^set\s*[(<]/.test(b.text(member))) {
        into.push([`set ${name}`, readFunction(r, member, name, { owner: index, isStatic })]);
        return;
      }
      const method = readFunction(r, member, name, { owner: index, isStatic });
      into.push([name, isGetter ? accessor(r, method, member) : method]);
      return;
    }
    case 'public_field_definition':
    case 'field_definition': {
      const given = childOf(member, 'value');
      const value = b.variable();
      if (given) b.copy(value, r.evaluate(given, name));
      addDeclaredType(r, childOf(member, 'type'), value);
      into.push([name, value]);
      return;
    }
    case 'class_static_block': {
      const body = childOf(member, 'body');
      if (body) r.statement(body);
      return;
    }
  }
}

export function readInterface(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const name = childOf(node, 'name');
  const body = childOf(node, 'body');
  b.pushScope();
  declareTypeParameters(r, node);
  const bases = node.children
    .filter(({ type }) => type === 'extends_type_clause' || type === 'extends_clause')
    .flatMap((clause) =>
      operands(clause)
        .filter((type) => !isWord(type))
        .map((type) => typeOf(r, type)),
    );
  const value =
    body === undefined
      ? b.variable()
      : readInterfaceBody(r, body, name === undefined ? '' : b.text(name), bases);
  b.popScope();
  return value;
}

/** A class value whose members are declared and not there. */
export function readInterfaceBody(
  r: ScriptReader,
  body: PlainNode,
  name: string,
  bases: readonly Var[] = [],
): Var {
  const { b } = r;
  const path = b.pathOf(name, r.holder);
  const index = b.classes.length;
  const members: Named = [];
  const isCallable = body.children.some(
    ({ type }) => type === 'call_signature' || type === 'construct_signature',
  );
  b.classes.push({
    path,
    start: body.line,
    end: body.endLine,
    bases,
    members,
    isInterface: true,
    isCallable,
  });
  const outer = { self: r.self, owner: r.owner, holder: r.holder };
  Object.assign(r, { owner: index, holder: path, self: undefined });
  for (const member of operands(body)) {
    const key = memberName(r, member);
    if (member.type === 'method_signature')
      members.push([key, readFunction(r, member, key, { owner: index, isStatic: false })]);
    else if (member.type === 'index_signature') {
      // `[key: string]: X`, and `[K in keyof T]: X`: under any name that is not declared.
      const value = b.variable();
      const type = childOf(member, 'type');
      addDeclaredType(r, type?.type.endsWith('_annotation') ? operands(type).at(-1) : type, value);
      members.push([anyMember, value]);
    } else if (member.type === 'property_signature') {
      const value = b.variable();
      addDeclaredType(r, childOf(member, 'type'), value);
      const promised = promisedFunction(r, member);
      if (promised) b.copy(value, readFunction(r, promised, key, promise));
      members.push([key, value]);
    } else if (member.type === 'call_signature')
      members.push(['__call__', readFunction(r, member, undefined, promise)]);
  }
  Object.assign(r, outer);
  const to = b.variable();
  b.add({ op: 'class', to, index });
  return to;
}

/**
 * `f: (x: X) => Y` of an interface, as far as it is one more way to write a method: what may be missing is a callback that somebody gives.
 * Whatever is known to be there is called in its stead.
 */
function promisedFunction(r: ScriptReader, member: PlainNode): PlainNode | undefined {
  const annotation = childOf(member, 'type');
  if (
    annotation === undefined ||
    r.b
      .text({ ...member, end: annotation.start })
      .trimEnd()
      .endsWith('?')
  )
    return undefined;
  let [type] = operands(annotation);
  while (type?.type === 'parenthesized_type') type = operands(type)[0];
  return type?.type === 'function_type' ? { ...type, line: member.line } : undefined;
}
