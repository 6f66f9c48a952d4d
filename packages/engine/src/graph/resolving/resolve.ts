/**
 * Facts of all files -> who calls whom. One whole-program analysis: flow-insensitive between functions (within one, a name sees
 * what reaches it), field-sensitive, one instance for each class, no contexts; after PyCG (Salis et al., ICSE 2021), with
 * declared types where no value is known. Pure computation over `model/`; the same facts always give the same graph.
 */
import type { CallGraph } from '../../model/call-graph.ts';
import type { Constant, Operation } from '../../model/code-facts.ts';
import type { FilePath } from '../../model/file.ts';
import { findersOf } from '../languages/languages.ts';
import { buildGraph, type Resolved } from '../result/build-graph.ts';
import type { GraphData } from '../result/graph-data.ts';
import { report } from '../result/report.ts';
import { Access } from './access.ts';
import { addFile, type FileFacts } from './add-file.ts';
import { Builtins } from './builtins.ts';
import { Calls } from './calls.ts';
import { decideSites } from './decide-sites.ts';
import { DeclaredTypes } from './declared-types.ts';
import { Fixtures } from './fixtures.ts';
import type { Place } from './flow.ts';
import { Gaps } from './gaps.ts';
import { Globs } from './globs.ts';
import { Linker } from './linker.ts';
import { Members } from './members.ts';
import { type ModuleFinder, Modules } from './modules.ts';
import { isInBody, readsLater } from './read-later.ts';
import { type CallSite, type FileState, State, type Where } from './state.ts';
import { typeFilter } from './type-filter.ts';
import type { Value } from './values.ts';

/** Files that say how modules are found: `package.json`, `tsconfig.json`. */
export type Configurations = ReadonlyMap<FilePath, string>;

export interface ResolveOptions {
  /** Bound on the work. The nearer it is, the less is followed. */
  readonly maxSteps?: number;
  readonly configurations?: Configurations;
}

type ItemOperation = Operation & { op: 'getItem' | 'setItem' };

/** What a small repository may take, what each operation adds, and what the largest may take: 3 to 6 million steps are a second. */
const freeSteps = 20_000_000;
const stepsPerOperation = 60;
const mostSteps = 60_000_000;

export function resolveCalls(files: readonly FileFacts[], options: ResolveOptions = {}): CallGraph {
  return report(resolve(files, options).state);
}

/** The same files with all kinds of edges. `files` in order of path. */
export function resolveGraph(files: readonly FileFacts[], options: ResolveOptions = {}): GraphData {
  return buildGraph(resolve(files, options));
}

function resolve(files: readonly FileFacts[], options: ResolveOptions): Resolved {
  const fair = files.reduce((sum, { facts }) => sum + stepsPerOperation * facts.operations.length, freeSteps);
  const state = new State(options.maxSteps ?? Math.min(mostSteps, fair));
  for (const file of files) addFile(state, file);
  return new Resolver(state, findersOf(state.files, options.configurations ?? new Map())).run();
}

class Resolver {
  readonly #state: State;
  readonly #members: Members;
  readonly #modules: Modules;
  readonly #globs: Globs;
  readonly #linker: Linker;
  readonly #access: Access;
  readonly #declared: DeclaredTypes;
  readonly #calls: Calls;
  readonly #gaps: Gaps;
  readonly #fixtures: Fixtures;
  /** Of an operation of the file of a `Where`, by its number: a read; an element by a key, by any, and what needs no key. */
  readonly #getAction: number;
  readonly #keyAction: number;
  readonly #keyedAction: number;
  readonly #anyKeyAction: number;
  readonly #unkeyedAction: number;

