/** Which names a Python scope binds, found before it is read: a name assigned anywhere in a function is local to all of it. */
import { childOf, type PlainNode } from '../../references/plain-tree.ts';

const ownScopes = new Set([
  'function_definition',
  'class_definition',
  'lambda',
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
]);
const patterns = new Set([
  'pattern_list',
  'tuple_pattern',
  'list_pattern',
  'list_splat_pattern',
  'as_pattern_target',
]);

export interface BoundNames {
  readonly names: ReadonlySet<string>;
  /** Declared `global` or `nonlocal` here: bound elsewhere. */
  readonly elsewhere: ReadonlySet<string>;
}

/** Of a module's, function's or class's body. Does not look into scopes inside it, only at their names. */
export function boundNames(body: PlainNode, text: (node: PlainNode) => string): BoundNames {
  const names = new Set<string>();
  const elsewhere = new Set<string>();
  const bind = (target: PlainNode | undefined): void => {
    if (target === undefined) return;
    if (target.type === 'identifier') names.add(text(target));
    else if (patterns.has(target.type) || target.type === 'tuple' || target.type === 'list')
      target.children.forEach(bind);
  };
  const visit = (node: PlainNode): void => {
    switch (node.type) {
      case 'assignment':
      case 'augmented_assignment':
      case 'for_statement':
        bind(childOf(node, 'left'));
        break;
      case 'named_expression':
      case 'function_definition':
      case 'class_definition':
        bind(childOf(node, 'name'));
        break;
      case 'as_pattern':
        bind(childOf(node, 'alias'));
        break;
      case 'type_alias_statement':
        bind(node.children[0]?.children[0]);
        break;
      case 'import_statement':
      case 'import_from_statement':
        for (const child of node.children) {
          if (child.field !== 'name') continue;
          const alias = childOf(child, 'alias');
          const name = text(alias ?? child).trim();
          names.add(alias === undefined ? (name.split('.')[0] as string) : name);
        }
        return;
      case 'global_statement':
      case 'nonlocal_statement':
        for (const child of node.children) if (child.type === 'identifier') elsewhere.add(text(child));
        return;
    }
    if (node !== body && ownScopes.has(node.type)) return;
    node.children.forEach(visit);
  };
  visit(body);
  for (const name of elsewhere) names.delete(name);
  return { names, elsewhere };
}

/** Names that some function of the file assigns although they are bound outside it. */
export function namesAssignedFromInside(
  root: PlainNode,
  text: (node: PlainNode) => string,
): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: PlainNode): void => {
    if (node.type === 'global_statement' || node.type === 'nonlocal_statement') {
      for (const child of node.children) if (child.type === 'identifier') names.add(text(child));
    } else node.children.forEach(visit);
  };
  visit(root);
  return names;
}
