/** Definitions of Java. */

import type { SymbolKind } from '../../../model/parsed-file.ts';
import { nodeText } from '../../outline/compile-rules.ts';
import type { DefinitionReader, OutlineRules } from '../../outline/rules.ts';

/** `int a = 1, b;`: several names share one node. A static final field is a constant. */
function readDeclarators(declaredKind: SymbolKind): DefinitionReader {
  return (node, place) => {
    const declarators = node.childrenForFieldName('declarator');
    const header = place.source.slice(node.startIndex, declarators[0]?.startIndex);
    const kind = /\bstatic\b/.test(header) && /\bfinal\b/.test(header) ? 'constant' : declaredKind;
    return declarators.flatMap((declarator) => {
      const nameNode = declarator.childForFieldName('name');
      if (nameNode === null) return [];
      return [
        {
          kind,
          name: nodeText(nameNode, place.source),
          nameNode,
          body: declarator.childForFieldName('value'),
        },
      ];
    });
  };
}

export const javaOutline: OutlineRules = {
  definitions: {
    class_declaration: { kind: 'class' },
    record_declaration: { kind: 'class' },
    interface_declaration: { kind: 'interface' },
    annotation_type_declaration: { kind: 'interface' },
    enum_declaration: { kind: 'enum' },
    enum_constant: { kind: 'constant' },
    method_declaration: { kind: 'method' },
    constructor_declaration: { kind: 'constructor' },
    compact_constructor_declaration: { kind: 'constructor' },
    annotation_type_element_declaration: { kind: 'method' },
    field_declaration: readDeclarators('field'),
    constant_declaration: readDeclarators('constant'),
  },
  descend: [
    'program',
    'class_declaration',
    'class_body',
    'record_declaration',
    'interface_declaration',
    'interface_body',
    'annotation_type_declaration',
    'annotation_type_body',
    'enum_declaration',
    'enum_body',
    'enum_body_declarations',
    'enum_constant',
  ],
  comments: ['line_comment', 'block_comment'],
};
