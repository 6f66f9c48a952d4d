/** Definitions of Go. A method is listed by its bare name at top level: its type may be in another file. */

import type { SymbolKind } from '../../../model/parsed-file.ts';
import { textTable } from '../../../model/text-table.ts';
import { nodeText } from '../../outline/compile-rules.ts';
import type { DefinitionReader, OutlineRules } from '../../outline/rules.ts';

const typeKindOf = textTable<SymbolKind>({
  struct_type: 'struct',
  interface_type: 'interface',
});

const readType: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('name');
  const type = node.childForFieldName('type');
  if (nameNode === null) return undefined;
  const kind = typeKindOf[type?.type ?? ''] ?? 'type';
  return { kind, name: nodeText(nameNode, place.source), nameNode, body: kind === 'type' ? null : type };
};

/** `a, b = 1, 2` and fields: several names share one node. */
function readNames(kind: SymbolKind): DefinitionReader {
  return (node, place) =>
    node
      .childrenForFieldName('name')
      .filter((name) => name.isNamed)
      .map((nameNode) => ({
        kind,
        name: nodeText(nameNode, place.source),
        nameNode,
        body: node.childForFieldName('value'),
      }));
}

export const goOutline: OutlineRules = {
  definitions: {
    function_declaration: { kind: 'function' },
    method_declaration: { kind: 'method' },
    type_spec: readType,
    type_alias: readType,
    const_spec: readNames('constant'),
    var_spec: readNames('variable'),
    field_declaration: readNames('field'),
    method_elem: { kind: 'method' },
  },
  descend: [
    'source_file',
    'type_declaration',
    'type_spec',
    'struct_type',
    'field_declaration_list',
    'interface_type',
    'const_declaration',
    'var_declaration',
    'var_spec_list',
  ],
  comments: ['comment'],
};
