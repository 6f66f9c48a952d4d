/** Classes and structs of C and C++: fields, methods, bases and what is nested in them. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { isStatic, readFunction } from './functions.ts';
import { memberName } from './member-name.ts';
import { type CReader, callKeys, inSpace, nameText, operands } from './reader.ts';
import { addDeclared, type Declarator, declareParameters, isNumber, readDeclarator } from './types.ts';

interface Open {
  readonly name: string;
  readonly type: Var;
  readonly index: number;
  readonly members: [string, Var][];
}

export function readClass(r: CReader, node: PlainNode, name: string): Var {
  const { b } = r;
  const type = b.variable();
  const index = b.classes.length;
  const members: [string, Var][] = [];
  const path = b.pathOf(name.split('::').at(-1) ?? name, r.holder);
  const clause = node.children.find((child) => child.type === 'base_class_clause');
  const bases = (clause === undefined ? [] : operands(clause)).map((base) => r.type(base));
  b.classes.push({ path, start: node.line, end: node.endLine, bases, members });
  b.add({ op: 'class', to: type, index });
  const outer = { holder: r.holder, owner: r.owner, space: r.space, self: r.self };
  r.holder = path;
  r.owner = index;
  r.space = inSpace(r, name);
  r.self = undefined;
  const cls: Open = { name: name.split('::').at(-1) ?? name, type, index, members };
  for (const child of childOf(node, 'body')?.children ?? []) readMember(r, cls, child);
  Object.assign(r, outer);
  return type;
}

function readMember(r: CReader, cls: Open, node: PlainNode): void {
  switch (node.type) {
    case 'function_definition':
    case 'field_declaration':
    case 'declaration':
      readDeclared(r, cls, node);
      return;
    case 'template_declaration': {
      const { b } = r;
      b.pushScope();
      declareParameters(r, node);
      for (const child of operands(node)) if (child.field !== 'parameters') readMember(r, cls, child);
      b.popScope();
      return;
    }
    case 'preproc_if':
    case 'preproc_ifdef':
    case 'preproc_else':
    case 'preproc_elif':
      for (const child of operands(node))
        if (child.field !== 'name' && child.field !== 'condition') readMember(r, cls, child);
      return;
    case 'using_declaration':
    case 'friend_declaration':
      for (const child of operands(node)) if (child.type === 'function_definition') r.define(child);
      return;
    default:
      if (node.children.length > 0) r.define(node);
  }
}

function readDeclared(r: CReader, cls: Open, node: PlainNode): void {
  const { b } = r;
  const type = childOf(node, 'type');
  if (type !== undefined && /_specifier$/.test(type.type) && childOf(type, 'body')) r.define(type);
  const declarators = node.children.filter(({ field }) => field === 'declarator');
  if (
    declarators.length === 0 &&
    type !== undefined &&
    childOf(type, 'body') &&
    childOf(type, 'name') === undefined
  ) {
    // Fields of an anonymous struct or union are the fields of what is around it.
    const inner = b.lookUp(`%type ${type.start}`);
    if (inner) b.add({ op: 'base', on: cls.type, base: inner.all });
  }
  for (const child of declarators) {
    const declarator = readDeclarator(child);
    if (declarator.name === undefined) continue;
    if (declarator.function !== undefined) readMethod(r, cls, node, declarator);
    else readField(r, cls, { type, declarator, given: childOf(node, 'default_value') });
  }
}

function readMethod(r: CReader, cls: Open, node: PlainNode, declarator: Declarator): void {
  const { b } = r;
  const bare = nameText(r, declarator.name as PlainNode);
  const text = declarator.name?.type === 'destructor_name' ? `~${bare.replace(/^~\s*/, '')}` : bare;
  const { value, least, most } = readFunction(r, node, {
    path: b.pathOf(text, r.holder),
    declarator,
    type: isStatic(node) ? undefined : cls.type,
    owner: cls.index,
  });
  const name = memberName(text, cls.name);
  const keys = name === '%delete' || name === '__call__' ? [name] : callKeys(name, least, most);
  for (const key of [...keys, `&${bare}`]) cls.members.push([key, value]);
}

interface Field {
  readonly type: PlainNode | undefined;
  readonly declarator: Declarator;
  readonly given: PlainNode | undefined;
}

function readField(r: CReader, cls: Open, { type, declarator, given }: Field): void {
  const { b } = r;
  const value = b.variable();
  const bare = type && {
    ...type,
    children: type.children.filter(({ field }) => field !== 'body' || childOf(type, 'name') === undefined),
  };
  addDeclared(r, bare, declarator, value);
  if (given) b.copy(value, r.evaluate(given));
  const name = b.text(declarator.name as PlainNode);
  cls.members.push([name, value]);
  const isValue = !declarator.isPointer && !declarator.isArray && !declarator.isFunctionPointer;
  // What `: name(x)` constructs.
  if (r.language !== 'c' && isValue && bare && !isNumber(r, bare))
    cls.members.push([`%type ${name}`, r.type(bare)]);
}
