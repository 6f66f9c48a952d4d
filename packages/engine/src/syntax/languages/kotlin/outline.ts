/** Definitions of Kotlin. Its grammar has few fields, so bodies are found by type. */

import type { SymbolKind } from '../../../model/parsed-file.ts';
import { childOfType, nodeText } from '../../outline/compile-rules.ts';
import type { DefinitionReader, OutlineRules } from '../../outline/rules.ts';

const readClass: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('name');
  if (nameNode === null) return undefined;
  const header = place.source.slice(node.startIndex, nameNode.startIndex);
  const kind: SymbolKind = /\binterface\s*$/.test(header)
    ? 'interface'
    : /\benum\s+class\s*$/.test(header)
      ? 'enum'
      : 'class';
  const body = childOfType(node, 'class_body', 'enum_class_body');
  return { kind, name: nodeText(nameNode, place.source), nameNode, body };
};

const readCompanion: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('name');
  const name = nameNode === null ? 'Companion' : nodeText(nameNode, place.source);
  return { kind: 'class', name, nameNode: nameNode ?? node, body: childOfType(node, 'class_body') };
};

/** `val a`, `val (a, b)`, `val String.ext`; `const val` is a constant. */
const readProperty: DefinitionReader = (node, place) => {
  if (place.local) return undefined;
  const declared = childOfType(node, 'variable_declaration', 'multi_variable_declaration');
  const variables = declared?.type === 'multi_variable_declaration' ? declared.namedChildren : [declared];
  const kind: SymbolKind = /^[^=\n]{0,80}\bconst\s/.test(
    place.source.slice(node.startIndex, declared?.startIndex),
  )
    ? 'constant'
    : place.parentKind === undefined || place.parentKind === 'namespace'
      ? 'variable'
      : 'property';
  return variables.flatMap((variable) => {
    const nameNode = variable?.firstNamedChild ?? null;
    if (nameNode === null) return [];
    const body = childOfType(node, 'getter', 'property_delegate');
    return [{ kind, name: nodeText(nameNode, place.source), nameNode, body: body ?? null }];
  });
};

/** `class A(val name: String)`: parameters with `val` or `var` are properties. */
const readParameter: DefinitionReader = (node, place) => {
  const nameNode = childOfType(node, 'identifier');
  if (nameNode === null) return undefined;
  const isProperty = /\b(?:val|var)\s+$/.test(place.source.slice(node.startIndex, nameNode.startIndex));
  return isProperty ? { kind: 'property', name: nodeText(nameNode, place.source), nameNode } : undefined;
};

const readConstructor: DefinitionReader = (node) => ({
  kind: 'constructor',
  name: 'constructor',
  nameNode: node,
  body: childOfType(node, 'block'),
});

export const kotlinOutline: OutlineRules = {
  definitions: {
    class_declaration: readClass,
    object_declaration: { kind: 'class', body: 'class_body' },
    companion_object: readCompanion,
    function_declaration: { kind: 'function', memberKind: 'method', body: 'function_body' },
    secondary_constructor: readConstructor,
    property_declaration: readProperty,
    class_parameter: readParameter,
    enum_entry: { kind: 'constant', name: 'identifier', body: 'class_body' },
    type_alias: { kind: 'type', name: ['type', 'identifier'], body: [] },
  },
  descend: [
    'source_file',
    'class_declaration',
    'object_declaration',
    'companion_object',
    'class_body',
    'enum_class_body',
    'enum_entry',
    'primary_constructor',
    'class_parameters',
  ],
  comments: ['line_comment', 'block_comment'],
};
