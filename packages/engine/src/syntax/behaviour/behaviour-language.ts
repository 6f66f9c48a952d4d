/**
 * What the reader of behaviour must know of a language, as data: node types, fields, and names of what is outside a workspace.
 * Names outside are dotted whatever the language writes: `std.fs.read`, `net/http.Get`, `println!`.
 */
import type { ConcurrencyKind, ConfigSource, EffectKind } from '../../model/behaviour.ts';
import type { LanguageId } from '../../model/file.ts';
import type { PlainNode } from '../references/plain-tree.ts';
import type { BehaviourReader } from './behaviour-reader.ts';
import type { Scope } from './scopes.ts';

export type NodeTypes = ReadonlySet<string>;

/** Names, separated by white space; `a.*`: everything below `a`. `none` excepts from what a wider name says. */
export type NameTable<Kind extends string> = Readonly<Partial<Record<Kind | 'none', string>>>;

export interface CallShape {
  /** Field of the callee; or `object` and `name` where the callee is no node of its own. */
  readonly callee?: string;
  readonly object?: string;
  readonly name?: string;
}

export interface BehaviourLanguage {
  readonly id: LanguageId;
  readonly separator: '.' | '::';
  readonly functions: NodeTypes;
  readonly constructors: (name: string, node: PlainNode, owner: string) => boolean;
  /** Fields of the result's type. */
  readonly resultFields: readonly string[];
  readonly classes: NodeTypes;
  /** Node type -> type of the child that is the body of a class without a name. */
  readonly namelessClasses?: Readonly<Record<string, string>>;
  /** Fields or child types that hold the bases of a class. */
  readonly bases: NodeTypes;
  readonly parameters: NodeTypes;
  readonly receivers: NodeTypes;
  readonly identifiers: NodeTypes;
  /** Node type -> fields whose names it binds in the function that holds it. */
  readonly declares: Readonly<Record<string, readonly string[]>>;
  /** Node types of fields declared in a class body -> field of the name. */
  readonly fields: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, readonly [object: string, name: string]>>;
  /** Element access -> field of the object. */
  readonly elements: Readonly<Record<string, string>>;
  readonly calls: Readonly<Record<string, CallShape>>;
  /** Making an instance -> field of the class. */
  readonly creations: Readonly<Record<string, string>>;
  /** Nodes that give their only operand on: parentheses, `await`, references, casts. */
  readonly wrappers: NodeTypes;
  readonly assigns: Readonly<Record<string, readonly [left: string, right: string]>>;
  /** `x++`, `del x`: the operand is the first child, or this field. */
  readonly updates: Readonly<Record<string, string>>;
  readonly raises: NodeTypes;
  readonly returns: NodeTypes;
  readonly yields: NodeTypes;
  readonly continues: NodeTypes;
  readonly breaks: NodeTypes;
  readonly loops: NodeTypes;
  /** Statement with handlers -> types of its handlers. */
  readonly tries: Readonly<Record<string, NodeTypes>>;
  /** Field of a handler's body; its other children are what it catches. */
  readonly handlerBody: (handler: PlainNode) => PlainNode | undefined;
  readonly caughtTypes: (handler: PlainNode, reader: BehaviourReader) => readonly string[];
  /** Statements that do nothing. */
  readonly noops: NodeTypes;
  readonly comments: NodeTypes;
  readonly strings: NodeTypes;
  readonly concurrencyNodes: Readonly<Record<string, ConcurrencyKind>>;
  readonly concurrencyCalls: NameTable<ConcurrencyKind>;
  readonly effects: NameTable<EffectKind>;
  /** Calls that read a setting whose name is the first text among the arguments. */
  readonly configCalls: NameTable<ConfigSource>;
  /** Objects whose elements (and members, with `.`) are settings. */
  readonly configObjects: NameTable<ConfigSource>;
  /** Whether members of these are settings too, e.g. `process.env.X`. */
  readonly configMembers: boolean;
  /** Calls that end the process. */
  readonly ends: string;
  /** Calls that panic, and last names of methods that may. */
  readonly panics: string;
  /** What functions are called that nobody named: the node that holds them -> field of the name. */
  readonly naming: Readonly<Record<string, string>>;
  /** Names that imports bind, added to the scope. */
  imports(node: PlainNode, reader: BehaviourReader, scope: Scope): boolean;
  /** What has no form of its own in the tables. */
  extra?(node: PlainNode, reader: BehaviourReader): void;
  /** Owner of a function that stands outside its class (Go). */
  ownerOf?(
    node: PlainNode,
    reader: BehaviourReader,
  ): { readonly owner: string; readonly receiver?: string; readonly isCopied?: boolean } | undefined;
  /** Whether a parameter is seen by the caller when its parts change. */
  isShared?(type: string | undefined): boolean;
  /** Nodes whose value is the result when they stand last (Rust). */
  readonly hasTailResult: boolean;
}

export const types = (names: string): NodeTypes => new Set(names.split(/\s+/).filter((name) => name !== ''));
