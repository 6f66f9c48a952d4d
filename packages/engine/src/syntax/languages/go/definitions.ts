/** Functions, methods and types of Go. */
import type { Parameter, Var } from '../../../model/code-facts.ts';
import type { FunctionDraft } from '../../references/facts-builder.ts';
import { childOf, childrenOf, type PlainNode } from '../../references/plain-tree.ts';
import type { Binding } from '../../references/scoped-names.ts';
import { bind, declareName, type GoReader, operands } from './reader.ts';
import {
  addDeclaredType,
  addZeroValue,
  declareReceiverParameters,
  declareTypeParameters,
  typeOf,
} from './types.ts';

interface Method {
  /** Path of the type, and number of its class where it is of this file. */
  readonly path: string;
  readonly owner: number;
}

/** The function as a value. A method has its receiver as first parameter. */
export function readFunction(r: GoReader, node: PlainNode, name?: string, method?: Method): Var {
  const { b } = r;
  const body = childOf(node, 'body');
  const draft: FunctionDraft = {
    ...b.draftOf(
      name === undefined ? b.anonymousPath(node.line) : b.pathOf(name, method?.path),
      node,
      method?.owner ?? -1,
    ),
    ...(body === undefined && method !== undefined && { signature: true }),
  };
  const outer = { results: r.results, namedResults: r.namedResults };
  const index = b.inFunction(draft, () => {
    declareTypeParameters(r, node);
    const receiver = childOf(node, 'receiver');
    const isSignature = node.type === 'method_elem';
    const first = isSignature
      ? [{ name: '', value: b.variable() }]
      : receiver
        ? readReceiver(r, receiver)
        : [];
    draft.parameters = [...first, ...readParameters(r, childOf(node, 'parameters'))];
    readResults(r, node, draft);
    // A scope of its own: a body may declare the name of a parameter anew.
    if (body) r.block(body);
    for (const [at, binding] of r.namedResults.entries()) {
      const to = r.results[at] ?? draft.result;
      b.copy(to, binding.all);
    }
  });
  Object.assign(r, outer);
  return b.functionValue(index);
}

function readReceiver(r: GoReader, list: PlainNode): Parameter[] {
  const [declaration] = operands(list);
  declareReceiverParameters(r, declaration && childOf(declaration, 'type'));
  const [first] = readParameters(r, list);
  return [first ?? { name: '', value: r.b.variable() }];
}

function readParameters(r: GoReader, list: PlainNode | undefined): readonly Parameter[] {
  const { b } = r;
  const found: Parameter[] = [];
  for (const part of list === undefined ? [] : operands(list)) {
    const type = childOf(part, 'type');
    const isRest = part.type === 'variadic_parameter_declaration';
    const names = childrenOf(part, 'name');
    for (const name of names.length === 0 ? [undefined] : names) {
      const value = b.variable();
      if (!isRest) addDeclaredType(r, type, value);
      if (name) bind(r, name, value);
      found.push({ name: name ? b.text(name) : '', value, ...(isRest && { rest: 'star' as const }) });
    }
  }
  return found;
}

/** One result is the value itself, several are a container with their numbers. */
function readResults(r: GoReader, node: PlainNode, draft: FunctionDraft): void {
  const { b } = r;
  const result = childOf(node, 'result');
  const named: Binding[] = [];
  const values: Var[] = [];
  if (result === undefined) Object.assign(r, { results: [], namedResults: [] });
  else if (result.type !== 'parameter_list') {
    addDeclaredType(r, result, draft.result);
    Object.assign(r, { results: [], namedResults: [] });
  } else {
    for (const part of operands(result)) {
      const type = childOf(part, 'type');
      const names = childrenOf(part, 'name');
      for (const name of names.length === 0 ? [undefined] : names) {
        const value = b.variable();
        addDeclaredType(r, type, value);
        values.push(value);
        if (name === undefined) continue;
        const binding = declareName(r, b.text(name));
        const zero = b.variable();
        if (type) addZeroValue(r, type, zero);
        b.assign(binding, zero);
        named.push(binding);
      }
    }
    if (values.length === 1) {
      b.copy(draft.result, values[0] as Var);
      Object.assign(r, { results: values, namedResults: named });
      return;
    }
    const all = b.container('results');
    for (const [at, value] of values.entries()) b.setKey(all, at, value, result);
    b.copy(draft.result, all);
    Object.assign(r, { results: values, namedResults: named });
  }
}

// Types

export function readTypeSpec(r: GoReader, spec: PlainNode): void {
  const { b } = r;
  const name = childOf(spec, 'name');
  const type = childOf(spec, 'type');
  if (name === undefined || type === undefined) return;
  const binding = b.lookUp(b.text(name)) ?? b.declare(b.text(name));
  b.pushScope();
  declareTypeParameters(r, spec);
  let value: Var;
  if (spec.type === 'type_alias') value = typeOf(r, type);
  else {
    value = b.variable();
    b.add({ op: 'class', to: value, index: readNamedType(r, type, b.text(name)) });
  }
  b.popScope();
  b.assign(binding, value);
}

