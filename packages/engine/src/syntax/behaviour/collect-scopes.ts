/** Functions and classes of a file, with the names that each binds. The first of two looks at the tree. */
import { childOf, childrenOf, type PlainNode } from '../references/plain-tree.ts';
import type { BehaviourReader } from './behaviour-reader.ts';
import {
  boundNames,
  type ClassScope,
  lookUp,
  type Origin,
  onlyValue,
  operands,
  parameterNodes,
  type Scope,
} from './scopes.ts';

export function collectScopes(reader: BehaviourReader, root: PlainNode): void {
  const scope: Scope = {
    parent: undefined,
    node: root,
    index: 0,
    path: '',
    owner: undefined,
    names: new Map(),
    imports: new Map(),
    outer: new Set(),
  };
  reader.scopes.set(root, scope);
  reader.functions.push({
    path: '',
    name: '',
    start: 1,
    end: Math.max(1, root.endLine),
    headEnd: 1,
    isAsync: false,
    owner: '',
    isConstructor: false,
  });
  for (const child of root.children)
    visit(reader, child, { scope, owner: undefined, path: '', holder: root });
}

interface Place {
  readonly scope: Scope;
  /** Class whose body this is, directly. */
  readonly owner: ClassScope | undefined;
  readonly path: string;
  readonly holder: PlainNode;
}

function visit(reader: BehaviourReader, node: PlainNode, place: Place): void {
  const { language } = reader;
  const { scope, owner, path } = place;
  if (language.imports(node, reader, scope)) return;
  if (language.classes.has(node.type)) {
    const found = openClass(reader, node, place);
    if (found !== undefined) {
      for (const child of node.children)
        visit(reader, child, { scope, owner: found, path: found.path, holder: node });
      return;
    }
  }
  if (language.functions.has(node.type)) {
    openFunction(reader, node, place);
    return;
  }
  const field = language.fields[node.type];
  if (owner !== undefined && field !== undefined) bindFields(reader, node, owner, scope, field);
  const binds = owner === undefined ? (language.declares[node.type] ?? []) : [];
  for (const name of binds) for (const pattern of childrenOf(node, name)) bind(reader, scope, node, pattern);
  if (binds.length === 0) countAssignment(reader, node, scope);
  fieldsByAssignment(reader, node, scope);
  const inside =
    owner !== undefined &&
    /block|body|list|declaration$|definition$|type$|statement|assignment/.test(node.type);
  const next: Place = { scope, owner: inside ? owner : undefined, path, holder: node };
  const body = language.namelessClasses?.[node.type];
  for (const child of node.children)
    visit(reader, child, child.type === body ? { ...next, path: namelessPath(path, child) } : next);
}

/** As the graph names it. */
const namelessPath = (path: string, { line }: PlainNode) =>
  `${path === '' ? '' : `${path}.`}<anonymous:${line}>`;

function bind(reader: BehaviourReader, scope: Scope, node: PlainNode, pattern: PlainNode): void {
  const { language } = reader;
  const names = boundNames(language, pattern, reader.source);
  const isPlain =
    language.identifiers.has(pattern.type) || (pattern.children.length === 1 && names.length === 1);
  const isEach = language.loops.has(node.type) || /^(range_clause|for_in_clause)$/.test(node.type);
  const value =
    !isPlain || isEach ? undefined : node.type === 'as_pattern' ? node.children[0] : onlyValue(node, pattern);
  const type = isPlain ? typeOf(node, value) : undefined;
  for (const name of names) {
    if (scope.outer.has(name)) continue;
    const before = scope.names.get(name);
    if (before !== undefined) {
      before.times += 1;
      continue;
    }
    const given: Origin = {
      times: value === undefined && type !== undefined ? 0 : 1,
      scope,
      ...(value && { value }),
      ...(type && { type }),
    };
    scope.names.set(name, given);
  }
}

/** A name that is given another value later holds neither for sure. */
function countAssignment(reader: BehaviourReader, node: PlainNode, scope: Scope): void {
  const { language } = reader;
  const shape = language.assigns[node.type];
  const updated = language.updates[node.type];
  const left = shape
    ? childOf(node, shape[0])
    : updated === undefined
      ? undefined
      : (childOf(node, updated) ?? operands(node)[0]);
  if (left === undefined) return;
  for (const name of boundNames(language, left, reader.source)) {
    const { origin } = lookUp(name, scope);
    if (origin !== undefined) origin.times += 1;
  }
}

/** Java declares the type beside the names; `var` says nothing. */
function typeOf(node: PlainNode, value: PlainNode | undefined): PlainNode | undefined {
  const type = childOf(node, 'type');
  return type === value ? undefined : type;
}

function bindFields(
  reader: BehaviourReader,
  node: PlainNode,
  owner: ClassScope,
  scope: Scope,
  field: string,
): void {
  const type = childOf(node, 'type');
  const holders = field === 'declarator' ? childrenOf(node, field) : [node];
  for (const holder of holders) {
    for (const name of childrenOf(holder, field === 'declarator' ? 'name' : field)) {
      const value = childOf(holder, 'value') ?? childOf(holder, 'right');
      const known = owner.fields.get(reader.text(name));
      if (known !== undefined) known.times += 1;
      else
        owner.fields.set(reader.text(name), {
          times: value === undefined ? 0 : 1,
          scope,
          ...(value && { value }),
          ...(type && { type }),
        });
    }
  }
}

