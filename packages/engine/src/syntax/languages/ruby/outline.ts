/** Definitions of Ruby, including those made by calls: `attr_reader :a`, `describe 'x' do`, `scope :y`. */
import type { Node } from 'web-tree-sitter';
import { childOfType, nodeText } from '../../outline/compile-rules.ts';
import type { Definition, DefinitionReader, OutlineRules } from '../../outline/rules.ts';

const definingCall =
  /(?:attr_(?:accessor|reader|writer)|(?:RSpec\.)?(?:describe|context|feature|shared_examples(?:_for)?|shared_context)|it|specify|scenario|test|scope|define_method|alias_method|has_many|has_one|belongs_to|delegate|let!?|task|namespace|def_node_matcher|def_node_search|private|protected|public|module_function|private_class_method|public_class_method|memoize)\b/y;
const tests = new Set([
  'describe',
  'context',
  'feature',
  'shared_examples',
  'shared_examples_for',
  'shared_context',
  'it',
  'specify',
  'scenario',
  'test',
]);
const singleTests = new Set(['it', 'specify', 'scenario', 'test']);
const attributes = new Set(['attr_accessor', 'attr_reader', 'attr_writer']);
const makers = new Set([
  'scope',
  'define_method',
  'alias_method',
  'has_many',
  'has_one',
  'belongs_to',
  'def_node_matcher',
  'def_node_search',
]);

const readCall: DefinitionReader = (node, place) => {
  definingCall.lastIndex = node.startIndex;
  if (!definingCall.test(place.source)) return undefined;
  const methodNode = node.childForFieldName('method');
  const argumentList = node.childForFieldName('arguments');
  if (methodNode === null || argumentList === null) return undefined;
  const method = nodeText(methodNode, place.source);
  const first = argumentList.firstNamedChild;
  if (first === null) return undefined;
  const body = node.childForFieldName('block');
  if (attributes.has(method) && !place.local) return readAttributes(argumentList, place.source);
  if (tests.has(method) && body !== null) {
    return {
      kind: 'test',
      name: argumentName(first, place.source),
      nameNode: first,
      body,
      closed: singleTests.has(method),
    };
  }
  if (method === 'task')
    return { kind: 'target', name: argumentName(first, place.source), nameNode: first, body };
  if (makers.has(method) && isSymbol(first) && !place.local) {
    return { kind: 'method', name: argumentName(first, place.source), nameNode: first, body };
  }
  return undefined;
};

function readAttributes(argumentList: Node, source: string): Definition[] {
  const found: Definition[] = [];
  for (const argument of argumentList.namedChildren) {
    if (isSymbol(argument))
      found.push({ kind: 'property', name: argumentName(argument, source), nameNode: argument });
  }
  return found;
}

function isSymbol(node: Node): boolean {
  return node.type === 'simple_symbol' || node.type === 'string';
}

/** `:name`, `'name'`, `Name`, `name: prerequisites`. */
function argumentName(node: Node, source: string): string {
  const named = node.type === 'pair' ? (node.childForFieldName('key') ?? node) : node;
  return nodeText(named, source).replaceAll(/^:?["']?|["']$/g, '');
}

/** `CONSTANT = ...`, and classes made by `Struct.new` or `Class.new`. */
const readAssignment: DefinitionReader = (node, place) => {
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  if (left?.type !== 'constant' || place.local) return undefined;
  const block = right?.type === 'call' ? right.childForFieldName('block') : null;
  const receiver = right?.type === 'call' ? right.childForFieldName('receiver') : null;
  const made = receiver !== null && /^(?:Struct|Class|Data)$/.test(nodeText(receiver, place.source));
  return {
    kind: made ? 'class' : 'constant',
    name: nodeText(left, place.source),
    nameNode: left,
    body: made ? block : right,
  };
};

/** `A::B::C` is named `C`. */
function readNamespace(kind: 'class' | 'module'): DefinitionReader {
  return (node, place) => {
    const written = node.childForFieldName('name');
    const nameNode = written?.childForFieldName('name') ?? written;
    if (nameNode === null) return undefined;
    return { kind, name: nodeText(nameNode, place.source), nameNode, body: node.childForFieldName('body') };
  };
}

const readMethod: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('name');
  if (nameNode === null) return undefined;
  const name = nodeText(nameNode, place.source);
  const inType =
    place.parentKind === 'class' || place.parentKind === 'module' || node.type === 'singleton_method';
  const kind = name === 'initialize' ? 'constructor' : inType ? 'method' : 'function';
  return { kind, name, nameNode, body: node.childForFieldName('body') };
};

const readAlias: DefinitionReader = (node, place) => {
  const nameNode = node.childForFieldName('name') ?? childOfType(node, 'identifier');
  if (nameNode === null) return undefined;
  return { kind: 'method', name: nodeText(nameNode, place.source).replace(/^:/, ''), nameNode };
};

export const rubyOutline: OutlineRules = {
  definitions: {
    class: readNamespace('class'),
    module: readNamespace('module'),
    method: readMethod,
    singleton_method: readMethod,
    alias: readAlias,
    assignment: readAssignment,
    call: readCall,
  },
  descend: [
    'program',
    'class',
    'module',
    'singleton_class',
    'body_statement',
    'assignment',
    'call',
    'argument_list',
    'do_block',
    'block',
    'block_body',
    'begin',
    'if',
    'unless',
    'then',
    'else',
    'elsif',
    'if_modifier',
    'unless_modifier',
    'begin_block',
  ],
  comments: ['comment'],
};
