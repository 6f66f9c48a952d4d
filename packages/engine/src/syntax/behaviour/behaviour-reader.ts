/** One file while its behaviour is read: its text, its scopes, the names of things outside, and the facts found. */
import type {
  BehaviourClass,
  BehaviourFact,
  BehaviourFunction,
  BehaviourImport,
} from '../../model/behaviour.ts';
import { childOf, type PlainNode } from '../references/plain-tree.ts';
import type { BehaviourLanguage } from './behaviour-language.ts';
import { type ClassScope, lookUp, type Origin, operands, type Scope } from './scopes.ts';

/** How something is written, and what it is called outside the workspace, where that is known. */
export interface Written {
  readonly written: string;
  readonly name?: string | undefined;
}

/** The parts of `BehaviourFact` that do not say where. */
export type FactBody = BehaviourFact extends infer Fact
  ? Fact extends BehaviourFact
    ? Omit<Fact, 'at' | 'start' | 'end'>
    : never
  : never;

const maxText = 120;
const maxOrigins = 4;
/** A file with more is data. */
const maxFacts = 20_000;

export class BehaviourReader {
  readonly language: BehaviourLanguage;
  readonly source: string;
  readonly functions: BehaviourFunction[] = [];
  readonly classes: BehaviourClass[] = [];
  readonly imports: BehaviourImport[] = [];
  readonly facts: BehaviourFact[] = [];
  readonly scopes = new Map<PlainNode, Scope>();
  readonly classScopes = new Map<string, ClassScope>();
  /** From the file down to the node being read, itself left out. */
  readonly ancestors: PlainNode[] = [];
  scope!: Scope;

  constructor(language: BehaviourLanguage, source: string) {
    this.language = language;
    this.source = source;
  }

  text(node: PlainNode): string {
    return this.source.slice(node.start, node.end);
  }

  /** On one line, cut. */
  short(node: PlainNode, limit = maxText): string {
    const flat = this.source
      .slice(node.start, Math.min(node.end, node.start + 4 * limit))
      .replace(/\s+/g, ' ');
    return flat.length <= limit && node.end - node.start <= 4 * limit ? flat : `${flat.slice(0, limit - 1)}…`;
  }

  add(node: PlainNode, body: FactBody, end = node.endLine): void {
    if (this.facts.length >= maxFacts) return;
    this.facts.push({
      ...body,
      at: this.scope.index,
      start: node.line,
      end: Math.max(node.line, end),
    } as BehaviourFact);
  }

  parent(depth = 1): PlainNode | undefined {
    return this.ancestors[this.ancestors.length - depth];
  }

  isReceiver(node: PlainNode): boolean {
    const text = this.text(node);
    if (this.language.receivers.has(text)) return true;
    for (let scope: Scope | undefined = this.scope; scope; scope = scope.parent)
      if (scope.receiver !== undefined) return scope.receiver === text && node.children.length === 0;
    return false;
  }

  /** A receiver by value: what is written to it is gone when the function ends. */
  isReceiverCopied(): boolean {
    for (let scope: Scope | undefined = this.scope; scope; scope = scope.parent)
      if (scope.receiver !== undefined) return scope.isCopied ?? false;
    return false;
  }

  owner(from: Scope = this.scope): ClassScope | undefined {
    for (let scope: Scope | undefined = from; scope; scope = scope.parent)
      if (scope.owner) return scope.owner;
    return undefined;
  }

  /** The callee, member or type that a node is; undefined for what has no name. */
  nameOf(node: PlainNode, from: Scope = this.scope, depth = 0): Written | undefined {
    const { language } = this;
    if (language.wrappers.has(node.type)) {
      const inner = operands(node).find((child) => child.type !== 'mutable_specifier');
      return inner && this.nameOf(inner, from, depth);
    }
    const member = language.members[node.type];
    if (member !== undefined) return this.#member(node, member, from, depth);
    const call = language.calls[node.type];
    if (call !== undefined) return this.#call(node, from, depth);
    const created = language.creations[node.type];
    if (created !== undefined) {
      const type = childOf(node, created);
      const found = type && this.nameOf(type, from, depth);
      return found && { written: `new ${found.written}()`, name: found.name };
    }
    const element = language.elements[node.type];
    if (element !== undefined) {
      const object = childOf(node, element);
      const found = object && this.nameOf(object, from, depth);
      return found && { written: `${found.written}[]` };
    }
    if (node.type === 'generic_type' || node.type === 'generic_function') {
      const type = childOf(node, 'type') ?? childOf(node, 'function') ?? node.children[0];
      return type && this.nameOf(type, from, depth);
    }
    if (node.type === 'dotted_name') return this.#dotted(this.text(node), from, depth);
    if (language.identifiers.has(node.type)) return this.#head(this.text(node), from, depth);
    if (language.receivers.has(this.text(node))) return { written: this.text(node) };
    return undefined;
  }

