/** PHP: from a tree to the facts of a file. Namespaces and `use`; what they are made of is in the files beside it. */
import { type CodeFacts, OF_IMPORT } from '../../../model/code-facts.ts';
import { FactsBuilder } from '../../references/facts-builder.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { classTypes, defineClass, defineFunction } from './definitions.ts';
import { evaluate } from './expressions.ts';
import { mentionNamesLeft } from './left-names.ts';
import { classOf, operands, type PhpReader, textOf } from './reader.ts';
import { readStatement } from './statements.ts';

export function readPhp(root: PlainNode, text: string, errorCount: number): CodeFacts {
  const b = new FactsBuilder(text, root.endLine);
  const r: PhpReader = {
    b,
    space: '',
    classes: new Map(),
    functions: new Map(),
    exports: [],
    cls: undefined,
    self: undefined,
    locals: b.scope,
    seesAround: false,
    evaluate: (node) => evaluate(r, node),
    statement: (node) => readStatement(r, node),
    define: (node) => define(r, node),
  };
  readAll(r, root);
  mentionNamesLeft(r, root);
  return b.finish({ language: 'php', exports: r.exports, errorCount });
}

/** Statements with the comments before them. */
function readAll(r: PhpReader, node: PlainNode): void {
  let comment: PlainNode | undefined;
  for (const child of node.children) {
    if (child.type === 'comment') {
      comment = child;
      continue;
    }
    if (child.type === 'function_definition') defineFunction(r, child, comment);
    else if (operands({ ...node, children: [child] }).length > 0) r.statement(child);
    comment = undefined;
  }
}

function define(r: PhpReader, node: PlainNode): void {
  switch (node.type) {
    case 'namespace_definition':
      defineNamespace(r, node);
      return;
    case 'namespace_use_declaration':
      readUse(r, node);
      return;
    case 'function_definition':
      defineFunction(r, node, undefined);
      return;
    default:
      if (classTypes.test(node.type)) defineClass(r, node);
      // Constants, static variables.
      else for (const part of operands(node)) for (const inner of operands(part)) r.evaluate(inner);
  }
}

function defineNamespace(r: PhpReader, node: PlainNode): void {
  const name = childOf(node, 'name');
  r.space = name === undefined ? '' : textOf(r, name).replaceAll('\\', '::');
  r.classes.clear();
  r.functions.clear();
  r.exports.push([`N:${r.space.toLowerCase()}`, r.b.variable()]);
  const body = childOf(node, 'body');
  if (body) readAll(r, body);
}

/** `use A\B as C`, `use A\{B, C}`, `use function A\f`. */
function readUse(r: PhpReader, node: PlainNode): void {
  const { b } = r;
  const group = childOf(node, 'body');
  const prefix = group && node.children.find(({ type }) => type === 'namespace_name');
  const isFunction = node.children.some(({ type }) => type === 'function');
  for (const clause of group?.children ?? node.children) {
    if (clause.type !== 'namespace_use_clause') continue;
    const [target] = operands(clause);
    if (target === undefined) continue;
    const name = [...(prefix ? [textOf(r, prefix)] : []), textOf(r, target)].join('\\').replace(/^\\/, '');
    const alias = childOf(clause, 'alias');
    const own = alias === undefined ? name.slice(name.lastIndexOf('\\') + 1) : r.b.text(alias);
    const full = name.replaceAll('\\', '::');
    const ofFunction =
      isFunction || clause.children.some(({ type, field }) => field === 'type' && type === 'function');
    (ofFunction ? r.functions : r.classes).set(own.toLowerCase(), full);
    if (!ofFunction) b.mentionIn(OF_IMPORT, classOf(r, `\\${name}`), target.children.at(-1) ?? target);
  }
}
