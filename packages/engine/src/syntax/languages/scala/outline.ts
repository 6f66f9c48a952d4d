/** Definitions of Scala 2 and 3. */
import { nodeText } from '../../outline/compile-rules.ts';
import type { DefinitionReader, OutlineRules } from '../../outline/rules.ts';

const testCall = /(?:test|describe|it|property|feature|scenario)\s*\(/y;

/** `test("name") { ... }` and its relatives in ScalaTest and MUnit. */
const readTest: DefinitionReader = (node, place) => {
  testCall.lastIndex = node.startIndex;
  if (!testCall.test(place.source)) return undefined;
  const inner = node.childForFieldName('function');
  const body = node.childForFieldName('arguments');
  if (inner?.type !== 'call_expression') return undefined;
  const nameNode = inner.childForFieldName('arguments')?.firstNamedChild ?? null;
  if (nameNode === null || !nameNode.type.includes('string')) return undefined;
  return {
    kind: 'test',
    name: nodeText(nameNode, place.source).replaceAll(/^\w?"+|"+$/g, ''),
    nameNode,
    body,
  };
};

/** `val a = 1`; patterns that bind several names are read name by name. */
const readValue: DefinitionReader = (node, place) => {
  if (place.local) return undefined;
  const pattern = node.childForFieldName('pattern') ?? node.childForFieldName('name');
  if (pattern === null) return undefined;
  const names =
    pattern.type === 'identifier' ? [pattern] : pattern.descendantsOfType('identifier').slice(0, 20);
  const kind = place.parentKind === undefined ? 'variable' : 'field';
  const body = node.childForFieldName('value');
  return names.flatMap((nameNode) =>
    nameNode === null ? [] : [{ kind, name: nodeText(nameNode, place.source), nameNode, body } as const],
  );
};

const readExtension: DefinitionReader = (node, place) => {
  const type = node.childForFieldName('parameters')?.firstNamedChild?.childForFieldName('type') ?? null;
  if (type === null) return undefined;
  return {
    kind: 'implementation',
    name: nodeText(type, place.source),
    nameNode: type,
    body: node.childForFieldName('body'),
  };
};

export const scalaOutline: OutlineRules = {
  definitions: {
    class_definition: { kind: 'class' },
    object_definition: { kind: 'class' },
    package_object: { kind: 'namespace' },
    trait_definition: { kind: 'trait' },
    enum_definition: { kind: 'enum' },
    simple_enum_case: { kind: 'constant', body: [] },
    full_enum_case: { kind: 'constant', body: [] },
    function_definition: { kind: 'function', memberKind: 'method' },
    function_declaration: { kind: 'function', memberKind: 'method' },
    val_definition: readValue,
    var_definition: readValue,
    val_declaration: readValue,
    var_declaration: readValue,
    given_definition: { kind: 'variable' },
    type_definition: { kind: 'type', body: [], nonLocal: true },
    extension_definition: readExtension,
    call_expression: readTest,
  },
  descend: [
    'compilation_unit',
    'package_clause',
    'class_definition',
    'object_definition',
    'package_object',
    'trait_definition',
    'enum_definition',
    'template_body',
    'enum_body',
    'enum_case_definitions',
    'extension_definition',
    'given_definition',
    'with_template_body',
    'call_expression',
    'block',
  ],
  comments: ['comment', 'block_comment'],
};