/** `self.client = Client()`: a field whose only value is known. */
function fieldsByAssignment(reader: BehaviourReader, node: PlainNode, scope: Scope): void {
  const shape = reader.language.assigns[node.type];
  const left = shape && childOf(node, shape[0]);
  const member = left && reader.language.members[left.type];
  if (!shape || !left || !member) return;
  const object = childOf(left, member[0]);
  const property = childOf(left, member[1]);
  const owner = reader.owner(scope);
  if (!object || !property || !owner) return;
  const before = reader.scope;
  reader.scope = scope;
  const isOwn = reader.isReceiver(object);
  reader.scope = before;
  if (!isOwn) return;
  const value = childOf(node, shape[1]);
  const known = owner.fields.get(reader.text(property));
  if (known !== undefined) known.times += 1;
  else owner.fields.set(reader.text(property), { times: 1, scope, ...(value && { value }) });
}

function openClass(reader: BehaviourReader, node: PlainNode, { scope, path }: Place): ClassScope | undefined {
  const name = nameOfClass(reader, node);
  if (name === undefined) return undefined;
  const full = path === '' ? name : `${path}.${name}`;
  if (node.type !== 'impl_item') scope.names.set(name, { times: 1, scope });
  const bases = node.children
    .filter((child) => reader.language.bases.has(child.type) || reader.language.bases.has(child.field ?? ''))
    .flatMap((child) =>
      child.children.length > 0 && child.type !== 'generic_type' ? child.children : [child],
    )
    .map((base) => reader.short(base, 80));
  const known = reader.classScopes.get(full);
  const found = known ?? { path: full, node, fields: new Map() };
  reader.classScopes.set(full, found);
  reader.classes.push({ path: full, start: node.line, end: node.endLine, bases });
  return found;
}

function nameOfClass(reader: BehaviourReader, node: PlainNode): string | undefined {
  const named = childOf(node, 'name');
  if (named !== undefined) return reader.text(named);
  let type = childOf(node, 'type');
  if (type?.type === 'generic_type') type = childOf(type, 'type');
  return type && reader.text(type);
}

function openFunction(reader: BehaviourReader, node: PlainNode, place: Place): void {
  const { language } = reader;
  const outside = language.ownerOf?.(node, reader);
  const ownerPath = outside?.owner ?? place.owner?.path ?? '';
  const name = nameOfFunction(reader, node, place.holder) ?? `<anonymous:${node.line}>`;
  const base = outside?.owner ?? (place.owner === undefined ? place.path : place.owner.path);
  const path = base === '' ? name : `${base}.${name}`;
  const owner = ownerPath === '' ? undefined : classScope(reader, ownerPath, node);
  const index = reader.functions.length;
  const scope: Scope = {
    parent: place.scope,
    node,
    index,
    path,
    owner,
    names: new Map(),
    imports: new Map(),
    outer: new Set(),
    receiver: outside?.receiver,
    isCopied: outside?.isCopied,
  };
  reader.scopes.set(node, scope);
  if (place.owner === undefined && outside === undefined && childOf(node, 'name'))
    place.scope.names.set(name, { times: 1, scope: place.scope });
  const body = childOf(node, 'body');
  const result = language.resultFields
    .map((field) => childOf(node, field))
    .find((found) => found !== undefined);
  reader.functions.push({
    path,
    name,
    start: node.line,
    end: node.endLine,
    headEnd: headEnd(reader, node, body),
    isAsync: node.children.some(
      (child) =>
        child.type === 'async' ||
        /\basync\b/.test(child.type === 'function_modifiers' ? reader.text(child) : ''),
    ),
    owner: ownerPath,
    isConstructor: ownerPath !== '' && language.constructors(name, node, ownerPath),
    ...(result && { result: reader.short(result, 80).replace(/^:\s*/, '') }),
  });
  for (const parameter of parameterNodes(node)) bindParameter(reader, scope, parameter);
  for (const child of node.children) {
    if (child.field === 'parameters' || child.field === 'name') continue;
    visit(reader, child, { scope, owner: undefined, path, holder: node });
  }
}

function headEnd(reader: BehaviourReader, node: PlainNode, body: PlainNode | undefined): number {
  if (body === undefined) return node.endLine;
  return reader.language.id === 'python' ? Math.max(node.line, body.line - 1) : body.line;
}

function classScope(reader: BehaviourReader, path: string, node: PlainNode): ClassScope {
  let found = reader.classScopes.get(path);
  if (found === undefined) {
    found = { path, node, fields: new Map() };
    reader.classScopes.set(path, found);
  }
  return found;
}

function bindParameter(reader: BehaviourReader, scope: Scope, parameter: PlainNode): void {
  const type = childOf(parameter, 'type');
  const pattern = childOf(parameter, 'pattern');
  const named = pattern === undefined ? childrenOf(parameter, 'name') : [pattern];
  const inner = named.length > 0 ? named : [parameter];
  for (const node of inner)
    for (const name of boundNames(reader.language, node, reader.source))
      scope.names.set(name, { times: 0, isParameter: true, scope, ...(type && { type }) });
}

function nameOfFunction(reader: BehaviourReader, node: PlainNode, holder: PlainNode): string | undefined {
  const own = childOf(node, 'name');
  if (own !== undefined) return reader.text(own);
  const field = reader.language.naming[holder.type];
  const name = field === undefined ? undefined : childOf(holder, field);
  if (name === undefined || holder === node) return undefined;
  return /^[\w$#]+$/.test(reader.text(name)) ? reader.text(name) : undefined;
}
