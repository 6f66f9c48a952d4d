/** Functions, methods and lambdas of C and C++, with their parameters. */
import type { Parameter, Var } from '../../../model/code-facts.ts';
import type { FunctionDraft } from '../../references/facts-builder.ts';
import { childOf, hasWord, type PlainNode } from '../../references/plain-tree.ts';
import { type CReader, operands } from './reader.ts';
import { addDeclared, type Declarator, readDeclarator } from './types.ts';

export interface ReadFunction {
  readonly value: Var;
  /** Fewest and most arguments it takes. */
  readonly least: number;
  readonly most: number;
}

export interface FunctionShape {
  readonly path: string;
  readonly declarator: Declarator;
  /** The class of a method, as a value; undefined for a function or a static method. */
  readonly type: Var | undefined;
  readonly owner: number;
}

export function readFunction(r: CReader, node: PlainNode, shape: FunctionShape): ReadFunction {
  const { b } = r;
  const { declarator } = shape;
  const body = childOf(node, 'body') ?? node.children.find(({ type }) => type === 'try_statement');
  const isDeclaredOnly =
    body === undefined && !node.children.some(({ type }) => /^(default|delete)_method_clause$/.test(type));
  let counts = { least: 0, most: 0 };
  const value = inFunction(r, node, shape.path, (draft) => {
    draft.owner = shape.owner;
    if (shape.type !== undefined) {
      const self = b.variable();
      draft.receiver = self;
      b.add({ op: 'instance', to: self, type: shape.type });
      r.self = self;
    } else if (shape.owner >= 0) draft.isStatic = true;
    draft.parameters = readParameters(r, declarator.parameters);
    counts = countsOf(r, declarator.parameters);
    if (isDeclaredOnly) draft.signature = true;
    const returned = readDeclarator(childOf(node, 'declarator'));
    const trailing = declarator.function?.children.find(({ type }) => type === 'trailing_return_type');
    const type = trailing === undefined ? childOf(node, 'type') : operands(trailing)[0];
    addDeclared(r, type, returned, draft.result);
    readInitializers(r, node);
    if (body) r.statement(body);
  });
  return { value, ...counts };
}

/** `: Base(x), m_(y)`: calls of constructors, and values of fields. */
function readInitializers(r: CReader, node: PlainNode): void {
  const { b } = r;
  const list = node.children.find(({ type }) => type === 'field_initializer_list');
  for (const item of list?.children ?? []) {
    if (item.type !== 'field_initializer') continue;
    const [name, given] = operands(item);
    if (name === undefined) continue;
    const args = given === undefined ? [] : operands(given).map((arg) => ({ value: r.evaluate(arg) }));
    const text = b.shortText(name);
    if (r.self === undefined) continue;
    if (name.type === 'field_identifier') {
      for (const arg of args.slice(0, 1)) b.set(r.self, b.text(name), arg.value, item);
      // A base is written as a field is; the one that is not there gives nothing.
      const member = b.get(r.self, `%type ${b.text(name)}`, item);
      b.call(member, args, item, { text, implicit: 'operator', isNew: true });
    }
    const type = r.type(name.type === 'field_identifier' ? { ...name, type: 'type_identifier' } : name);
    b.call(type, args, item, { text, implicit: 'operator', isNew: true });
  }
}

export function readLambda(r: CReader, node: PlainNode): Var {
  const { b } = r;
  const body = childOf(node, 'body');
  const declarator = childOf(node, 'declarator');
  const self = r.self;
  return inFunction(r, node, b.anonymousPath(node.line, r.holder), (draft) => {
    r.self = self;
    draft.parameters = readParameters(r, declarator && childOf(declarator, 'parameters'));
    const returned = declarator?.children.find(({ type }) => type === 'trailing_return_type');
    const type = returned && operands(returned)[0];
    if (type) b.add({ op: 'instance', to: draft.result, type: r.type(type) });
    if (body) r.statement(body);
  });
}

function inFunction(r: CReader, node: PlainNode, path: string, read: (draft: FunctionDraft) => void): Var {
  const { b } = r;
  const outer = { holder: r.holder, self: r.self, owner: r.owner };
  const draft: FunctionDraft = b.draftOf(path, node);
  const index = b.inFunction(draft, () => {
    r.holder = undefined;
    r.owner = -1;
    r.self = undefined;
    read(draft);
  });
  Object.assign(r, outer);
  return b.functionValue(index);
}

const isParameter = /^(optional_|variadic_)?parameter_declaration$/;

function readParameters(r: CReader, list: PlainNode | undefined): Parameter[] {
  const { b } = r;
  const found: Parameter[] = [];
  for (const node of list?.children ?? []) {
    if (!isParameter.test(node.type)) continue;
    const declarator = readDeclarator(childOf(node, 'declarator'));
    const type = childOf(node, 'type');
    if (declarator.name === undefined && isVoid(r, type)) continue;
    const value = b.variable();
    const name = declarator.name === undefined ? '' : b.text(declarator.name);
    addDeclared(r, type, declarator, value);
    const given = childOf(node, 'default_value');
    if (given) b.copy(value, r.evaluate(given));
    if (name !== '') b.assign(b.declare(name), value);
    const isRest = node.type.startsWith('variadic');
    found.push({ name, value, ...(isRest && { rest: 'star' as const }) });
  }
  return found;
}

function isVoid(r: CReader, type: PlainNode | undefined): boolean {
  return type !== undefined && r.b.text(type) === 'void';
}

function countsOf(
  r: CReader,
  list: PlainNode | undefined,
): { readonly least: number; readonly most: number } {
  const all = (list?.children ?? []).filter(({ type }) => isParameter.test(type));
  const given = all.filter(
    (node) => childOf(node, 'declarator') !== undefined || !isVoid(r, childOf(node, 'type')),
  );
  const least = given.filter(({ type }) => type === 'parameter_declaration').length;
  const hasRest =
    given.some(({ type }) => type.startsWith('variadic')) ||
    (list !== undefined && /\.\.\.\s*\)$/.test(r.b.text(list)));
  return { least, most: hasRest ? Number.POSITIVE_INFINITY : given.length };
}

export const isStatic = (node: PlainNode): boolean => isStored(node, 'static');
export const isExtern = (node: PlainNode): boolean => isStored(node, 'extern');

function isStored(node: PlainNode, word: string): boolean {
  return node.children.some((child) => child.type === 'storage_class_specifier' && hasWord(child, word));
}
