/**
 * Names of types that a reader passed over, because nothing flows there: arguments of generic types, casts, patterns, annotations,
 * literals of classes. Each is a mention of the definition that holds its line. Knows no language: a shape says which nodes name types.
 */
import type { Var } from '../../model/code-facts.ts';
import type { FactsBuilder } from './facts-builder.ts';
import type { PlainNode } from './plain-tree.ts';

export interface TypeNames {
  /** Whether the node names a type; what a definition calls itself is left out before. */
  isName(node: PlainNode, parent: PlainNode, above: PlainNode | undefined): boolean;
  /** By default what the name means at the top level of the file. */
  meant?(node: PlainNode, parent: PlainNode): Var;
}

/** After all else was read. */
export function mentionTypesLeft(b: FactsBuilder, root: PlainNode, { isName, meant }: TypeNames): void {
  const parameters = typeParameters(b, root);
  const holderOf = holdersByLine(b);
  const waiting: PlainNode[] = [root];
  const above: (PlainNode | undefined)[] = [undefined];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const around = above.pop();
    const { children } = node;
    for (const child of children) {
      if (child.children.length === 0) continue;
      waiting.push(child);
      above.push(node);
    }
    for (const child of children) {
      if (child.children.length > 0 || isOwnName(child, node) || !isName(child, node, around)) continue;
      if (b.isMentioned(child) || parameters.has(b.text(child))) continue;
      b.mentionIn(holderOf(child.line), meant?.(child, node) ?? b.readAny(b.text(child)), child);
    }
  }
}

/** What a definition calls itself, and what stands behind the first name of a path: `B` in `a.B` is found by the path. */
function isOwnName({ field, start }: PlainNode, { type, children }: PlainNode): boolean {
  if (/^(scoped|nested)_|^qualified_(type|identifier)$|^scope_resolution$/.test(type))
    return children[0]?.start !== start;
  return (
    field === 'name' && !/^(template_type|generic_type|attribute|named_type|struct_specifier)$/.test(type)
  );
}

function typeParameters(b: FactsBuilder, root: PlainNode): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting: PlainNode[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const isList = /^(constrained_|optional_)?type_parameter/.test(node.type);
    for (const child of node.children) {
      if (child.children.length > 0) waiting.push(child);
      else if (isList && /identifier$|^metavariable$/.test(child.type)) {
        // `T extends Base`: what follows the name is a bound.
        found.add(b.text(child));
        if (!node.type.endsWith('parameters')) break;
      }
    }
  }
  return found;
}

/** The innermost function around a line; lines are asked for in any order. */
export function holdersByLine({ functions }: FactsBuilder): (line: number) => number {
  const order = [...functions.keys()].sort((a, c) => {
    const [one, other] = [functions[a], functions[c]];
    return (one?.start ?? 0) - (other?.start ?? 0) || (other?.end ?? 0) - (one?.end ?? 0);
  });
  const known = new Map<number, number>();
  return (line) => {
    let holder = known.get(line);
    if (holder === undefined) {
      holder = 0;
      for (const index of order) {
        const { start, end } = functions[index] as FactsBuilder['functions'][number];
        if (start > line) break;
        if (end >= line) holder = index;
      }
      known.set(line, holder);
    }
    return holder;
  };
}
