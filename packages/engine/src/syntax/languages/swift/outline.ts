/** Definitions of Swift. An extension is a parent named after a type that it does not define. */

import type { SymbolKind } from '../../../model/parsed-file.ts';
import { textTable } from '../../../model/text-table.ts';
import { childOfType, nodeText } from '../../outline/compile-rules.ts';
import type { Definition, DefinitionReader, OutlineRules } from '../../outline/rules.ts';

const kindOfKeyword = textTable<SymbolKind>({
  struct: 'struct',
  enum: 'enum',
  extension: 'implementation',
});

/** The grammar has one node for `class`, `struct`, `enum`, `actor` and `extension`. */
const readType: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('name');
  const keyword = node.childForFieldName('declaration_kind');
  if (nameNode === null) return undefined;
  const kind = kindOfKeyword[keyword?.type ?? ''] ?? 'class';
  const name = nodeText(nameNode, place.source).replace(/<.*$/s, '');
  return { kind, name, nameNode, body: node.childForFieldName('body') };
};

const readProperty: DefinitionReader = (node, place) => {
  if (place.local) return undefined;
  const found: Definition[] = [];
  const body = node.childForFieldName('computed_value') ?? node.childForFieldName('value');
  const isConstant = /^let\b/.test(
    place.source.slice(childOfType(node, 'value_binding_pattern')?.startIndex ?? 0).slice(0, 4),
  );
  for (const pattern of node.childrenForFieldName('name')) {
    const nameNode = pattern.childForFieldName('bound_identifier');
    if (nameNode === null) continue;
    const topKind = isConstant ? 'constant' : 'variable';
    const kind = place.parentKind === undefined ? topKind : 'property';
    found.push({ kind, name: nodeText(nameNode, place.source), nameNode, body });
  }
  return found;
};

/** `case a, b(Int)`. */
const readCases: DefinitionReader = (node, place) =>
  node
    .childrenForFieldName('name')
    .map((nameNode) => ({ kind: 'constant', name: nodeText(nameNode, place.source), nameNode }) as const);

/** Members whose name is their keyword. */
function readKeyword(kind: SymbolKind, name: string): DefinitionReader {
  return (node) => ({
    kind,
    name,
    nameNode: node,
    body: node.childForFieldName('body') ?? childOfType(node, 'computed_property'),
  });
}

export const swiftOutline: OutlineRules = {
  definitions: {
    class_declaration: readType,
    protocol_declaration: { kind: 'interface' },
    function_declaration: { kind: 'function', memberKind: 'method' },
    protocol_function_declaration: { kind: 'method' },
    init_declaration: readKeyword('constructor', 'init'),
    deinit_declaration: readKeyword('method', 'deinit'),
    subscript_declaration: readKeyword('method', 'subscript'),
    property_declaration: readProperty,
    protocol_property_declaration: readProperty,
    enum_entry: readCases,
    typealias_declaration: { kind: 'type', body: [], nonLocal: true },
    associatedtype_declaration: { kind: 'type', body: [] },
  },
  descend: [
    'source_file',
    'class_declaration',
    'class_body',
    'enum_class_body',
    'protocol_declaration',
    'protocol_body',
  ],
  comments: ['comment', 'multiline_comment'],
};
