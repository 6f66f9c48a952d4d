/** Definitions of Python. */
import { nodeText } from '../../outline/compile-rules.ts';
import type { Definition, DefinitionReader, OutlineRules } from '../../outline/rules.ts';

const assignment = /[\p{L}_][\p{L}\p{N}_]*\s*[=:,]/uy;
const constantName = /^_*[A-Z][A-Z0-9_]*$/;

/** `NAME = ...`, `name: type = ...`, `a, b = ...` in a module or class. */
const readStatement: DefinitionReader = (node, place) => {
  if (place.local) return undefined;
  assignment.lastIndex = node.startIndex;
  if (!assignment.test(place.source)) return undefined;
  const statement = node.firstNamedChild;
  if (statement?.type !== 'assignment') return undefined;
  const left = statement.childForFieldName('left');
  const right = statement.childForFieldName('right');
  if (left === null) return undefined;
  const names = left.type === 'pattern_list' ? left.namedChildren : [left];
  const found: Definition[] = [];
  for (const nameNode of names) {
    if (nameNode.type !== 'identifier') continue;
    const name = nodeText(nameNode, place.source);
    const isLambda = right?.type === 'lambda';
    const valueKind = constantName.test(name) ? 'constant' : 'variable';
    const kind = isLambda ? 'function' : place.parentKind === 'class' ? 'field' : valueKind;
    found.push({ kind, name, nameNode, body: right });
  }
  return found;
};

export const pythonOutline: OutlineRules = {
  definitions: {
    function_definition: { kind: 'function', memberKind: 'method' },
    class_definition: { kind: 'class' },
    expression_statement: readStatement,
    type_alias_statement: { kind: 'type', name: 'left', body: [], nonLocal: true },
  },
  descend: [
    'module',
    'block',
    'function_definition',
    'class_definition',
    'if_statement',
    'elif_clause',
    'else_clause',
    'try_statement',
    'except_clause',
    'finally_clause',
    'with_statement',
    'for_statement',
    'while_statement',
    'match_statement',
    'case_clause',
  ],
  wrappers: ['decorated_definition'],
  comments: ['comment'],
  constructors: ['__init__', '__new__'],
  docstrings: true,
};
