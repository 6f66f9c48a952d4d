/** Python functions, lambdas and classes, their parameters, decorators and annotations. */
import type { Parameter, Var } from '../../../model/code-facts.ts';
import type { FunctionDraft } from '../../references/facts-builder.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { readArguments } from './keys.ts';
import { operands, type PythonReader } from './reader.ts';
import { boundNames } from './scopes.ts';
import { addDeclaredType, evaluateCalls } from './types.ts';

/** The function as a value; the name is bound by who asks. `isDeclared`: a decorator says that others implement it. */
export function readFunction(r: PythonReader, node: PlainNode, isDeclared = false): Var {
  const { b } = r;
  const nameNode = childOf(node, 'name');
  const name = nameNode === undefined ? `<anonymous:${node.line}>` : b.text(nameNode);
  const body = childOf(node, 'body');
  const defaults = readDefaults(r, childOf(node, 'parameters'));
  const returnType = childOf(node, 'return_type');
  for (const parameter of childOf(node, 'parameters')?.children ?? []) {
    const type = childOf(parameter, 'type');
    if (type) evaluateCalls(r, type);
  }
  if (returnType) evaluateCalls(r, returnType);
  const isSignature =
    (isDeclared || (r.classPath !== undefined && r.isProtocol)) && body !== undefined && isEmpty(r, body);
  const index = inFunction(r, node, b.pathOf(name, r.classPath), (draft) => {
    if (isSignature) draft.signature = true;
    draft.parameters = readParameters(r, childOf(node, 'parameters'), defaults);
    if (draft.owner >= 0) r.self = draft.parameters[0]?.value;
    if (returnType) addDeclaredType(r, returnType, draft.result);
    if (body) {
      declareBound(r, body);
      for (const statement of operands(body)) r.statement(statement);
    }
  });
  return r.b.functionValue(index);
}

/** Nothing but a docstring, `...`, `pass` or `raise NotImplementedError`. */
function isEmpty(r: PythonReader, body: PlainNode): boolean {
  return operands(body).every((statement) => {
    if (statement.type === 'pass_statement') return true;
    if (statement.type === 'raise_statement')
      return /^raise\s+NotImplementedError\b/.test(r.b.text(statement));
    const [only] = operands(statement);
    return statement.type === 'expression_statement' && /^(string|ellipsis)$/.test(only?.type ?? '');
  });
}

export function readLambda(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  const body = childOf(node, 'body');
  const defaults = readDefaults(r, childOf(node, 'parameters'));
  const index = inFunction(r, node, b.anonymousPath(node.line, r.classPath), (draft) => {
    draft.parameters = readParameters(r, childOf(node, 'parameters'), defaults);
    if (body) b.copy(draft.result, r.evaluate(body));
  });
  return r.b.functionValue(index);
}

function inFunction(
  r: PythonReader,
  node: PlainNode,
  path: string,
  read: (draft: FunctionDraft) => void,
): number {
  const { b } = r;
  const outer = { owner: r.owner, classPath: r.classPath, self: r.self };
  const isMethod = r.classPath !== undefined;
  const draft: FunctionDraft = b.draftOf(path, node, isMethod ? r.owner : -1);
  r.classPath = undefined;
  const index = b.inFunction(draft, () => read(draft));
  Object.assign(r, outer);
  return index;
}

export function declareBound(r: PythonReader, body: PlainNode): void {
  for (const name of boundNames(body, (node) => r.b.text(node)).names) {
    const binding = r.b.declare(name);
    if (r.assignedFromInside.has(name)) binding.isOrdered = false;
  }
}

/** Defaults are evaluated once, where the function is defined. */
function readDefaults(r: PythonReader, list: PlainNode | undefined): ReadonlyMap<PlainNode, Var> {
  const values = new Map<PlainNode, Var>();
  for (const node of list?.children ?? []) {
    const value = childOf(node, 'value');
    if (value !== undefined) values.set(node, r.evaluate(value));
  }
  return values;
}

