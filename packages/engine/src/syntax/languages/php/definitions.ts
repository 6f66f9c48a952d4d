/** Functions, closures, classes, interfaces, traits and enums of PHP. */
import type { Parameter, Var } from '../../../model/code-facts.ts';
import { textTable } from '../../../model/text-table.ts';
import type { FunctionDraft } from '../../references/facts-builder.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import {
  assignVariable,
  classNamed,
  inSpace,
  methodKey,
  operands,
  type PhpClass,
  type PhpReader,
  readVariable,
  variableName,
} from './reader.ts';
import { addDeclared, addDocumented, documentedTypes } from './types.ts';

export const classTypes = /^(class|interface|trait|enum)_declaration$/;

interface FunctionShape {
  readonly path: string;
  readonly owner: number;
  /** `method`: `$this` is its own; `static`: the class; `closure`: that around. */
  readonly kind: 'function' | 'method' | 'static' | 'closure';
  readonly comment?: PlainNode | undefined;
  readonly seesAround?: boolean;
}

function readFunction(r: PhpReader, node: PlainNode, shape: FunctionShape): Var {
  const { b } = r;
  const body = childOf(node, 'body');
  const draft: FunctionDraft = {
    ...b.draftOf(shape.path, node, shape.owner),
    ...(shape.kind === 'static' && { isStatic: true }),
    ...(body === undefined && { signature: true }),
  };
  const outer = { self: r.self, locals: r.locals, seesAround: r.seesAround };
  const used = usedNames(r, node);
  const index = b.inFunction(draft, () => {
    r.locals = b.scope;
    r.seesAround = shape.seesAround === true;
    if (shape.kind === 'method' || shape.kind === 'static') {
      draft.receiver = b.variable();
      r.self = draft.receiver;
    } else if (shape.kind === 'function') r.self = undefined;
    for (const [name, value] of used) assignVariable(r, name, value);
    const documented = documentedTypes(r, shape.comment);
    draft.parameters = readParameters(r, node, documented);
    addDeclared(r, childOf(node, 'return_type'), draft.result);
    addDocumented(r, documented.get('return'), draft.result, node);
    if (body?.type === 'compound_statement') r.statement(body);
    else if (body) b.copy(draft.result, r.evaluate(body));
  });
  Object.assign(r, outer);
  return b.functionValue(index);
}

/** `use ($a, &$b)`, with what the names hold here. */
function usedNames(r: PhpReader, node: PlainNode): [string, Var][] {
  const clause = node.children.find(({ type }) => type === 'anonymous_function_use_clause');
  return (clause === undefined ? [] : operands(clause)).flatMap((part) => {
    const name = variableName(r, part.type === 'by_ref' ? (part.children[0] ?? part) : part);
    return name === undefined ? [] : [[name, readVariable(r, name)] as [string, Var]];
  });
}

function readParameters(r: PhpReader, node: PlainNode, documented: ReadonlyMap<string, string>): Parameter[] {
  const { b } = r;
  const found: Parameter[] = [];
  for (const part of childOf(node, 'parameters')?.children ?? []) {
    const own = childOf(part, 'name');
    const name = own && variableName(r, own.type === 'by_ref' ? (own.children[0] ?? own) : own);
    if (name === undefined) continue;
    const value = b.variable();
    const isRest = part.type === 'variadic_parameter';
    if (!isRest) {
      addDeclared(r, childOf(part, 'type'), value);
      addDocumented(r, documented.get(name), value, part);
    }
    const given = childOf(part, 'default_value');
    if (given) b.copy(value, r.evaluate(given));
    assignVariable(r, name, value);
    found.push({ name, value, ...(isRest && { rest: 'star' as const }) });
    if (part.type !== 'property_promotion_parameter' || r.cls === undefined) continue;
    const field = b.variable();
    addDeclared(r, childOf(part, 'type'), field);
    r.cls.members.push([name, field]);
    if (r.self !== undefined) b.set(r.self, name, value, part);
  }
  return found;
}

export function readClosure(r: PhpReader, node: PlainNode): Var {
  return readFunction(r, node, {
    path: r.b.anonymousPath(node.line),
    owner: -1,
    kind: 'closure',
    seesAround: node.type === 'arrow_function',
  });
}

export function defineFunction(r: PhpReader, node: PlainNode, comment: PlainNode | undefined): void {
  const name = childOf(node, 'name');
  if (name === undefined) return;
  const text = r.b.text(name);
  const outer = r.cls;
  r.cls = undefined;
  const value = readFunction(r, node, { path: r.b.pathOf(text), owner: -1, kind: 'function', comment });
  r.cls = outer;
  const key = inSpace(r, text);
  r.exports.push([`F:${key}()`, value], [`R:${key}`, value]);
}

export function defineClass(r: PhpReader, node: PlainNode): void {
  const name = childOf(node, 'name');
  if (name === undefined) return;
  const text = r.b.text(name);
  const type = readClass(r, node, r.b.pathOf(text));
  r.exports.push([`T:${inSpace(r, text)}`, type]);
}

