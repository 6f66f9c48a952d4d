/** Turns a language's outline table into arrays indexed by the grammar's node type ids, once per loaded grammar. */
import type { Language, Node } from 'web-tree-sitter';
import { addTo } from '../../model/add-to.ts';
import type { ChildNames, DefinitionReader, DefinitionRule, OutlineRules } from './rules.ts';
import { typeKinds } from './rules.ts';

/** What the walk does at a node, as bits. */
export const action = {
  descend: 1,
  define: 2,
  prefix: 4,
  wrapper: 8,
  closure: 16,
  comment: 32,
  brace: 64,
} as const;

export interface CompiledRules {
  /** Bits of `action` by node type id; the last entry is the parser's ERROR node. */
  readonly actions: Uint8Array;
  readonly readers: readonly (DefinitionReader | undefined)[];
  readonly docstrings: boolean;
}

/** tree-sitter's id of an ERROR node. Looked inside: what the parser recovered there still counts. */
const errorTypeId = 0xffff;

/** @throws Error when the table names a node type that the grammar does not have: a mistake in the table */
export function compileRules(rules: OutlineRules, language: Language): CompiledRules {
  const actions = new Uint8Array(errorTypeId + 1);
  const readers: (DefinitionReader | undefined)[] = [];
  const ids = typeIds(language);
  const mark = (types: readonly string[] | undefined, bit: number): void => {
    for (const type of types ?? []) {
      const found = ids.get(type);
      if (found === undefined)
        throw new Error(`outline rules: grammar ${language.name} has no node type '${type}'`);
      for (const id of found) actions[id] = (actions[id] ?? 0) | bit;
    }
  };
  mark(rules.descend, action.descend);
  mark(rules.descendOnBrace, action.descend | action.brace);
  mark(Object.keys(rules.definitions), action.define);
  mark(rules.prefixes, action.prefix);
  mark(rules.wrappers, action.wrapper | action.descend);
  mark(rules.closures, action.closure | action.descend);
  mark(rules.comments, action.comment);
  actions[errorTypeId] = action.descend;
  for (const [type, rule] of Object.entries(rules.definitions)) {
    const reader = typeof rule === 'function' ? rule : compileRule(rule, rules.constructors ?? [], language);
    for (const id of ids.get(type) ?? []) readers[id] = reader;
  }
  return { actions, readers, docstrings: rules.docstrings ?? false };
}

/** One type name can have several ids: aliases. Only named types count. */
function typeIds(language: Language): Map<string, number[]> {
  const ids = new Map<string, number[]>();
  for (const [id, type] of language.types.entries()) {
    if (type === undefined || !language.nodeTypeIsNamed(id)) continue;
    addTo(ids, type, id);
  }
  return ids;
}

function compileRule(
  rule: DefinitionRule,
  constructors: readonly string[],
  language: Language,
): DefinitionReader {
  const nameOf = childFinder(rule.name ?? 'name', language);
  const bodyOf = childFinder(rule.body ?? 'body', language);
  return (node, place) => {
    if (rule.nonLocal === true && place.local) return undefined;
    const nameNode = nameOf(node);
    if (nameNode === null) return undefined;
    const name = nodeText(nameNode, place.source);
    const isMember =
      rule.memberKind !== undefined && place.parentKind !== undefined && typeKinds.has(place.parentKind);
    let kind = isMember && rule.memberKind !== undefined ? rule.memberKind : rule.kind;
    if (kind === 'method' && constructors.includes(name)) kind = 'constructor';
    return { kind, name, nameNode, body: bodyOf(node) };
  };
}

function childFinder(names: ChildNames, language: Language): (node: Node) => Node | null {
  const finders = (typeof names === 'string' ? [names] : names).map((name) => {
    const field = language.fieldIdForName(name);
    if (field !== null) return (node: Node): Node | null => node.childForFieldId(field);
    return (node: Node): Node | null => childOfType(node, name);
  });
  const [only] = finders;
  if (finders.length === 1 && only !== undefined) return only;
  return (node) => {
    for (const find of finders) {
      const found = find(node);
      if (found !== null) return found;
    }
    return null;
  };
}

/** First named child of a type. Looks at no more than the first children: headers are short. */
export function childOfType(node: Node, ...types: readonly string[]): Node | null {
  const limit = Math.min(node.namedChildCount, 64);
  for (let index = 0; index < limit; index++) {
    const child = node.namedChild(index);
    if (child !== null && types.includes(child.type)) return child;
  }
  return null;
}

/** A node's text from the source string: cheaper than asking the tree. */
export function nodeText(node: Node, source: string): string {
  return source.slice(node.startIndex, node.endIndex);
}