  #member(
    node: PlainNode,
    [objectField, nameField]: readonly [string, string],
    from: Scope,
    depth: number,
  ): Written | undefined {
    const object = childOf(node, objectField);
    const property = childOf(node, nameField);
    if (property === undefined) return undefined;
    const separator = node.type === 'scoped_identifier' ? '::' : '.';
    const last = this.text(property);
    if (object === undefined) return { written: last };
    if (this.#isReceiverIn(object, from)) {
      const field = this.owner(from)?.fields.get(last);
      return { written: `${this.text(object)}.${last}`, name: field && this.#nameOfOrigin(field, depth) };
    }
    const found = this.nameOf(object, from, depth);
    if (found === undefined) return undefined;
    const name = found.name === undefined ? undefined : `${found.name}.${last}`;
    return { written: `${found.written}${separator}${last}`, name };
  }

  #isReceiverIn(node: PlainNode, from: Scope): boolean {
    const before = this.scope;
    this.scope = from;
    const is = this.isReceiver(node);
    this.scope = before;
    return is;
  }

  #call(node: PlainNode, from: Scope, depth: number): Written | undefined {
    const found = this.calleeOf(node, from, depth);
    return found && { written: `${found.written}()`, name: found.name };
  }

  calleeOf(node: PlainNode, from: Scope = this.scope, depth = 0): Written | undefined {
    const shape = this.language.calls[node.type];
    if (shape === undefined) return undefined;
    if (shape.callee !== undefined) {
      const callee = childOf(node, shape.callee);
      const found = callee && this.nameOf(callee, from, depth);
      if (node.type !== 'macro_invocation' || found === undefined) return found;
      return { written: `${found.written}!`, name: found.name && `${found.name}!` };
    }
    const name = childOf(node, shape.name ?? '');
    const object = childOf(node, shape.object ?? '');
    if (name === undefined) return undefined;
    const last = this.text(name);
    if (object === undefined) return this.#head(last, from, depth, true);
    if (this.#isReceiverIn(object, from)) return { written: `${this.text(object)}.${last}` };
    const found = this.nameOf(object, from, depth);
    return found && { written: `${found.written}.${last}`, name: found.name && `${found.name}.${last}` };
  }

  #dotted(text: string, from: Scope, depth: number): Written {
    const [head = '', ...rest] = text.split('.');
    const found = this.#head(head, from, depth);
    return { written: text, name: found.name && [found.name, ...rest].join('.') };
  }

  #head(text: string, from: Scope, depth: number, isMethod = false): Written {
    const found = lookUp(text, from);
    if (found.imported !== undefined) return { written: text, name: found.imported };
    if (found.origin !== undefined) return { written: text, name: this.#nameOfOrigin(found.origin, depth) };
    const field = this.language.id === 'java' ? this.owner(from)?.fields.get(text) : undefined;
    if (field !== undefined) return { written: text, name: this.#nameOfOrigin(field, depth) };
    // A method of the class or of one of its bases, where methods are called without a receiver.
    if (isMethod || this.language.receivers.has(text)) return { written: text };
    return { written: text, name: text };
  }

  /** What a name holds is known when it is given one value, or has a declared type. */
  #nameOfOrigin(origin: Origin, depth: number): string | undefined {
    if (depth >= maxOrigins) return undefined;
    if (origin.type !== undefined) return this.nameOfType(origin.type, origin.scope, depth + 1);
    if (origin.value === undefined || origin.times !== 1) return undefined;
    const value = this.#unwrapped(origin.value);
    const isMade =
      value.type in this.language.calls ||
      value.type in this.language.creations ||
      value.type in this.language.members;
    if (!isMade) return undefined;
    return this.nameOf(value, origin.scope, depth + 1)?.name;
  }

  #unwrapped(node: PlainNode): PlainNode {
    let at = node;
    while (this.language.wrappers.has(at.type) && operands(at)[0]) at = operands(at)[0] as PlainNode;
    return at;
  }

  nameOfType(type: PlainNode, from: Scope, depth = 0): string | undefined {
    if (
      /^(pointer_type|reference_type|type_annotation|type|optional_type|parenthesized_type)$/.test(type.type)
    ) {
      const inner = type.children.find((child) => !/^(lifetime|mutable_specifier)$/.test(child.type));
      return inner && this.nameOfType(inner, from, depth);
    }
    if (type.type === 'qualified_type') {
      const [scope, name] = this.text(type).split('.');
      const outside = scope === undefined ? undefined : lookUp(scope, from).imported;
      return outside && name ? `${outside}.${name}` : undefined;
    }
    if (type.type === 'scoped_type_identifier') {
      const parts = this.text(type).split(/::|\./);
      const head = lookUp(parts[0] ?? '', from).imported ?? parts[0];
      return [head, ...parts.slice(1)].join('.');
    }
    const found = this.nameOf(type, from, depth);
    // A type that nothing in the file binds may be of the workspace.
    return found?.name === found?.written && !/^(java|go)$/.test(this.language.id) ? undefined : found?.name;
  }

  /** The first text among the arguments of a call, without quotes. */
  firstText(call: PlainNode): string | undefined {
    const list = childOf(call, 'arguments') ?? call.children.find((child) => child.type === 'token_tree');
    const first = list?.children.find((child) => !this.language.comments.has(child.type));
    return first && this.stringOf(first);
  }

  /** Text of a string literal that has no parts to be filled in. */
  stringOf(node: PlainNode): string | undefined {
    if (!this.language.strings.has(node.type)) return undefined;
    if (node.children.some((child) => /interpolation|substitution/.test(child.type))) return undefined;
    return this.text(node)
      .replace(/^[a-zA-Z]*(['"`]{3}|['"`])/, '')
      .replace(/(['"`]{3}|['"`])$/, '');
  }
}
