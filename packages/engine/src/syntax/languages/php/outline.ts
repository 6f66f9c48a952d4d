/** Definitions of PHP. */
import { childOfType, nodeText } from '../../outline/compile-rules.ts';
import type { Definition, DefinitionReader, OutlineRules } from '../../outline/rules.ts';

const definingStatement = /(?:define|it|test|describe)\s*\(|\$\w+\s*=\s*(?:static\s+)?(?:function|fn)\b/y;

/** `define('A', 1)`, `it('does', function () {})` of Pest, `$f = function () {}`. */
const readStatement: DefinitionReader = (node, place) => {
  definingStatement.lastIndex = node.startIndex;
  if (!definingStatement.test(place.source)) return undefined;
  const expression = node.firstNamedChild;
  if (expression?.type === 'assignment_expression') {
    const nameNode = expression.childForFieldName('left');
    const body = expression.childForFieldName('right')?.childForFieldName('body');
    if (nameNode === null || place.local) return undefined;
    return { kind: 'function', name: nodeText(nameNode, place.source).replace(/^\$/, ''), nameNode, body };
  }
  // `it(...)->with(...)`: the call is the innermost object.
  let call = expression;
  for (let depth = 0; depth < 10 && call?.type === 'member_call_expression'; depth++)
    call = call.childForFieldName('object');
  if (call?.type !== 'function_call_expression') return undefined;
  const argumentList = call.childForFieldName('arguments');
  const nameNode = argumentList?.firstNamedChild?.firstNamedChild ?? null;
  if (nameNode === null || !nameNode.type.endsWith('string')) return undefined;
  const name = nodeText(nameNode, place.source).slice(1, -1);
  const isConstant = place.source.startsWith('define', node.startIndex);
  return {
    kind: isConstant ? 'constant' : 'test',
    name,
    nameNode,
    body: isConstant ? null : argumentList?.lastNamedChild,
  };
};

/** `const A = 1, B = 2;` and `public int $a, $b;`. */
function readElements(kind: 'constant' | 'property'): DefinitionReader {
  return (node, place) => {
    const found: Definition[] = [];
    for (const element of node.namedChildren) {
      if (element.type !== 'const_element' && element.type !== 'property_element') continue;
      const nameNode = element.childForFieldName('name') ?? childOfType(element, 'name');
      if (nameNode === null) continue;
      const value = element.namedChildCount > 1 ? element.lastNamedChild : null;
      found.push({ kind, name: nodeText(nameNode, place.source).replace(/^\$/, ''), nameNode, body: value });
    }
    return found;
  };
}

/** Constructor parameters that declare properties. */
const readPromoted: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('name');
  if (nameNode === null) return undefined;
  return { kind: 'property', name: nodeText(nameNode, place.source).replace(/^[&.]*\$/, ''), nameNode };
};

export const phpOutline: OutlineRules = {
  definitions: {
    namespace_definition: { kind: 'namespace' },
    class_declaration: { kind: 'class' },
    interface_declaration: { kind: 'interface' },
    trait_declaration: { kind: 'trait' },
    enum_declaration: { kind: 'enum' },
    enum_case: { kind: 'constant', body: 'value' },
    function_definition: { kind: 'function' },
    method_declaration: { kind: 'method' },
    property_declaration: readElements('property'),
    const_declaration: readElements('constant'),
    property_promotion_parameter: readPromoted,
    expression_statement: readStatement,
  },
  descend: [
    'program',
    'namespace_definition',
    'compound_statement',
    'class_declaration',
    'interface_declaration',
    'trait_declaration',
    'enum_declaration',
    'declaration_list',
    'enum_declaration_list',
    'method_declaration',
    'formal_parameters',
    'if_statement',
    'else_clause',
    'expression_statement',
    'function_call_expression',
    'arguments',
    'argument',
    'return_statement',
    'object_creation_expression',
  ],
  closures: ['anonymous_function', 'arrow_function'],
  comments: ['comment'],
  constructors: ['__construct'],
};