function readParameters(
  r: PythonReader,
  list: PlainNode | undefined,
  defaults: ReadonlyMap<PlainNode, Var>,
): readonly Parameter[] {
  const { b } = r;
  const found: Parameter[] = [];
  let keywordOnly = false;
  for (const node of list === undefined ? [] : operands(list)) {
    if (node.type === 'keyword_separator') keywordOnly = true;
    const nameNode = node.type === 'identifier' ? node : (childOf(node, 'name') ?? node.children[0]);
    if (nameNode === undefined || node.type.endsWith('_separator')) continue;
    const splat = node.type.endsWith('_splat_pattern')
      ? node
      : nameNode.type.endsWith('_splat_pattern')
        ? nameNode
        : undefined;
    const identifier = splat === undefined ? nameNode : splat.children[0];
    if (identifier?.type !== 'identifier') continue;
    const value = b.variable();
    const name = b.text(identifier);
    const type = childOf(node, 'type');
    if (type && splat === undefined) addDeclaredType(r, type, value);
    const given = defaults.get(node);
    if (given !== undefined) b.copy(value, given);
    const binding = b.declare(name);
    if (r.assignedFromInside.has(name)) binding.isOrdered = false;
    b.assign(binding, value);
    const rest = splat?.type === 'list_splat_pattern' ? 'star' : splat === undefined ? undefined : 'keywords';
    found.push({ name, value, ...(rest && { rest }), ...(keywordOnly && { keywordOnly }) });
    if (rest === 'star') keywordOnly = true;
  }
  return found;
}

export function readClass(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  const nameNode = childOf(node, 'name');
  const body = childOf(node, 'body');
  const given = childOf(node, 'superclasses');
  const args = given === undefined ? [] : readArguments(r, given);
  const bases = args
    .filter((arg) => arg.name === undefined && arg.spread === undefined)
    .map(({ value }) => value);
  const path = b.pathOf(nameNode === undefined ? `<anonymous:${node.line}>` : b.text(nameNode), r.classPath);
  const index = b.classes.length;
  const facts = {
    path,
    start: node.line,
    end: node.endLine,
    bases,
    members: [] as (readonly [string, Var])[],
  };
  b.classes.push(facts);
  const outer = { owner: r.owner, classPath: r.classPath, self: r.self, isProtocol: r.isProtocol };
  r.owner = index;
  r.classPath = path;
  r.isProtocol = given !== undefined && /(^|[\s(,.])Protocol\s*[[,)]/.test(b.text(given));
  const scope = b.pushScope(true);
  if (body) {
    declareBound(r, body);
    for (const statement of operands(body)) r.statement(statement);
  }
  facts.members = b.exportsOf(scope);
  b.popScope();
  Object.assign(r, outer);
  const to = b.variable();
  b.add({ op: 'class', to, index });
  return to;
}

/** What an assignment to the property calls. */
const setting = /^@\s*[\w.]+\.setter\s*$/;
const declaring = /^@\s*(\w+\.)*(overload|abstract\w*)\s*$/;

/** The definition under its decorators, applied from the innermost. */
export function readDecorated(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  const decorators = node.children.filter((child) => child.type === 'decorator');
  const callees = decorators.map((decorator) => {
    const inner = operands(decorator)[0];
    return inner === undefined ? b.variable() : r.evaluate(inner);
  });
  const definition = childOf(node, 'definition');
  if (definition === undefined) return b.variable();
  const isDeclared = decorators.some((decorator) => declaring.test(b.text(decorator)));
  let value =
    definition.type === 'class_definition'
      ? readClass(r, definition)
      : readFunction(r, definition, isDeclared);
  const own = childOf(definition, 'name');
  if (own && b.scope.isClass && decorators.some((decorator) => setting.test(b.text(decorator))))
    b.assign(b.declare(`set ${b.text(own)}`), value);
  for (let i = decorators.length - 1; i >= 0; i--) {
    const decorator = decorators[i] as PlainNode;
    const text = b.shortText(decorator);
    value = b.call(callees[i] as Var, [{ value }], decorator, { text, implicit: 'decorator' });
  }
  return value;
}
