/** Which names a scope of JavaScript or TypeScript binds, found before it is read, because declarations are hoisted. */
import { childOf, type PlainNode } from '../../references/plain-tree.ts';

export const functionTypes = new Set([
  'function_declaration',
  'generator_function_declaration',
  'function_expression',
  'generator_function',
  'arrow_function',
  'method_definition',
]);
const declared = new Set([
  'class_declaration',
  'abstract_class_declaration',
  'interface_declaration',
  'type_alias_declaration',
  'enum_declaration',
  'function_declaration',
  'generator_function_declaration',
  'function_signature',
  'internal_module',
  'module',
]);

type Text = (node: PlainNode) => string;

/** Names in a pattern: `{ a, b: [c] = d, ...e }`. */
export function patternNames(pattern: PlainNode | undefined, text: Text, into: Set<string>): void {
  switch (pattern?.type) {
    case undefined:
      return;
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
      into.add(text(pattern));
      return;
    case 'pair_pattern':
      patternNames(childOf(pattern, 'value'), text, into);
      return;
    case 'assignment_pattern':
    case 'object_assignment_pattern':
      patternNames(childOf(pattern, 'left'), text, into);
      return;
    case 'object_pattern':
    case 'array_pattern':
    case 'rest_pattern':
      for (const child of pattern.children) patternNames(child, text, into);
  }
}

/** Names that a block binds itself, or with `isFunction` also those that `var` lifts to it. */
export function blockNames(body: PlainNode, text: Text, isFunction: boolean): Set<string> {
  const names = new Set<string>();
  const visit = (node: PlainNode, isDirect: boolean): void => {
    if (isDirect && declared.has(node.type)) {
      const name = childOf(node, 'name');
      if (name)
        names.add(
          text(name)
            .replace(/^["']|["']$/g, '')
            .split('.')[0] as string,
        );
    }
    if (node.type === 'lexical_declaration' || node.type === 'variable_declaration') {
      if (isDirect || (isFunction && node.type === 'variable_declaration'))
        for (const child of node.children)
          if (child.type === 'variable_declarator') patternNames(childOf(child, 'name'), text, names);
    }
    if (node.type === 'import_statement') importedNames(node, text, names);
    if (isFunction && node.type === 'for_in_statement' && childOf(node, 'kind')?.type === 'var')
      patternNames(childOf(node, 'left'), text, names);
    if (functionTypes.has(node.type) || declared.has(node.type) || node.type === 'class') return;
    const isTransparent =
      node.type === 'export_statement' || node.type === 'ERROR' || node.type === 'ambient_declaration';
    const isSame =
      isDirect &&
      (isTransparent ||
        node.type === 'labeled_statement' ||
        node.type === 'expression_statement' ||
        node.type === 'switch_case' ||
        node.type === 'switch_default');
    if (!isSame && !isFunction) return;
    for (const child of node.children) visit(child, isSame);
  };
  for (const child of body.children) visit(child, true);
  return names;
}

function importedNames(node: PlainNode, text: Text, names: Set<string>): void {
  const visit = (child: PlainNode): void => {
    if (child.type === 'import_specifier') {
      const name = childOf(child, 'alias') ?? childOf(child, 'name');
      if (name) names.add(text(name));
    } else if (child.type === 'identifier') names.add(text(child));
    else if (child.type !== 'string') child.children.forEach(visit);
  };
  node.children.forEach(visit);
}

/** Names that a function assigns although they are bound outside it. */
export function namesAssignedFromInside(root: PlainNode, text: Text): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: PlainNode, own: ReadonlySet<string>): void => {
    let names = own;
    if (functionTypes.has(node.type)) {
      const inside = new Set<string>();
      const body = childOf(node, 'body');
      if (body) declaredAnywhere(body, text, inside);
      for (const parameter of childOf(node, 'parameters')?.children ?? [])
        patternNames(childOf(parameter, 'pattern') ?? parameter, text, inside);
      const single = childOf(node, 'parameter');
      if (single) inside.add(text(single));
      names = inside;
    }
    const target =
      node.type === 'assignment_expression' || node.type === 'augmented_assignment_expression'
        ? childOf(node, 'left')
        : node.type === 'for_in_statement' && childOf(node, 'kind') === undefined
          ? childOf(node, 'left')
          : undefined;
    if (target) {
      const assigned = new Set<string>();
      patternNames(target, text, assigned);
      for (const name of assigned) if (!names.has(name)) found.add(name);
    }
    for (const child of node.children) visit(child, names);
  };
  const top = new Set<string>();
  declaredAnywhere(root, text, top);
  visit(root, top);
  return found;
}

/** All names that a function declares in any of its blocks. */
function declaredAnywhere(body: PlainNode, text: Text, into: Set<string>): void {
  const visit = (node: PlainNode): void => {
    if (node.type === 'variable_declarator') patternNames(childOf(node, 'name'), text, into);
    if (node.type === 'for_in_statement' && childOf(node, 'kind'))
      patternNames(childOf(node, 'left'), text, into);
    if (node.type === 'import_statement') importedNames(node, text, into);
    if (declared.has(node.type)) {
      const name = childOf(node, 'name');
      if (name) into.add(text(name));
    }
    if (functionTypes.has(node.type)) return;
    node.children.forEach(visit);
  };
  body.children.forEach(visit);
}
