/** C and C++ hide names inside declarators (`int *(*name[3])(void)`); this finds them. */
import type { Node } from 'web-tree-sitter';
import type { SymbolKind } from '../../../model/parsed-file.ts';
import { childOfType, nodeText } from '../../outline/compile-rules.ts';
import type { Definition, DefinitionReader } from '../../outline/rules.ts';
import { typeKinds } from '../../outline/rules.ts';

export interface Declarator {
  readonly nameNode: Node;
  /** The part that has the parameters, when the declarator declares a function. */
  readonly isFunction: boolean;
  /** `Foo::bar`: declared in another scope than the one it is written in. */
  readonly isQualified: boolean;
}

/** Levels of pointers, arrays and parentheses followed; deeper ones are attacks. */
const maxDepth = 50;

export function unwrapDeclarator(declarator: Node | null): Declarator | undefined {
  let node = declarator;
  let isFunction = false;
  let isQualified = false;
  let sawPointer = false;
  for (let depth = 0; node !== null && depth < maxDepth; depth++) {
    switch (node.type) {
      case 'function_declarator':
        // `(*name)(int)` is a pointer: only the innermost declarator before the name tells.
        isFunction = true;
        sawPointer = false;
        node = node.childForFieldName('declarator');
        break;
      case 'qualified_identifier':
        isQualified = true;
        node = node.childForFieldName('name');
        break;
      case 'pointer_declarator':
      case 'reference_declarator':
        sawPointer = true;
        node = node.childForFieldName('declarator') ?? node.lastNamedChild;
        break;
      case 'template_function':
      case 'template_method':
      case 'dependent_name':
        node = node.childForFieldName('name') ?? node.firstNamedChild;
        break;
      case 'init_declarator':
      case 'array_declarator':
        node = node.childForFieldName('declarator');
        break;
      case 'parenthesized_declarator':
      case 'attributed_declarator':
      case 'ms_based_modifier':
        node = node.firstNamedChild;
        break;
      default:
        return isName(node)
          ? { nameNode: node, isFunction: isFunction && !sawPointer, isQualified }
          : undefined;
    }
  }
  return undefined;
}

const nameTypes = new Set([
  'identifier',
  'field_identifier',
  'type_identifier',
  'namespace_identifier',
  'destructor_name',
  'operator_name',
  'operator_cast',
  'primitive_type',
]);

function isName(node: Node): boolean {
  return nameTypes.has(node.type);
}

const testMacro =
  /^(?:TEST|TEST_F|TEST_P|TYPED_TEST|TYPED_TEST_P|TEST_CASE|SCENARIO|BENCHMARK|BENCHMARK_F|FUZZ_TEST)$/;
const macroName = /^[A-Z][A-Z0-9_]+$/;

/** `int foo(...) { }`, `Foo::bar() { }`, and macros that look like functions: `TEST(Suite, Name) { }`. */
export const readFunction: DefinitionReader = (node, place) => {
  if (place.local) return undefined;
  const declarator = node.childForFieldName('declarator');
  const found = unwrapDeclarator(declarator);
  if (found === undefined) return undefined;
  const body = node.childForFieldName('body') ?? childOfType(node, 'try_statement', 'default_method_clause');
  const name = nodeText(found.nameNode, place.source);
  if (node.childForFieldName('type') === null && macroName.test(name) && declarator !== null) {
    return readMacroFunction(declarator, found.nameNode, name, body, place.source);
  }
  return { kind: functionKind(found, name, place), name, nameNode: found.nameNode, body };
};

function readMacroFunction(
  declarator: Node,
  nameNode: Node,
  macro: string,
  body: Node | null,
  source: string,
): Definition {
  const parameters = declarator.childForFieldName('parameters');
  const names = (parameters?.namedChildren ?? []).slice(0, 4).map((node) => nodeText(node, source));
  if (testMacro.test(macro)) return { kind: 'test', name: names.join('.') || macro, nameNode, body };
  const [first] = names;
  return {
    kind: 'function',
    name: first !== undefined && /^\w+$/.test(first) ? first : macro,
    nameNode,
    body,
  };
}

