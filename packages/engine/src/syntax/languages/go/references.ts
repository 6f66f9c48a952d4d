/** Go: from a tree to the facts of a file. Packages, declarations and statements; what they are made of is in the files beside it. */
import type { CodeFacts, Var } from '../../../model/code-facts.ts';
import { FactsBuilder } from '../../references/facts-builder.ts';
import { mentionTypesLeft } from '../../references/left-types.ts';
import { childOf, childrenOf, type PlainNode } from '../../references/plain-tree.ts';
import { readFunction, readInterfaceBody, readMethod, readStructBody, readTypeSpec } from './definitions.ts';
import { evaluate, evaluateField, narrowed } from './expressions.ts';
import { bind, type GoReader, operands } from './reader.ts';
import { addDeclaredType, addZeroValue } from './types.ts';

export function readGo(root: PlainNode, text: string, errorCount: number): CodeFacts {
  const b = new FactsBuilder(text, root.endLine);
  const r: GoReader = {
    b,
    types: new Map(),
    assignedFromInside: namesAssignedFromInside(root, (node) => b.text(node)),
    results: [],
    namedResults: [],
    evaluate: (node) => evaluate(r, node),
    structBody: (node) => readStructBody(r, node, undefined),
    interfaceBody: (node) => readInterfaceBody(r, node, undefined),
    statement: (node) => readStatement(r, node),
    block: (node) => readBlock(r, node),
  };
  const top = operands(root);
  for (const node of top) if (node.type === 'import_declaration') readImports(r, node);
  // Imports are names of the file, everything else of the package.
  const own = b.pushScope();
  for (const node of top) declareTop(r, node);
  for (const node of top) if (node.type === 'type_declaration') readStatement(r, node);
  for (const node of top) if (node.type !== 'type_declaration') readTop(r, node);
  mentionTypesLeft(b, root, { isName: ({ type }) => type === 'type_identifier' });
  const exports = b.exportsOf(own);
  b.popScope();
  const clause = root.children.find(({ type }) => type === 'package_clause');
  const name = clause?.children.find(({ type }) => type === 'package_identifier');
  return { ...b.finish({ language: 'go', exports, errorCount }), namespace: name ? b.text(name) : 'main' };
}

// Imports

function readImports(r: GoReader, node: PlainNode): void {
  const { b } = r;
  const visit = (child: PlainNode): void => {
    if (child.type !== 'import_spec') {
      child.children.forEach(visit);
      return;
    }
    const path = childOf(child, 'path');
    if (path === undefined) return;
    const from = b.text(path).slice(1, -1);
    const alias = childOf(child, 'name');
    if (alias?.type === 'dot') {
      b.star(from, child);
      return;
    }
    const value = b.importOf(from, undefined, child);
    if (alias?.type === 'blank_identifier') return;
    for (const name of alias === undefined ? guessedNames(from) : [b.text(alias)])
      if (alias !== undefined || b.lookUp(name) === undefined) b.assign(b.declare(name), value);
  };
  node.children.forEach(visit);
}

/** The name of a package stands in its own files; by custom it is the end of its path, without version, `go-` and `-go`. */
function guessedNames(path: string): readonly string[] {
  const parts = path.split('/').filter((part, at) => at === 0 || !/^v\d+$/.test(part));
  const base = (parts.at(-1) ?? path).replace(/\.v\d+$/, '');
  const bare = base.replace(/^go[-.]/, '').replace(/[-.]go$/, '');
  return [...new Set([base, bare, bare.replaceAll(/[-.]/g, ''), bare.slice(bare.search(/[^-.]*$/))])];
}

// Top level

function declareTop(r: GoReader, node: PlainNode): void {
  const { b } = r;
  const names = (spec: PlainNode): void => {
    if (/_(spec|alias)$/.test(spec.type)) {
      for (const name of childrenOf(spec, 'name')) {
        const binding = b.declare(b.text(name));
        // Package variables are changed by whoever wants to.
        if (spec.type === 'var_spec') binding.isOrdered = false;
      }
    } else spec.children.forEach(names);
  };
  if (node.type === 'function_declaration') {
    const name = childOf(node, 'name');
    if (name && !/^(init|_)$/.test(b.text(name))) b.declare(b.text(name));
  } else if (/^(type|var|const)_declaration$/.test(node.type)) names(node);
}

function readTop(r: GoReader, node: PlainNode): void {
  const { b } = r;
  switch (node.type) {
    case 'package_clause':
    case 'import_declaration':
      return;
    case 'function_declaration': {
      const name = childOf(node, 'name');
      if (name === undefined) return;
      const value = readFunction(r, node, b.text(name));
      const binding = b.lookUp(b.text(name));
      if (binding && !/^(init|_)$/.test(b.text(name))) b.assign(binding, value);
      return;
    }
    case 'method_declaration':
      readMethod(r, node);
      return;
    default:
      readStatement(r, node);
  }
}

