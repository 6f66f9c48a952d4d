/** Schema and infrastructure languages with braces -> their definitions: Protobuf, Thrift, GraphQL, Prisma, HCL. */
import type { SymbolDef, SymbolKind } from '../../model/parsed-file.ts';
import { textTable } from '../../model/text-table.ts';
import type { Block, BlockSyntax } from './blocks.ts';
import { readBlocks } from './blocks.ts';
import { draft, maxSymbols, unquote } from './draft.ts';

interface Named {
  readonly kind: SymbolKind;
  readonly name: string;
}

/** `outer`: kind of the enclosing definition, undefined at top level. */
type Naming = (block: Block, outer: SymbolKind | undefined) => Named | undefined;

const cLike: BlockSyntax = { lineComments: ['//'], blockComment: ['/*', '*/'], quotes: '"\'', maxDepth: 5 };

export function protobufDefinitions(text: string): SymbolDef[] {
  return definitionsOf(readBlocks(text, { ...cLike, lineComments: ['//'] }), nameProtobuf);
}

export function thriftDefinitions(text: string): SymbolDef[] {
  return definitionsOf(readBlocks(text, { ...cLike, lineComments: ['//', '#'] }), nameThrift);
}

export function graphqlDefinitions(text: string): SymbolDef[] {
  const syntax: BlockSyntax = {
    lineComments: ['#'],
    quotes: '"',
    tripleQuotes: true,
    endsAtNewline: true,
    maxDepth: 1,
  };
  return definitionsOf(readBlocks(text, syntax), nameGraphql);
}

export function prismaDefinitions(text: string): SymbolDef[] {
  return definitionsOf(readBlocks(text, { ...cLike, endsAtNewline: true, maxDepth: 1 }), namePrisma);
}

export function hclBlocks(text: string): SymbolDef[] {
  const syntax: BlockSyntax = {
    lineComments: ['#', '//'],
    blockComment: ['/*', '*/'],
    quotes: '"',
    heredocs: true,
    endsAtNewline: true,
    maxDepth: 1,
  };
  return definitionsOf(readBlocks(text, syntax), nameHcl);
}

function definitionsOf(blocks: readonly Block[], naming: Naming): SymbolDef[] {
  const symbols: SymbolDef[] = [];
  const symbolOf = new Map<number, number>();
  for (const [index, block] of blocks.entries()) {
    if (symbols.length >= maxSymbols) break;
    const parent = symbolOf.get(block.parent) ?? -1;
    if (block.parent !== -1 && parent === -1) continue;
    const named = naming(block, symbols[parent]?.kind);
    if (named === undefined) continue;
    symbolOf.set(index, symbols.length);
    const { start, end, headEnd, docStart, docEnd } = block;
    symbols.push({ ...draft(named.kind, named.name, start, parent), end, headEnd, docStart, docEnd });
  }
  return symbols;
}

const protobufKinds = textTable<SymbolKind>({
  package: 'namespace',
  message: 'message',
  enum: 'enum',
  service: 'service',
  rpc: 'method',
  oneof: 'field',
  namespace: 'namespace',
  union: 'type',
  rpc_service: 'service',
  extend: 'message',
  group: 'message',
});

function nameProtobuf({ head, isBlock }: Block, outer: SymbolKind | undefined): Named | undefined {
  const definition =
    /^(package|namespace|message|table|struct|union|enum|service|rpc_service|rpc|oneof|extend)\s+([\w.]+)/.exec(
      head,
    );
  if (definition !== null)
    return { kind: protobufKinds[definition[1] ?? ''] ?? 'message', name: definition[2] ?? '' };
  if (isBlock || outer === undefined) return undefined;
  // Protobuf numbers its fields; FlatBuffers writes `name: type`.
  const field = /^([A-Za-z_]\w*)\s*:/.exec(head) ?? /([A-Za-z_]\w*)\s*=\s*-?(?:0x)?\d/.exec(head);
  if (field === null || head.startsWith('option') || head.startsWith('reserved')) return undefined;
  return { kind: outer === 'enum' ? 'constant' : 'field', name: field[1] ?? '' };
}

const thriftKinds = textTable<SymbolKind>({
  struct: 'struct',
  union: 'struct',
  exception: 'struct',
  enum: 'enum',
  service: 'service',
  namespace: 'namespace',
  typedef: 'type',
  const: 'constant',
});

function nameThrift({ head }: Block): Named | undefined {
  const definition = /^(struct|union|exception|enum|service)\s+(\w+)/.exec(head);
  return definition === null
    ? undefined
    : { kind: thriftKinds[definition[1] ?? ''] ?? 'struct', name: definition[2] ?? '' };
}

const graphqlKinds = textTable<SymbolKind>({
  type: 'type',
  input: 'type',
  interface: 'interface',
  enum: 'enum',
  union: 'type',
  scalar: 'type',
  directive: 'function',
  query: 'function',
  mutation: 'function',
  subscription: 'function',
  fragment: 'function',
  schema: 'type',
});

function nameGraphql({ head }: Block, outer: SymbolKind | undefined): Named | undefined {
  if (outer === undefined) {
    const definition =
      /^(?:extend\s+)?(type|input|interface|enum|union|scalar|directive|query|mutation|subscription|fragment|schema)\b\s*@?(\w*)/.exec(
        head,
      );
    if (definition === null) return undefined;
    return {
      kind: graphqlKinds[definition[1] ?? ''] ?? 'type',
      name: definition[2] || (definition[1] ?? ''),
    };
  }
  if (outer === 'function') return undefined;
  const field = outer === 'enum' ? /^([A-Za-z_]\w*)/.exec(head) : /^([A-Za-z_]\w*)\s*(?:\(|:)/.exec(head);
  return field === null ? undefined : { kind: outer === 'enum' ? 'constant' : 'field', name: field[1] ?? '' };
}

function namePrisma({ head, isBlock }: Block, outer: SymbolKind | undefined): Named | undefined {
  const definition = isBlock ? /^(model|enum|type|view|generator|datasource)\s+(\w+)/.exec(head) : null;
  if (definition !== null)
    return { kind: definition[1] === 'enum' ? 'enum' : 'table', name: definition[2] ?? '' };
  const field = outer === undefined ? null : /^([A-Za-z_]\w*)/.exec(head);
  return field === null ? undefined : { kind: 'field', name: field[1] ?? '' };
}

/** `resource "aws_s3_bucket" "logs"` is named `aws_s3_bucket.logs`, as Terraform refers to it. */
function nameHcl({ head, isBlock }: Block, outer: SymbolKind | undefined): Named | undefined {
  if (outer !== undefined) {
    const local = /^([\w-]+)\s*=/.exec(head);
    return local === null || outer !== 'namespace' ? undefined : { kind: 'variable', name: local[1] ?? '' };
  }
  if (!isBlock) {
    const assignment = /^([\w-]+)\s*=/.exec(head);
    return assignment === null ? undefined : { kind: 'key', name: assignment[1] ?? '' };
  }
  const type = /^[\w-]+/.exec(head)?.[0];
  if (type === undefined) return undefined;
  const labels = head
    .slice(type.length)
    .split(/\s+/)
    .filter((label) => label !== '' && label !== '=')
    .map(unquote);
  if (type === 'locals') return { kind: 'namespace', name: 'locals' };
  if (type === 'variable') return { kind: 'variable', name: labels[0] ?? type };
  const name =
    type === 'resource' || labels.length === 0 ? labels.join('.') || type : `${type}.${labels.join('.')}`;
  return { kind: 'section', name };
}