/** `new class extends Foo {…}`. */
export function readAnonymousClass(r: PhpReader, node: PlainNode): Var {
  return readClass(r, node, r.b.anonymousPath(node.line));
}

function readClass(r: PhpReader, node: PlainNode, path: string): Var {
  const { b } = r;
  const body = childOf(node, 'body');
  const type = b.variable();
  const members: [string, Var][] = [];
  const clauses = node.children.filter(({ type }) => /^(base_clause|class_interface_clause)$/.test(type));
  const traits = (body?.children ?? []).filter(({ type }) => type === 'use_declaration');
  // A trait hides what is inherited.
  const bases = [...traits, ...clauses].flatMap(namesIn);
  const index = b.classes.length;
  b.classes.push({
    path,
    start: node.line,
    end: node.endLine,
    bases: bases.map((base) => classNamed(r, base)),
    baseLines: bases.map(({ line }) => line),
    members,
    ...(node.type === 'interface_declaration' && { isInterface: true }),
  });
  b.add({ op: 'class', to: type, index });
  const outer = { cls: r.cls, self: r.self, locals: r.locals };
  const cls: PhpClass = { index, path, type, members };
  r.cls = cls;
  r.self = undefined;
  r.locals = b.pushScope(true);
  let comment: PlainNode | undefined;
  for (const part of body?.children ?? []) {
    readMember(r, cls, part, comment);
    comment = part.type === 'comment' ? part : undefined;
  }
  b.popScope();
  Object.assign(r, outer);
  return type;
}

function namesIn(clause: PlainNode): readonly PlainNode[] {
  return clause.children.filter(({ type }) => type === 'name' || type === 'qualified_name');
}

function readMember(r: PhpReader, cls: PhpClass, node: PlainNode, comment: PlainNode | undefined): void {
  const { b } = r;
  switch (node.type) {
    case 'method_declaration':
      readMethod(r, cls, node, comment);
      return;
    case 'property_declaration':
      for (const part of node.children) {
        if (part.type !== 'property_element') continue;
        const own = childOf(part, 'name');
        const name = own && variableName(r, own);
        if (name === undefined) continue;
        const field = b.variable();
        addDeclared(r, childOf(node, 'type'), field);
        addDocumented(r, documentedTypes(r, comment).get('var'), field, node);
        const given = childOf(part, 'default_value');
        if (given) b.copy(field, r.evaluate(given));
        cls.members.push([name, field]);
      }
      return;
    case 'const_declaration':
      for (const part of node.children) {
        const [name, value] = operands(part);
        if (part.type === 'const_element' && name && value)
          cls.members.push([b.text(name), r.evaluate(value)]);
      }
      return;
    case 'enum_case': {
      const name = childOf(node, 'name');
      const value = b.variable();
      b.add({ op: 'instance', to: value, type: cls.type, isMade: true });
      if (name) cls.members.push([b.text(name), value]);
      return;
    }
    case 'use_declaration':
      readTraitNames(r, cls, node);
      return;
    default:
      if (node.type === 'ERROR') for (const child of operands(node)) readMember(r, cls, child, undefined);
  }
}

/** What the language calls by other names in other languages: the resolver knows these. */
const specialNames = textTable<string>({
  offsetget: '__getitem__',
  offsetset: '__setitem__',
  getiterator: '__iter__',
  current: '__next__',
  __invoke: '__call__',
});

function readMethod(r: PhpReader, cls: PhpClass, node: PlainNode, comment: PlainNode | undefined): void {
  const own = childOf(node, 'name');
  if (own === undefined) return;
  const name = r.b.text(own);
  const isStatic = node.children.some(({ type }) => type === 'static_modifier');
  const value = readFunction(r, node, {
    path: r.b.pathOf(name, cls.path),
    owner: cls.index,
    kind: isStatic ? 'static' : 'method',
    comment,
  });
  cls.members.push([methodKey(name), value]);
  const special = specialNames[name.toLowerCase()];
  if (special !== undefined) cls.members.push([special, value]);
}

/** `use A { a as b; }`: another name for a method of a trait. */
function readTraitNames(r: PhpReader, cls: PhpClass, node: PlainNode): void {
  const { b } = r;
  const list = node.children.find(({ type }) => type === 'use_list');
  const traits = namesIn(node);
  for (const clause of list?.children ?? []) {
    if (clause.type !== 'use_as_clause') continue;
    const parts = operands(clause);
    const [from, to] = [parts[0], parts.at(-1)];
    if (from === undefined || to === undefined || to === from || to.type !== 'name') continue;
    const isQualified = from.type === 'class_constant_access_expression';
    const [trait, method] = isQualified ? operands(from) : [undefined, from];
    if (method === undefined) continue;
    for (const each of trait === undefined ? traits : [trait])
      cls.members.push([
        methodKey(b.text(to)),
        b.get(classNamed(r, each), methodKey(b.text(method)), clause),
      ]);
  }
}