// Statements

function readStatement(r: GoReader, node: PlainNode): void {
  const { b } = r;
  switch (node.type) {
    case 'block':
      readBlock(r, node);
      return;
    case 'var_declaration':
    case 'var_spec_list':
    case 'const_declaration':
    case 'type_declaration':
    case 'statement_list':
    case 'expression_statement':
    case 'go_statement':
    case 'defer_statement':
    case 'ERROR':
      for (const child of operands(node)) readStatement(r, child);
      return;
    case 'var_spec':
    case 'const_spec':
      readVariables(r, node);
      return;
    case 'type_spec':
    case 'type_alias':
      readTypeSpec(r, node);
      return;
    case 'short_var_declaration':
    case 'assignment_statement':
    case 'receive_statement':
      readAssignment(r, node);
      return;
    case 'send_statement':
      b.setItem(evaluateField(r, node, 'channel'), undefined, evaluateField(r, node, 'value'), node);
      return;
    case 'return_statement':
      readReturn(r, node);
      return;
    case 'break_statement':
    case 'continue_statement':
    case 'goto_statement':
      b.stop();
      return;
    case 'fallthrough_statement':
    case 'empty_statement':
    case 'label_name':
      return;
    case 'if_statement':
      readIf(r, node);
      return;
    case 'for_statement':
      readFor(r, node);
      return;
    case 'expression_switch_statement':
    case 'type_switch_statement':
    case 'select_statement':
      readCases(r, node);
      return;
    case 'labeled_statement':
      for (const child of operands(node)) readStatement(r, child);
      return;
    default:
      evaluate(r, node);
  }
}

function readBlock(r: GoReader, node: PlainNode | undefined): void {
  if (node === undefined) return;
  r.b.pushScope();
  for (const child of operands(node)) readStatement(r, child);
  r.b.popScope();
}

function readVariables(r: GoReader, spec: PlainNode): void {
  const { b } = r;
  const names = childrenOf(spec, 'name');
  const type = childOf(spec, 'type');
  const given = childOf(spec, 'value');
  const values = given === undefined ? [] : readValues(r, given, names.length);
  names.forEach((name, at) => {
    const value = b.variable();
    addDeclaredType(r, type, value);
    const known = values[at];
    if (known !== undefined) b.copy(value, known);
    else if (type) addZeroValue(r, type, value);
    bind(r, name, value);
  });
}

/** The values of a list of expressions; one call may give several. */
function readValues(r: GoReader, list: PlainNode, count: number): readonly Var[] {
  const { b } = r;
  const parts = list.type === 'expression_list' ? operands(list) : [list];
  const [only] = parts;
  if (parts.length === 1 && only && count > 1) {
    const value = evaluate(r, only);
    if (only.type !== 'call_expression') return [value];
    return Array.from({ length: count }, (_, at) => b.getItem(value, b.constant(at), only));
  }
  return parts.map((part) => evaluate(r, part));
}

function readAssignment(r: GoReader, node: PlainNode): void {
  const { b } = r;
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (right === undefined) return;
  const targets = left === undefined ? [] : left.type === 'expression_list' ? operands(left) : [left];
  const values = readValues(r, right, targets.length);
  const between = left === undefined ? '' : b.text({ ...node, start: left.end, end: right.start });
  const isNew = node.type === 'short_var_declaration' || between.includes(':=');
  targets.forEach((target, at) => {
    const value = values[at] ?? b.variable();
    if (!isNew && /[^\s=]/.test(between)) evaluate(r, target);
    else if (isNew && target.type === 'identifier') bind(r, target, value);
    else assignTo(r, target, value);
  });
}

function assignTo(r: GoReader, target: PlainNode, value: Var): void {
  const { b } = r;
  switch (target.type) {
    case 'identifier': {
      const name = b.text(target);
      if (name === '_') return;
      const binding = b.lookUp(name);
      if (binding) b.assign(binding, value);
      // A variable of another file of the package.
      else b.copy(b.readAny(name), value);
      return;
    }
    case 'selector_expression': {
      const field = childOf(target, 'field');
      const on = evaluateField(r, target, 'operand');
      if (field) b.set(on, b.text(field), value, target);
      return;
    }
    case 'index_expression': {
      const on = evaluateField(r, target, 'operand');
      const index = childOf(target, 'index');
      b.setItem(on, index && evaluate(r, index), value, target);
      return;
    }
    case 'parenthesized_expression':
    case 'unary_expression': {
      // `*p = x`: whatever p points to may have been given elsewhere.
      const [inner] = operands(target);
      if (inner?.type !== 'identifier') {
        if (inner) assignTo(r, inner, value);
        return;
      }
      b.copy(b.read(b.text(inner)), value);
      return;
    }
    default:
      evaluate(r, target);
  }
}

