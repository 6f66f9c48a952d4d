/** Definitions of TypeScript: JavaScript's and those of types. */
import { nodeText } from '../../outline/compile-rules.ts';
import type { Definition, DefinitionReader, OutlineRules } from '../../outline/rules.ts';
import { javascriptOutline, readField } from '../javascript/outline.ts';

/** Members of an enum, with or without a value. */
const readEnumBody: DefinitionReader = (node, place) => {
  const found: Definition[] = [];
  for (const member of node.namedChildren) {
    const nameNode = member.type === 'enum_assignment' ? member.childForFieldName('name') : member;
    if (nameNode === null || nameNode.type === 'comment') continue;
    found.push({ kind: 'constant', name: nodeText(nameNode, place.source), nameNode, node: member });
  }
  return found;
};

/** `namespace a.b {}` and `declare module 'x' {}`. */
const readModule: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('name');
  if (nameNode === null) return undefined;
  const name = nodeText(nameNode, place.source).replaceAll(/^['"]|['"]$/g, '');
  const kind = nameNode.type === 'string' ? 'module' : 'namespace';
  return { kind, name, nameNode, body: node.childForFieldName('body') };
};

const { field_definition: _field, ...shared } = javascriptOutline.definitions;

export const typescriptOutline: OutlineRules = {
  ...javascriptOutline,
  definitions: {
    ...shared,
    abstract_class_declaration: { kind: 'class' },
    public_field_definition: readField,
    function_signature: { kind: 'function' },
    method_signature: { kind: 'method' },
    abstract_method_signature: { kind: 'method' },
    property_signature: { kind: 'property', body: [] },
    interface_declaration: { kind: 'interface' },
    type_alias_declaration: { kind: 'type', body: 'value' },
    enum_declaration: { kind: 'enum' },
    enum_body: readEnumBody,
    internal_module: readModule,
    module: readModule,
  },
  descend: [
    ...javascriptOutline.descend.filter((type) => type !== 'field_definition'),
    'abstract_class_declaration',
    'public_field_definition',
    'interface_declaration',
    'interface_body',
    'type_alias_declaration',
    'object_type',
    'enum_declaration',
    'enum_body',
    'internal_module',
    'module',
    'as_expression',
    'satisfies_expression',
  ],
  wrappers: [...(javascriptOutline.wrappers ?? []), 'ambient_declaration'],
};