function functionKind(
  found: Declarator,
  name: string,
  place: { parentKind: SymbolKind | undefined; source: string },
): SymbolKind {
  const inType = place.parentKind !== undefined && typeKinds.has(place.parentKind);
  if (!inType && !found.isQualified) return 'function';
  return isConstructor(found.nameNode, name, place.source) ? 'constructor' : 'method';
}

/** `Foo::Foo(`, or in a class a function without a return type: the node before the declarator tells. */
function isConstructor(nameNode: Node, name: string, source: string): boolean {
  const before = source.slice(Math.max(0, nameNode.startIndex - name.length - 60), nameNode.startIndex);
  const scope = /([A-Za-z_]\w*)\s*(?:<[^<>]{0,40}>)?\s*::\s*$/.exec(before);
  return scope?.[1] === name;
}

/** Prototypes, global variables and members: one node may declare several. */
export const readDeclaration: DefinitionReader = (node, place) => {
  if (place.local) return undefined;
  const inType = place.parentKind !== undefined && typeKinds.has(place.parentKind);
  const declarators = node.childrenForFieldName('declarator');
  const hasType = node.childForFieldName('type') !== null;
  const found: Definition[] = [];
  for (const declarator of declarators) {
    const unwrapped = unwrapDeclarator(declarator);
    if (unwrapped === undefined) continue;
    const { nameNode, isFunction } = unwrapped;
    const name = nodeText(nameNode, place.source);
    if (isFunction) {
      const kind = functionKind(unwrapped, name, place);
      found.push({
        kind: kind === 'method' && !hasType && nameNode.type === 'identifier' ? 'constructor' : kind,
        name,
        nameNode,
      });
      continue;
    }
    const value = declarator.childForFieldName('value');
    found.push({
      kind: inType ? 'field' : isConstant(node, place.source) ? 'constant' : 'variable',
      name,
      nameNode,
      body: value,
    });
  }
  return found;
};

function isConstant(node: Node, source: string): boolean {
  return /^[^=;(]*\b(?:const|constexpr|constinit)\b/.test(
    source.slice(node.startIndex, node.startIndex + 200),
  );
}

/** `typedef struct { } a, *b;`: the struct's own name, if any, is read by its own rule. */
export const readTypedef: DefinitionReader = (node, place) => {
  const type = node.childForFieldName('type');
  const found: Definition[] = [];
  for (const declarator of node.childrenForFieldName('declarator')) {
    const unwrapped = unwrapDeclarator(declarator);
    if (unwrapped === undefined) continue;
    const { nameNode } = unwrapped;
    const body = type?.childForFieldName('body') ?? null;
    const ownName = type?.childForFieldName('name') ?? null;
    // `typedef struct a { } a;` is one definition.
    if (
      body !== null &&
      ownName !== null &&
      nodeText(ownName, place.source) === nodeText(nameNode, place.source)
    )
      continue;
    const anonymous = body !== null && ownName === null;
    const kind = anonymous ? (type?.type === 'enum_specifier' ? 'enum' : 'struct') : 'type';
    found.push({ kind, name: nodeText(nameNode, place.source), nameNode, body });
  }
  return found;
};

/** `struct a { }`; a mention without a body defines nothing. */
export function readSpecifier(kind: SymbolKind): DefinitionReader {
  return (node, place) => {
    const body = node.childForFieldName('body');
    let nameNode = node.childForFieldName('name');
    if (body === null || nameNode === null || place.local) return undefined;
    // `template <> class Foo<int>` and `class ns::Foo`.
    for (
      let inner = nameNode.childForFieldName('name');
      inner !== null;
      inner = inner.childForFieldName('name')
    )
      nameNode = inner;
    return { kind, name: nodeText(nameNode, place.source), nameNode, body };
  };
}

/** `#define A 1`; include guards, which define nothing, are left out. */
export const readMacro: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('name');
  const value = node.childForFieldName('value');
  if (nameNode === null) return undefined;
  const name = nodeText(nameNode, place.source);
  if (value === null && /_H(?:PP|XX|H)?_*$|_INCLUDED_*$/.test(name)) return undefined;
  return { kind: 'macro', name, nameNode, body: value };
};
