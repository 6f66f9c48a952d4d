/** The walk by the runtime's own functions says what the library's cursor says, node for node. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Tree } from 'web-tree-sitter';
import { loadLanguage, readTree } from './parse-file.ts';
import { referenceLanguages } from './references/read-references.ts';
import { walkTree } from './tree-sitter-runtime.ts';

type Line = readonly [depth: number, type: number, field: number, start: number, end: number];

function byWalk(tree: Tree): Line[] {
  const walk = walkTree(tree);
  const lines: Line[] = [];
  const visit = (depth: number): void => {
    lines.push([depth, walk.typeId(), walk.fieldId(), walk.start(), walk.end()]);
    if (!walk.toFirstChild()) return;
    do visit(depth + 1);
    while (walk.toNextSibling());
    walk.toParent();
  };
  visit(0);
  expect(walk.toParent()).toBe(false);
  walk.close();
  return lines;
}

function byCursor(tree: Tree): Line[] {
  const cursor = tree.walk();
  const lines: Line[] = [];
  const visit = (depth: number): void => {
    const { nodeTypeId, currentFieldId, startIndex, endIndex } = cursor;
    lines.push([depth, nodeTypeId, currentFieldId, startIndex, endIndex]);
    if (!cursor.gotoFirstChild()) return;
    do visit(depth + 1);
    while (cursor.gotoNextSibling());
    cursor.gotoParent();
  };
  visit(0);
  cursor.delete();
  return lines;
}

/** Tests of the language's reader are full of its code; what is around it makes errors, which are nodes, too. */
function textsOf(id: string): string[] {
  const folder = join(import.meta.dirname, 'languages', id);
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  return [...files.map((name) => readFileSync(join(folder, name), 'utf8')), '', 'ä = "日本語 🌍";\n'];
}

test.each(referenceLanguages)('%s', async (id) => {
  await loadLanguage(id);
  for (const text of textsOf(id)) {
    const both = readTree(text, id, (tree) => [byWalk(tree), byCursor(tree), byWalk(tree)]);
    expect(both?.[0]).toEqual(both?.[1]);
    expect(both?.[2]).toEqual(both?.[1]);
  }
});
