/** Definitions of JavaScript as its grammar names them; TypeScript's table begins with this one. */
import type { Node } from 'web-tree-sitter';
import { childOfType, nodeText } from '../../outline/compile-rules.ts';
import type { Definition, DefinitionReader, OutlineRules, Place } from '../../outline/rules.ts';

const functionTypes = new Set(['arrow_function', 'function_expression', 'generator_function']);
const testCall = /(?:describe|it|test|suite|context|specify|bench|fdescribe|fit|xdescribe|xit)\b/y;
const testGroup = /^[fx]?(?:describe|suite|context)\b/;
const importCall = /(?:await\s+)?(?:require|import)\s*\(/y;

/** `a = ...` and `{ b } = ...` of a declaration: functions anywhere, other values only outside functions. */
const readDeclarator: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('name');
  const value = node.childForFieldName('value');
  if (nameNode === null) return undefined;
  const constant = place.source.startsWith('const', place.wrapperStart);
  if (nameNode.type !== 'identifier') {
    if (place.local || isImport(value, place)) return undefined;
    return patternNames(nameNode).map((name) => definitionOf(name, value, place, constant));
  }
  const isCallable = value !== null && (functionTypes.has(value.type) || value.type === 'class');
  if (!isCallable && (place.local || isImport(value, place))) return undefined;
  return definitionOf(nameNode, value, place, constant);
};

function isImport(value: Node | null, place: Place): boolean {
  if (value === null) return false;
  importCall.lastIndex = value.startIndex;
  return importCall.test(place.source);
}

function definitionOf(nameNode: Node, value: Node | null, place: Place, constant: boolean): Definition {
  const name = nodeText(nameNode, place.source);
  if (value !== null && functionTypes.has(value.type)) {
    return { kind: 'function', name, nameNode, body: value.childForFieldName('body') };
  }
  if (value?.type === 'class')
    return { kind: 'class', name, nameNode, body: value.childForFieldName('body') };
  return { kind: constant ? 'constant' : 'variable', name, nameNode, body: value };
}

/** Names bound by a destructuring pattern, at most a screenful. */
function patternNames(pattern: Node): Node[] {
  return pattern
    .descendantsOfType(['shorthand_property_identifier_pattern', 'identifier'])
    .filter((node): node is Node => node !== null)
    .slice(0, 50);
}

/** Test calls, and what scripts define by assignment: `exports.a = ...`, `A.prototype.b = function ...`. */
const readStatement: DefinitionReader = (node, place) => {
  testCall.lastIndex = node.startIndex;
  if (testCall.test(place.source)) return readTest(node, place);
  const expression = node.firstNamedChild;
  if (expression?.type !== 'assignment_expression') return undefined;
  const left = expression.childForFieldName('left');
  const right = expression.childForFieldName('right');
  if (left?.type !== 'member_expression' || right === null) return undefined;
  const object = left.childForFieldName('object');
  const nameNode = left.childForFieldName('property');
  if (object === null || nameNode === null) return undefined;
  return readAssignment(object, nameNode, right, place);
};

function readAssignment(object: Node, nameNode: Node, right: Node, place: Place): Definition | undefined {
  const owner = nodeText(object, place.source);
  const property = nodeText(nameNode, place.source);
  if (owner === 'module' && property === 'exports') {
    const defines =
      right.type !== 'identifier' && right.type !== 'member_expression' && !isImport(right, place);
    return defines ? { ...definitionOf(nameNode, right, place, true), name: 'module.exports' } : undefined;
  }
  const definition = definitionOf(nameNode, right, place, true);
  if (definition.kind !== 'constant') {
    const isMethod = owner.endsWith('.prototype') || owner === 'this';
    return definition.kind === 'function' && isMethod ? { ...definition, kind: 'method' } : definition;
  }
  const exported = owner === 'exports' || owner === 'module.exports';
  return exported && !place.local && right.type !== 'identifier' ? definition : undefined;
}

/** `describe('name', ...)`, `it.each(table)('name', ...)`, `await test.step('name', ...)`. */
function readTest(statement: Node, place: Place): Definition | undefined {
  const closed = !testGroup.test(place.source.slice(statement.startIndex, statement.startIndex + 20));
  const call = statement.firstNamedChild;
  if (call?.type !== 'call_expression') return undefined;
  const argumentList = call.childForFieldName('arguments');
  const nameNode = argumentList?.firstNamedChild ?? null;
  if (argumentList === null || nameNode === null || argumentList.namedChildCount < 2) return undefined;
  const body = childOfType(argumentList, 'arrow_function', 'function_expression');
  if (nameNode.type === 'string' || nameNode.type === 'template_string') {
    const name = nodeText(nameNode, place.source).slice(1, -1);
    return { kind: 'test', name, nameNode, body: body?.childForFieldName('body'), closed };
  }
  if (body === null || (nameNode.type !== 'identifier' && nameNode.type !== 'member_expression'))
    return undefined;
  return {
    kind: 'test',
    name: nodeText(nameNode, place.source),
    nameNode,
    body: body.childForFieldName('body'),
    closed,
  };
}

/** `key: function ...` in an object. */
const readPair: DefinitionReader = (node, place) => {
  const value = node.childForFieldName('value');
  const nameNode = node.childForFieldName('key');
  if (value === null || nameNode === null || !functionTypes.has(value.type)) return undefined;
  const name = nodeText(nameNode, place.source).replaceAll(/^['"]|['"]$/g, '');
  return { kind: 'method', name, nameNode, body: value.childForFieldName('body') };
};

/** `export default <expression>`; named declarations are read by their own rules. */
const readExport: DefinitionReader = (node, place) => {
  const value = node.childForFieldName('value');
  if (value === null || value.type === 'identifier') return undefined;
  return { ...definitionOf(value, value, place, true), name: 'default' };
};

/** A field of a class; one that holds a function is a method. */
export const readField: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('name') ?? node.childForFieldName('property');
  if (nameNode === null) return undefined;
  const value = node.childForFieldName('value');
  const name = nodeText(nameNode, place.source);
  if (value !== null && functionTypes.has(value.type)) {
    return { kind: 'method', name, nameNode, body: value.childForFieldName('body') };
  }
  return { kind: 'field', name, nameNode, body: value };
};

export const javascriptOutline: OutlineRules = {
  definitions: {
    function_declaration: { kind: 'function' },
    generator_function_declaration: { kind: 'function' },
    class_declaration: { kind: 'class' },
    method_definition: { kind: 'method' },
    field_definition: readField,
    variable_declarator: readDeclarator,
    expression_statement: readStatement,
    pair: readPair,
    export_statement: readExport,
  },
  descend: [
    'program',
    'statement_block',
    'class_body',
    'class',
    'class_declaration',
    'field_definition',
    'method_definition',
    'function_declaration',
    'generator_function_declaration',
    'variable_declarator',
    'assignment_expression',
    'call_expression',
    'new_expression',
    'object',
    'pair',
    'await_expression',
    'if_statement',
    'else_clause',
    'try_statement',
    'catch_clause',
    'finally_clause',
    'for_statement',
    'for_in_statement',
    'while_statement',
    'switch_statement',
    'switch_body',
    'switch_case',
  ],
  descendOnBrace: [
    'lexical_declaration',
    'variable_declaration',
    'expression_statement',
    'return_statement',
    'arguments',
    'parenthesized_expression',
  ],
  prefixes: ['decorator'],
  wrappers: ['export_statement', 'lexical_declaration', 'variable_declaration'],
  closures: ['arrow_function', 'function_expression', 'generator_function'],
  comments: ['comment'],
  constructors: ['constructor'],
};
