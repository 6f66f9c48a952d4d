/** Definitions of Rust. An `impl` block is listed as a parent under the bare name of its type. */
import type { Node } from 'web-tree-sitter';
import type { SymbolKind } from '../../../model/parsed-file.ts';
import { nodeText } from '../../outline/compile-rules.ts';
import { type DefinitionReader, type OutlineRules, typeKinds } from '../../outline/rules.ts';

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

/** `test`, and what ends like it: `tokio::test`, `rstest`, `wasm_bindgen_test`, `test_case`. */
const TEST_ATTRIBUTE = /^#\[(?:\w+::)*(?:\w*_)?(?:r?test|test_case|proptest|quickcheck)\b(?!\s*::)/;

/** Tests stand in the file of what they test: nothing but their attribute tells them from it. */
function isTest(node: Node, source: string): boolean {
  if (!/\]\s*$/.test(source.slice(Math.max(0, node.startIndex - 40), node.startIndex))) return false;
  for (let before = node.previousSibling; before?.type === 'attribute_item'; before = before.previousSibling)
    if (TEST_ATTRIBUTE.test(nodeText(before, source))) return true;
  return false;
}

const readFunction: DefinitionReader = (node, { source, parentKind }) => {
  const nameNode = node.childForFieldName('name');
  if (nameNode === null) return undefined;
  const name = nodeText(nameNode, source);
  const memberKind: SymbolKind = name === 'new' ? 'constructor' : 'method';
  const kind = parentKind !== undefined && typeKinds.has(parentKind) ? memberKind : 'function';
  return {
    kind: isTest(node, source) ? 'test' : kind,
    name,
    nameNode,
    body: node.childForFieldName('body'),
  };
};

export const rustOutline: OutlineRules = {
  definitions: {
    function_item: readFunction,
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