  constructor(state: State, finders: readonly ModuleFinder[]) {
    this.#state = state;
    this.#declared = new DeclaredTypes(state);
    this.#members = new Members(state);
    this.#gaps = new Gaps(state, this.#members, this.#declared, () => this.#settle());
    this.#modules = new Modules(state, finders);
    this.#fixtures = new Fixtures(state, this.#modules, this.#declared);
    this.#access = new Access(state, this.#members, this.#modules);
    this.#globs = new Globs(state, this.#members, (file, name, to) => this.#modules.member(file, name, to));
    this.#modules.globs = this.#globs;
    this.#linker = new Linker(state, this.#members, this.#access);
    this.#calls = new Calls(state, this.#members, this.#access);
    this.#access.calls = this.#calls;
    this.#calls.builtins = new Builtins(state, this.#access, this.#calls);
    const { flow } = state;
    this.#getAction = flow.action((value, index, where) =>
      this.#readThrough(value, index, state.where(where)),
    );
    this.#keyedAction = flow.action((value, index, where, key) => {
      const data = state.data(key);
      if (data.kind === 'constant') this.#useItem(value, data.value, index, state.where(where));
    });
    this.#keyAction = flow.action((key, index, where) => {
      if (state.data(key).kind !== 'constant') return;
      flow.tell(this.#holderOf(index, state.where(where)), this.#keyedAction, index, where, key);
    });
    this.#anyKeyAction = flow.action((value, index, where) =>
      this.#useItem(value, undefined, index, state.where(where)),
    );
    this.#unkeyedAction = flow.action((value, index, where) => {
      const at = state.where(where);
      // Types with arguments, foreign values and methods of the workspace do not depend on the key.
      if (state.data(value).kind !== 'container' && !at.file.profile.keysAreNames)
        this.#useItem(value, undefined, index, at);
    });
  }

  run(): Resolved {
    const { files } = this.#state;
    // Names, imports and bases first, so that members are looked for where they will stay; before all what bodies do not say.
    for (const isInside of [false, true]) {
      for (const file of files) this.#bindNames(file, isInside);
      this.#settle();
    }
    this.#fixtures.fill();
    for (const file of files) {
      const { operations } = file.facts;
      for (let index = 0; index < operations.length; index++)
        this.#follow(file, operations[index] as Operation, index);
    }
    for (const fn of this.#state.functions)
      for (const [index, { rest }] of fn.facts.parameters.entries()) if (rest) this.#calls.rest(fn, index);
    this.#settle();
    this.#gaps.fillAll();
    decideSites(this.#state, this.#members);
    return { state: this.#state, members: this.#members, modules: this.#modules };
  }

  #bindNames(file: FileState, isInside: boolean): void {
    const { operations } = file.facts;
    const mayWait = readsLater(file);
    if (isInside && !mayWait) return;
    for (let index = 0; index < operations.length; index++) {
      const operation = operations[index] as Operation;
      if (!mayWait || isInBody(file, operation) === isInside) this.#bindName(file, operation, index);
    }
  }

  #settle(): void {
    do this.#state.flow.run();
    while (this.#members.refresh() && !this.#state.flow.isCut);
  }

  #bindName(file: FileState, operation: Operation, index: number): void {
    const { flow, values } = this.#state;
    switch (operation.op) {
      case 'copy':
        flow.flow(file.place + operation.from, file.place + operation.to);
        return;
      case 'function': {
        const index = file.firstFunction + operation.index;
        flow.add(file.place + operation.to, values.of({ kind: 'function', index }));
        return;
      }
      case 'class': {
        const index = file.firstClass + operation.index;
        flow.add(file.place + operation.to, this.#state.classValue(index));
        return;
      }
      case 'accessor':
        flow.add(
          file.place + operation.to,
          values.of({ kind: 'accessor', place: file.place + operation.from }),
        );
        return;
      case 'import':
        this.#modules.import(file.number, operation.from, operation.name, file.place + operation.to);
        return;
      case 'free':
        this.#bindFree(file, operation.name, file.place + operation.to);
        return;
      case 'get': {
        const { number } = this.#whereOf(file, operation);
        flow.tell(file.place + operation.from, this.#getAction, index, number, 0);
        return;
      }
      case 'instance':
        if (operation.isOnly && (file.profile.trustsTypes || file.profile.typed))
          flow.filter(
            file.place + operation.to,
            typeFilter(this.#state, this.#members, file.place + operation.type, file.profile.typed),
          );
        return;
      case 'set':
        if (operation.isDefinition)
          flow.on(file.place + operation.on, (value) =>
            flow.flow(file.place + operation.from, this.#definitionPlace(file, value, operation.name)),
          );
        return;
      case 'typeArguments':
        this.#addArguments(file, operation);
        return;
      case 'base':
      case 'star':
        this.#extend(file, operation);
        return;
      case 'functionType':
        flow.add(file.place + operation.to, this.#state.functionType(file, operation));
        return;
      case 'builtin':
        flow.add(file.place + operation.to, values.of({ kind: 'builtinValue', type: operation.type }));
        return;
      case 'container': {
        const place = `${file.number} ${operation.to}`;
        flow.add(file.place + operation.to, values.of({ kind: 'container', type: operation.type, place }));
        return;
      }
    }
  }

  #addArguments({ place }: FileState, { of, args, to }: Operation & { op: 'typeArguments' }): void {
    const { flow, classes } = this.#state;
    flow.on(place + of, (type) => {
      const data = this.#state.data(type);
      const open = data.kind === 'class' ? classes[data.index]?.facts.openParameters : undefined;
      for (const number of open ?? [])
        if (number < args.length) flow.flow(place + (args[number] as number), place + to);
    });
  }

  /** What is added to a class or module from outside. */
  #extend(file: FileState, operation: Operation & { op: 'base' | 'star' }): void {
    const { flow, values } = this.#state;
    if (operation.op === 'base') {
      const base = file.place + operation.base;
      flow.on(file.place + operation.on, (value) =>
        this.#members.addBase(this.#access.traits.typeOf(value), base),
      );
      return;
    }
    const from = file.place + operation.from;
    if (operation.on === undefined) this.#globs.add(values.of({ kind: 'module', file: file.number }), from);
    else flow.on(file.place + operation.on, (value) => this.#globs.add(value, from));
  }

  /** Where a method that stands outside its class is found: on the class, or as an extension of types of others. */
  #definitionPlace(file: FileState, on: Value, name: string): Place {
    const isOurs = this.#state.data(on).kind === 'class';
    if (file.profile.typed === 'nominal' && !isOurs) return this.#state.extension(name);
    // What the class has itself is called before any extension; in C++ this is its definition.
    const isExtension = file.profile.typed === 'nominal' && file.profile.isLinked === undefined;
    if (isExtension && this.#state.declares(on, name)) return this.#state.flow.place();
    return this.#state.field(this.#access.traits.typeOf(on), name);
  }

  #bindFree(file: FileState, name: string, to: Place): void {
    if (file.profile.isLinked !== undefined) {
      this.#linker.bind(file, name, to);
      return;
    }
    if (file.profile.keysAreNames) this.#modules.global(name, to);
    if (file.profile.typed && this.#modules.free(file.number, name, to)) return;
    if (file.profile.builtins.has(name) || (file.profile.capitalsAreBuiltin && /^[A-Z]/.test(name))) {
      this.#state.flow.add(to, this.#state.values.of({ kind: 'builtin', name }));
    } else this.#modules.free(file.number, name, to);
  }

  #follow(file: FileState, operation: Operation, index: number): void {
    const { flow, values } = this.#state;
    const at = (variable: number): Place => file.place + variable;
    switch (operation.op) {
      case 'constant':
        flow.add(at(operation.to), values.of({ kind: 'constant', value: operation.value }));
        return;
      case 'set': {
        if (operation.isDefinition) return;
        const where = this.#whereOf(file, operation);
        flow.on(at(operation.on), (value) =>
          this.#access.set(value, operation.name, at(operation.from), where),
        );
        return;
      }
      case 'within':
        flow.on(at(operation.from), (fn) => {
          const isWithin = this.#state.data(fn).kind === 'within';
          flow.add(at(operation.to), isWithin ? fn : values.of({ kind: 'within', fn }));
        });
        return;
      case 'fill':
        this.#access.lists.fill(at(operation.on), at(operation.from));
        return;
      case 'getItem':
      case 'setItem':
        this.#followItem(file, operation, index);
        return;
      case 'slice':
        this.#access.elements.slice(file, operation);
        return;
      case 'each': {
        const where = this.#whereOf(file, operation);
        const key = operation.key === undefined ? undefined : at(operation.key);
        flow.on(at(operation.from), (value) =>
          this.#access.elements.each(value, at(operation.to), where, key, operation.isAsync),
        );
        return;
      }
      case 'call':
        this.#followCall(file, operation);
        return;
      case 'super': {
        const owner = this.#state.classValue(file.firstClass + operation.owner);
        flow.on(at(operation.receiver), (receiver) =>
          flow.add(
            at(operation.to),
            values.of({ kind: 'super', owner, receiver, ...(operation.isOwn && { isOwn: true as const }) }),
          ),
        );
        return;
      }
      case 'instance':
        if (operation.isMade) this.#declared.make(at(operation.type), at(operation.to), file.profile);
        else if (file.profile.trustsTypes) this.#declared.declare(at(operation.type), at(operation.to));
        else {
          const isTyped = file.profile.typed !== undefined;
          if (file.profile.typed === 'traits')
            this.#declared.make(at(operation.type), at(operation.to), file.profile);
          this.#gaps.types.push({ to: at(operation.to), type: at(operation.type), isTyped });
        }
        return;
    }
  }

  #readThrough(value: Value, index: number, where: Where): void {
    const operation = where.file.facts.operations[index] as Operation & { op: 'get' };
    this.#access.get(value, operation.name, where.file.place + operation.to, where);
  }

  #followItem(file: FileState, operation: ItemOperation, index: number): void {
    const { flow } = this.#state;
    const where = this.#whereOf(file, operation);
    const holder = this.#holderOf(index, where);
    const asAny = () => flow.tell(holder, this.#anyKeyAction, index, where.number, 0);
    if (operation.key === undefined) {
      asAny();
      return;
    }
    const key = file.place + operation.key;
    flow.tell(key, this.#keyAction, index, where.number, 0);
    this.#gaps.keys.push({ key, asAny, isDone: false });
    flow.tell(holder, this.#unkeyedAction, index, where.number, 0);
  }

  /** Place of what has the elements. */
  #holderOf(index: number, { file }: Where): Place {
    const operation = file.facts.operations[index] as ItemOperation;
    return file.place + (operation.op === 'getItem' ? operation.from : operation.on);
  }

  #useItem(value: Value, key: Constant | undefined, index: number, where: Where): void {
    const operation = where.file.facts.operations[index] as ItemOperation;
    const { place } = where.file;
    const { elements } = this.#access;
    if (operation.op === 'getItem') elements.getItem(value, key, place + operation.to, where);
    else elements.setItem(value, key, place + operation.from, where);
  }

  #followCall(file: FileState, operation: Operation & { op: 'call' }): void {
    const { flow, sites } = this.#state;
    const where = this.#whereOf(file, operation);
    const callee = file.place + operation.callee;
    const to = file.place + operation.to;
    const site: CallSite = {
      number: sites.length,
      file,
      from: file.firstFunction + operation.at,
      line: operation.line,
      text: operation.text,
      implicit: operation.implicit,
      callee,
      targets: new Set(),
      isKnown: false,
      call: operation,
      ...(this.#fixtures.isGuess(callee) && { isGuess: true }),
    };
    sites.push(site);
    const args = operation.args.map((arg) => ({ ...arg, value: file.place + arg.value }));
    if (args[0]) this.#gaps.decorations.add(site, args[0].value, to);
    flow.on(callee, (value) => {
      if (operation.implicit === 'raise' && this.#state.data(value).kind !== 'class') return;
      if (operation.implicit === 'decorator' && this.#gaps.decorations.isGiven(site, value)) return;
      this.#calls.apply(site, value, args, to, where, operation.isNew);
    });
  }

  #whereOf(file: FileState, { at, line }: { readonly at: number; readonly line: number }): Where {
    return this.#state.newWhere(file, at, line);
  }
}