function readNamedType(r: GoReader, type: PlainNode, name: string): number {
  if (type.type === 'struct_type') return readStructBody(r, type, name);
  if (type.type === 'interface_type') return readInterfaceBody(r, type, name);
  const { b } = r;
  const { index, facts } = addClass(r, type, name);
  if (type.type === 'function_type') facts.isCallable = true;
  const element = childOf(type, 'element') ?? childOf(type, 'value');
  if (element) {
    const item = b.variable();
    addDeclaredType(r, element, item);
    facts.members.push(['[*]', item]);
  } else if (/^(type_identifier|qualified_type|generic_type|pointer_type)$/.test(type.type))
    addBase(r, facts, type);
  return index;
}

interface ClassDraft {
  path: string;
  start: number;
  end: number;
  bases: Var[];
  baseLines: number[];
  members: [string, Var][];
  isInterface?: boolean;
  isCallable?: boolean;
}

function addClass(
  r: GoReader,
  node: PlainNode,
  name: string | undefined,
): { index: number; facts: ClassDraft } {
  const { b } = r;
  const path = name === undefined ? b.anonymousPath(node.line) : b.pathOf(name);
  const facts: ClassDraft = {
    path,
    start: node.line,
    end: node.endLine,
    bases: [],
    baseLines: [],
    members: [],
  };
  const index = b.classes.length;
  b.classes.push(facts);
  if (name !== undefined) r.types.set(name, { kind: node.type, members: facts.members, node });
  return { index, facts };
}

function addBase(r: GoReader, facts: ClassDraft, type: PlainNode): void {
  facts.bases.push(typeOf(r, type));
  facts.baseLines.push(type.line);
}

export function readStructBody(r: GoReader, node: PlainNode, name: string | undefined): number {
  const { b } = r;
  const { index, facts } = addClass(r, node, name);
  const list = node.children.find(({ type }) => type === 'field_declaration_list');
  for (const field of list?.children ?? []) {
    if (field.type !== 'field_declaration') continue;
    const type = childOf(field, 'type');
    const names = childrenOf(field, 'name');
    if (type === undefined) continue;
    for (const each of names) {
      const value = b.variable();
      addDeclaredType(r, type, value);
      if (/^(type_identifier|qualified_type|generic_type|map_type|slice_type|array_type)$/.test(type.type))
        addZeroValue(r, type, value);
      facts.members.push([b.text(each), value]);
    }
    if (names.length > 0) continue;
    const value = b.variable();
    addDeclaredType(r, type, value);
    facts.members.push([embeddedName(r, type), value]);
    addBase(r, facts, type);
  }
  return index;
}

function embeddedName(r: GoReader, type: PlainNode): string {
  const bare = r.b.text(type).replace(/\[[\s\S]*$/, '');
  return bare
    .slice(bare.lastIndexOf('.') + 1)
    .replace('*', '')
    .trim();
}

export function readInterfaceBody(r: GoReader, node: PlainNode, name: string | undefined): number {
  const { b } = r;
  const { index, facts } = addClass(r, node, name);
  facts.isInterface = true;
  for (const part of operands(node)) {
    if (part.type === 'method_elem') {
      const own = childOf(part, 'name');
      if (own === undefined) continue;
      const method = { path: facts.path, owner: index };
      facts.members.push([b.text(own), readFunction(r, part, b.text(own), method)]);
    } else if (part.type === 'type_elem') {
      const inner = operands(part);
      if (inner.length === 1 && /^(type_identifier|qualified_type|generic_type)$/.test(inner[0]?.type ?? ''))
        addBase(r, facts, inner[0] as PlainNode);
    }
  }
  return index;
}

/** A method joins its type, which may stand in another file of the package. */
export function readMethod(r: GoReader, node: PlainNode): void {
  const { b } = r;
  const name = childOf(node, 'name');
  const [receiver] = operands(childOf(node, 'receiver') ?? { ...node, children: [] });
  const type = receiver && childOf(receiver, 'type');
  if (name === undefined || type === undefined) return;
  const typeName = embeddedName(r, type).replace(/[()\s]/g, '');
  const known = r.types.get(typeName);
  const owner = known === undefined ? -1 : b.classes.findIndex(({ path }) => path === typeName);
  const value = readFunction(r, node, b.text(name), { path: typeName, owner });
  if (known !== undefined) known.members.push([b.text(name), value]);
  else
    b.add({
      op: 'set',
      on: b.readAny(typeName),
      name: b.text(name),
      from: value,
      isDefinition: true,
      at: b.at,
      line: node.line,
    });
}
