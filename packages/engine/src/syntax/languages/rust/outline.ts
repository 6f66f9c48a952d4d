/** Definitions of Rust. An `impl` block is listed as a parent under the bare name of its type. */
import { nodeText } from '../../outline/compile-rules.ts';
import type { DefinitionReader, OutlineRules } from '../../outline/rules.ts';

/** `impl<T> Trait for a::Type<T>` is named `Type`. */
const readImpl: DefinitionReader = (node, place) => {
  let type = node.childForFieldName('type');
  for (let inner = type; inner !== null; inner = inner.childForFieldName('type')) type = inner;
  const nameNode = type?.childForFieldName('name') ?? type;
  if (nameNode === null) return undefined;
  return {
    kind: 'implementation',
    name: nodeText(nameNode, place.source),
    nameNode,
    body: node.childForFieldName('body'),
  };
};

export const rustOutline: OutlineRules = {
  definitions: {
    function_item: { kind: 'function', memberKind: 'method' },
    function_signature_item: { kind: 'function', memberKind: 'method' },
    impl_item: readImpl,
    struct_item: { kind: 'struct' },
    union_item: { kind: 'struct' },
    enum_item: { kind: 'enum' },
    enum_variant: { kind: 'constant' },
    field_declaration: { kind: 'field', body: [] },
    trait_item: { kind: 'trait' },
    associated_type: { kind: 'type', body: [] },
    type_item: { kind: 'type', body: [] },
    mod_item: { kind: 'module' },
    const_item: { kind: 'constant', body: 'value' },
    static_item: { kind: 'variable', body: 'value' },
    macro_definition: { kind: 'macro', body: 'macro_rule' },
  },
  descend: [
    'source_file',
    'declaration_list',
    'impl_item',
    'struct_item',
    'union_item',
    'field_declaration_list',
    'enum_item',
    'enum_variant_list',
    'trait_item',
    'mod_item',
    'foreign_mod_item',
  ],
  prefixes: ['attribute_item'],
  comments: ['line_comment', 'block_comment'],
  constructors: ['new'],
};
