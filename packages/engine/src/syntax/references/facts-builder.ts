/**
 * Collects the facts of one file while a language's reader walks its tree: functions, classes and the operations on values.
 * Knows no language and no meaning of a node.
 */
import type {
  Argument,
  ClassFacts,
  CodeFacts,
  Constant,
  FunctionFacts,
  ImplicitCall,
  Mention,
  Operation,
  Var,
} from '../../model/code-facts.ts';
import type { LanguageId } from '../../model/file.ts';
import type { PlainNode } from './plain-tree.ts';
import { type Scope, ScopedNames } from './scoped-names.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type FunctionDraft = Mutable<FunctionFacts>;

const maxText = 80;
const modifier = /^((visibility|accessibility)_modifier|modifiers?)$/;

export class FactsBuilder extends ScopedNames {
  readonly #text: string;
  readonly functions: FunctionDraft[] = [];
  readonly classes: Mutable<ClassFacts>[] = [];
  readonly stars: string[] = [];
  readonly starLines: number[] = [];
  readonly #mentions: Mention[] = [];
  /** What names of imports stand for where they are looked up in a module, not imported by an operation of their own. */
  readonly #imported = new Set<Var>();
  /** Offsets of the names. */
  readonly #mentioned = new Set<number>();
  readonly #anonymous = new Map<string, number>();

  constructor(text: string, lineCount: number) {
    super();
    this.#text = text;
    const result = this.variable();
    this.functions.push({ path: '', start: 1, end: lineCount, parameters: [], result, owner: -1 });
  }

  text(node: PlainNode): string {
    return this.#text.slice(node.start, node.end);
  }

  // Functions and classes

  pathOf(name: string, owner?: string): string {
    const outer = owner ?? this.functions[this.at]?.path ?? '';
    return outer === '' ? name : `${outer}.${name}`;
  }

