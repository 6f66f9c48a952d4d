/** Classes that PHP names where nothing is evaluated: attributes, `instanceof`, comments. */
import { holdersByLine, mentionTypesLeft } from '../../references/left-types.ts';
import type { PlainNode } from '../../references/plain-tree.ts';
import { classOf, type PhpReader } from './reader.ts';
import { namedInComment } from './types.ts';

const holdsClass =
  /^(named_type|type_list|attribute|class_constant_access_expression|scoped_property_access_expression|qualified_name)$/;

/** After all else was read, with what `use` made of names. */
export function mentionNamesLeft(r: PhpReader, root: PlainNode): void {
  const { b } = r;
  mentionTypesLeft(b, root, {
    isName: (node, parent) => node.type === 'name' && namesClass(r, node, parent),
    meant: (node, parent) => classOf(r, b.text(parent.type === 'qualified_name' ? parent : node)),
  });
  const holderOf = holdersByLine(b);
  const waiting: PlainNode[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop())
    node.children.forEach((child, i, { [i + 1]: next }) => {
      if (child.children.length > 0) waiting.push(child);
      if (child.type !== 'comment') return;
      // A comment belongs to what comes after it.
      const holder = holderOf(next?.line ?? child.line);
      for (const { name, line } of namedInComment(r, child))
        b.mentionIn(holder, classOf(r, name), { ...child, line });
    });
}

function namesClass({ b }: PhpReader, node: PlainNode, parent: PlainNode): boolean {
  if (parent.type === 'binary_expression')
    return node.field === 'right' && /\binstanceof\s*$/i.test(b.text({ ...parent, end: node.start }));
  if (!holdsClass.test(parent.type)) return false;
  const isPath = parent.type === 'qualified_name';
  return node.start === (isPath ? parent.children.at(-1) : parent.children[0])?.start;
}