function readReturn(r: GoReader, node: PlainNode): void {
  const { b } = r;
  const list = node.children.find(({ type }) => type === 'expression_list');
  const draft = b.functions[b.at];
  if (list !== undefined && draft !== undefined) {
    const parts = operands(list);
    const values = parts.map((part) => evaluate(r, part));
    if (r.results.length > 1 && values.length === 1) b.copy(draft.result, values[0] as Var);
    else for (const [at, value] of values.entries()) b.copy(r.results[at] ?? draft.result, value);
  }
  b.stop();
}

function readIf(r: GoReader, node: PlainNode): void {
  const { b } = r;
  b.pushScope();
  const first = childOf(node, 'initializer');
  if (first) readStatement(r, first);
  evaluateField(r, node, 'condition');
  const otherwise = childOf(node, 'alternative');
  b.branches([
    () => readBlock(r, childOf(node, 'consequence')),
    () => otherwise && readStatement(r, otherwise),
  ]);
  b.popScope();
}

function readFor(r: GoReader, node: PlainNode): void {
  const { b } = r;
  b.pushScope();
  const clause = node.children.find(({ type }) => type === 'for_clause');
  const range = node.children.find(({ type }) => type === 'range_clause');
  const body = childOf(node, 'body');
  const first = clause && childOf(clause, 'initializer');
  if (first) readStatement(r, first);
  const items = range && evaluateField(r, range, 'right');
  b.loop(() => {
    if (range && items !== undefined) readRange(r, range, items);
    if (clause) evaluateField(r, clause, 'condition');
    const condition = operands(node).find(({ type, field }) => !/_clause$/.test(type) && field !== 'body');
    if (condition) evaluate(r, condition);
    readBlock(r, body);
    const update = clause && childOf(clause, 'update');
    if (update) readStatement(r, update);
  });
  b.popScope();
}

function readRange(r: GoReader, range: PlainNode, items: Var): void {
  const { b } = r;
  const left = childOf(range, 'left');
  const targets = left === undefined ? [] : operands(left);
  const isNew =
    left !== undefined &&
    b
      .text(range)
      .slice(left.end - range.start)
      .trimStart()
      .startsWith(':=');
  const key = b.variable();
  const to = b.variable();
  b.add({ op: 'each', to, from: items, key, at: b.at, line: range.line });
  b.forgetSlots();
  targets.forEach((target, at) => {
    const value = at === 0 ? key : to;
    if (isNew && target.type === 'identifier') bind(r, target, value);
    else assignTo(r, target, value);
  });
}

/** `switch`, `select` and the switch over types: each case from the same beginning. */
function readCases(r: GoReader, node: PlainNode): void {
  const { b } = r;
  b.pushScope();
  const first = childOf(node, 'initializer');
  if (first) readStatement(r, first);
  const value = evaluateField(r, node, 'value');
  const alias = childOf(node, 'alias');
  const name = alias && (alias.type === 'expression_list' ? operands(alias)[0] : alias);
  const cases = node.children.filter(({ type }) => /_case$/.test(type));
  const hasDefault = cases.some(({ type }) => type === 'default_case');
  const readCase = (part: PlainNode, at: number): void => {
    b.pushScope();
    if (name) bind(r, name, narrowedTo(r, value, childrenOf(part, 'type')));
    if (part.type === 'expression_case') evaluateField(r, part, 'value');
    const communication = childOf(part, 'communication');
    if (communication) readStatement(r, communication);
    for (const child of operands(part))
      if (child.field === null || child.type === 'statement_list') readStatement(r, child);
    b.popScope();
    const next = cases[at + 1];
    if (next && /fallthrough\s*(\}|$)/.test(b.text(part).trim())) readCase(next, at + 1);
  };
  b.branches([...cases.map((part, at) => () => readCase(part, at)), ...(hasDefault ? [] : [() => {}])]);
  b.popScope();
}

function narrowedTo(r: GoReader, value: Var, types: readonly PlainNode[]): Var {
  if (types.length === 0) return value;
  return r.b.union(types.map((type) => narrowed(r, value, type)));
}

type Text = (node: PlainNode) => string;

/** Names that a function literal assigns without declaring them: by name alone, which is on the safe side. */
function namesAssignedFromInside(root: PlainNode, text: Text): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: PlainNode, isInside: boolean): void => {
    if (isInside && (node.type === 'assignment_statement' || node.type === 'range_clause')) {
      const left = childOf(node, 'left');
      for (const target of left === undefined ? [] : operands(left))
        if (target.type === 'identifier') found.add(text(target));
    }
    const isNext = isInside || node.type === 'func_literal';
    for (const child of node.children) visit(child, isNext);
  };
  visit(root, false);
  return found;
}