  /** The first function without a name on a line is `<anonymous:LINE>`, the others `<anonymous:LINE:2>` and so on. */
  anonymousPath(line: number, owner?: string): string {
    const path = this.pathOf(`<anonymous:${line}`, owner);
    const number = (this.#anonymous.get(path) ?? 0) + 1;
    this.#anonymous.set(path, number);
    return number === 1 ? `${path}>` : `${path}:${number}>`;
  }

  /** A function of the node's lines of which nothing is read yet. `owner`: number of its class. */
  draftOf(path: string, node: PlainNode, owner = -1): FunctionDraft {
    const { line, endLine } = node;
    const result = this.variable();
    return { path, start: line, end: endLine, parameters: [], result, owner, ...this.accessOf(node) };
  }

  /** By modifiers, which have one of a few names in all grammars. */
  accessOf({ children }: PlainNode): Pick<FunctionFacts, 'access'> {
    const said = children
      .filter(({ type }) => modifier.test(type))
      .map((child) => this.text(child).replace(/@[\w.]+(\([^)]*\))?|"[^"]*"/g, ''))
      .join(' ');
    if (/\b(private|protected|internal|fileprivate)\b/.test(said)) return { access: 'closed' };
    return /\bpublic\b|\bpub\b(?!\s*\()/.test(said) ? { access: 'open' } : {};
  }

  /** Reads a body as a function of its own. Gives its number. */
  inFunction(draft: FunctionDraft, read: (index: number) => void): number {
    const index = this.functions.length;
    this.functions.push(draft);
    this.inActivation(index, () => read(index));
    return index;
  }

  // Values

  functionValue(index: number): Var {
    const to = this.variable();
    this.add({ op: 'function', to, index });
    return to;
  }

  constant(value: Constant): Var {
    const to = this.variable();
    this.add({ op: 'constant', to, value });
    return to;
  }

  builtin(type: string): Var {
    const to = this.variable();
    this.add({ op: 'builtin', to, type });
    return to;
  }

  container(type: string): Var {
    const to = this.variable();
    this.add({ op: 'container', to, type });
    return to;
  }

  union(values: readonly Var[]): Var {
    if (values.length === 1) return values[0] as Var;
    const to = this.variable();
    for (const value of values) this.copy(to, value);
    return to;
  }

  instanceOf(type: Var): Var {
    const to = this.variable();
    this.add({ op: 'instance', to, type });
    return to;
  }

  importOf(from: string, name?: string, node?: PlainNode): Var {
    const to = this.variable();
    this.add({
      op: 'import',
      to,
      from,
      ...(name === undefined ? {} : { name }),
      ...(node === undefined ? {} : { line: node.line }),
    });
    return to;
  }

  star(from: string, node: PlainNode): void {
    this.stars.push(from);
    this.starLines.push(node.line);
  }

  /** A name as a value. */
  readAt(node: PlainNode, name = this.text(node)): Var {
    return this.mention(this.read(name), node);
  }

  /** A name in an annotation. */
  readTypeAt(node: PlainNode, name = this.text(node)): Var {
    return this.mention(this.readAny(name), node);
  }

  /** The value is named at the node: of a function or class that is a use. */
  mention(value: Var, node: PlainNode): Var {
    return this.mentionIn(this.at, value, node);
  }

  mentionIn(at: number, value: Var, { start, line }: PlainNode): Var {
    this.#mentions.push({ value, at, line });
    this.#mentioned.add(start);
    return value;
  }

  /** The value is what an import gives: to name it is to name a definition elsewhere. */
  markImported(value: Var): void {
    this.#imported.add(value);
  }

  isMentioned({ start }: PlainNode): boolean {
    return this.#mentioned.has(start);
  }

  each(from: Var, node: PlainNode, isAsync = false): Var {
    const to = this.variable();
    this.add({ op: 'each', to, from, at: this.at, line: node.line, ...(isAsync && { isAsync }) });
    this.forgetSlots();
    return to;
  }

  call(
    callee: Var,
    args: readonly Argument[],
    node: PlainNode,
    more: { readonly text: string; readonly implicit?: ImplicitCall; readonly isNew?: boolean },
  ): Var {
    const to = this.variable();
    this.add({ op: 'call', to, callee, args, at: this.at, line: node.line, ...more });
    this.forgetSlots();
    return to;
  }

  /** What an operator calls on its operand, if the workspace defines it. */
  implicit(on: Var, method: string, args: readonly Var[], node: PlainNode): Var {
    const callee = this.get(on, method, node);
    const given = args.map((value) => ({ value }));
    return this.call(callee, given, node, { text: method, implicit: 'operator' });
  }

  get(from: Var, name: string, node: PlainNode): Var {
    const to = this.variable();
    this.add({ op: 'get', to, from, name, at: this.at, line: node.line });
    return to;
  }

  set(on: Var, name: string, from: Var, node: PlainNode): void {
    this.add({ op: 'set', on, name, from, at: this.at, line: node.line });
  }

  getItem(from: Var, key: Var | undefined, node: PlainNode): Var {
    const to = this.variable();
    this.add({
      op: 'getItem',
      to,
      from,
      ...(key === undefined ? {} : { key }),
      at: this.at,
      line: node.line,
    });
    return to;
  }

  setItem(on: Var, key: Var | undefined, from: Var, node: PlainNode): void {
    const site = { at: this.at, line: node.line };
    this.add({ op: 'setItem', on, ...(key === undefined ? {} : { key }), from, ...site });
  }

  setKey(on: Var, key: Constant, from: Var, node: PlainNode): void {
    this.setItem(on, this.constant(key), from, node);
  }

  shortText(node: PlainNode): string {
    const text = this.#text.slice(node.start, Math.min(node.end, node.start + 4 * maxText));
    const flat = text.replace(/\s+/g, ' ');
    return flat.length <= maxText && node.end - node.start <= 4 * maxText
      ? flat
      : `${flat.slice(0, maxText - 1)}…`;
  }

  /** What the names of the module hold when it has run. */
  exportsOf(scope: Scope): [string, Var][] {
    return [...scope.names.values()].map((binding) => [binding.name, this.current(binding)]);
  }

  finish(rest: {
    readonly language: LanguageId;
    readonly exports: readonly (readonly [string, Var])[];
    readonly module?: Var;
    readonly globals?: readonly (readonly [string, Var])[];
    readonly errorCount: number;
  }): CodeFacts {
    return {
      ...rest,
      ...this.collected,
      functions: this.functions,
      classes: this.classes,
      stars: this.stars,
      starLines: this.starLines,
      mentions: mentionsOf(this.#mentions, this.#imported, this.collected.operations, this.classes),
    };
  }
}

/** More than any file that is read has. */
const maxLines = 2 ** 24;

/** What names a function, a class or something imported; callees and bases are told of by their own facts. */
function mentionsOf(
  mentions: readonly Mention[],
  imported: ReadonlySet<Var>,
  operations: readonly Operation[],
  classes: readonly ClassFacts[],
): Mention[] {
  const named = new Set<Var>(imported);
  const told = new Map<number, number>();
  const tell = (value: Var, line: number) => {
    const key = value * maxLines + line;
    told.set(key, (told.get(key) ?? 0) + 1);
  };
  for (const operation of operations) {
    const { op } = operation;
    if (op === 'function' || op === 'class' || op === 'import' || op === 'free') named.add(operation.to);
    else if (operation.op === 'call') tell(operation.callee, operation.line);
  }
  // A name that is bound before its class is read, defined later, or in one branch of several is a copy; copies of copies come in order.
  for (const operation of operations)
    if (operation.op === 'copy' && named.has(operation.from)) named.add(operation.to);
  for (const { bases, baseLines, start } of classes)
    for (const [i, base] of bases.entries()) tell(base, baseLines?.[i] ?? start);
  return mentions.filter(({ value, line }) => {
    if (!named.has(value)) return false;
    const key = value * maxLines + line;
    const left = told.get(key) ?? 0;
    told.set(key, left - 1);
    return left <= 0;
  });
}
