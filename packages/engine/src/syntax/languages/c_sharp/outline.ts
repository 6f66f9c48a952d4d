/** Definitions of C#. */

import type { SymbolKind } from '../../../model/parsed-file.ts';
import { childOfType, nodeText } from '../../outline/compile-rules.ts';
import type { DefinitionReader, OutlineRules } from '../../outline/rules.ts';

/** `int a = 1, b;`: several names share one node. */
function readVariables(kind: SymbolKind): DefinitionReader {
  return (node, place) => {
    const declaration = childOfType(node, 'variable_declaration');
    const variables =
      declaration?.namedChildren.filter((child) => child.type === 'variable_declarator') ?? [];
    const isConstant =
      kind === 'field' && /\bconst\b/.test(place.source.slice(node.startIndex, declaration?.startIndex));
    return variables.flatMap((variable) => {
      const nameNode = variable.childForFieldName('name');
      if (nameNode === null) return [];
      const value = variable.namedChildCount > 1 ? variable.lastNamedChild : null;
      return [
        {
          kind: isConstant ? 'constant' : kind,
          name: nodeText(nameNode, place.source),
          nameNode,
          body: value,
        },
      ];
    });
  };
}

/** Members without a name of their own: `this[...]`, `operator +`, `implicit operator int`. */
const readIndexer: DefinitionReader = (node) => {
  const nameNode = node.childForFieldName('parameters') ?? node;
  return {
    kind: 'property',
    name: 'this',
    nameNode,
    body: node.childForFieldName('accessors') ?? node.childForFieldName('value'),
  };
};
const readOperator: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('operator') ?? node.childForFieldName('type');
  if (nameNode === null) return undefined;
  const name = `operator ${nodeText(nameNode, place.source)}`;
  return { kind: 'method', name, nameNode, body: node.childForFieldName('body') };
};

const readDestructor: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('name');
  if (nameNode === null) return undefined;
  return {
    kind: 'method',
    name: `~${nodeText(nameNode, place.source)}`,
    nameNode,
    body: node.childForFieldName('body'),
  };
};

export const csharpOutline: OutlineRules = {
  definitions: {
    namespace_declaration: { kind: 'namespace' },
    file_scoped_namespace_declaration: { kind: 'namespace', body: [] },
    class_declaration: { kind: 'class' },
    record_declaration: { kind: 'class' },
    struct_declaration: { kind: 'struct' },
    interface_declaration: { kind: 'interface' },
    enum_declaration: { kind: 'enum' },
    enum_member_declaration: { kind: 'constant', body: 'value' },
    delegate_declaration: { kind: 'type', body: [] },
    method_declaration: { kind: 'method' },
    local_function_statement: { kind: 'function' },
    constructor_declaration: { kind: 'constructor' },
    destructor_declaration: readDestructor,
    operator_declaration: readOperator,
    conversion_operator_declaration: readOperator,
    indexer_declaration: readIndexer,
    property_declaration: { kind: 'property', body: ['accessors', 'value'] },
    event_declaration: { kind: 'property', body: 'accessors' },
    event_field_declaration: readVariables('property'),
    field_declaration: readVariables('field'),
  },
  descend: [
    'compilation_unit',
    'namespace_declaration',
    'declaration_list',
    'class_declaration',
    'record_declaration',
    'struct_declaration',
    'interface_declaration',
    'enum_declaration',
    'enum_member_declaration_list',
    'preproc_if',
    'preproc_else',
    'preproc_elif',
    'global_statement',
  ],
  comments: ['comment'],
};
