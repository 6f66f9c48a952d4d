/** Definitions of shell scripts: functions, and variables set outside them. */
import { childOfType, nodeText } from '../../outline/compile-rules.ts';
import type { Definition, DefinitionReader, OutlineRules } from '../../outline/rules.ts';

const readAssignment: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('name');
  if (nameNode === null || place.local) return undefined;
  return {
    kind: 'variable',
    name: nodeText(nameNode, place.source),
    nameNode,
    body: node.childForFieldName('value'),
  };
};

/** `readonly A=1`, `export B=2`, `declare -A map`. */
const readDeclaration: DefinitionReader = (node, place) => {
  if (place.local) return undefined;
  const found: Definition[] = [];
  for (const child of node.namedChildren) {
    const nameNode = child.type === 'variable_assignment' ? child.childForFieldName('name') : child;
    if (nameNode?.type !== 'variable_name') continue;
    const kind = place.source.startsWith('readonly', node.startIndex) ? 'constant' : 'variable';
    found.push({
      kind,
      name: nodeText(nameNode, place.source),
      nameNode,
      body: child.childForFieldName('value'),
    });
  }
  return found;
};

/** `alias ll='ls'`. */
const readCommand: DefinitionReader = (node, place) => {
  if (place.local || !place.source.startsWith('alias ', node.startIndex)) return undefined;
  const nameNode = childOfType(node, 'concatenation', 'word');
  const name = nameNode === null ? undefined : /^[\w.-]+(?==)/.exec(nodeText(nameNode, place.source))?.[0];
  return nameNode === null || name === undefined ? undefined : { kind: 'function', name, nameNode };
};

export const bashOutline: OutlineRules = {
  definitions: {
    function_definition: { kind: 'function' },
    variable_assignment: readAssignment,
    declaration_command: readDeclaration,
    command: readCommand,
  },
  descend: [
    'program',
    'if_statement',
    'elif_clause',
    'else_clause',
    'compound_statement',
    'function_definition',
  ],
  comments: ['comment'],
};
