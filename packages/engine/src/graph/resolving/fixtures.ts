/**
 * Parameters that a test runner fills by their names, as pytest does: a parameter of a test, or of a fixture, holds what the fixture of that
 * name returns or yields. Looked for in the class, the file, `conftest.py` of the folder and of those around, then among the plugins: here, all
 * other modules with fixtures. What the runner itself offers is of its package. `getfixturevalue("name")` gives the same, `usefixtures("name")`
 * runs it, and `parametrize("name", [values])` fills a parameter with classes, functions and objects. Not followed: `autouse`.
 */
import { addTo } from '../../model/add-to.ts';
import type { Constant, Operation, Var } from '../../model/code-facts.ts';
import { parentOf } from '../languages/paths.ts';
import type { FixtureRules } from '../languages/profile.ts';
import type { DeclaredTypes } from './declared-types.ts';
import type { Place } from './flow.ts';
import type { Modules } from './modules.ts';
import type { FileState, FunctionState, State } from './state.ts';
import type { Value } from './values.ts';

interface Fixture {
  readonly fn: FunctionState;
  readonly name: string;
}

interface FileFixtures {
  readonly rules: FixtureRules;
  readonly file: FileState;
  readonly fixtures: readonly Fixture[];
  /** Decorators of functions as they are written, by the number of the function in the file. */
  readonly decorators: ReadonlyMap<number, readonly string[]>;
  readonly classDecorators: ReadonlyMap<number, readonly string[]>;
  /** Calls that make a decorator of a function, with constant first arguments: `parametrize("a, b", values)`. */
  readonly makers: ReadonlyMap<number, readonly Maker[]>;
  readonly asked: readonly Asked[];
}

interface Maker {
  readonly names: readonly string[];
  readonly values: Var;
}

interface Asked {
  readonly name: string;
  readonly to: Var;
  readonly at: number;
  readonly line: number;
}

export class Fixtures {
  readonly #state: State;
  readonly #modules: Modules;
  readonly #declared: DeclaredTypes;
  /** Files with fixtures, by path. */
  readonly #byPath = new Map<string, FileFixtures>();
  /** Fixtures of plugins, by name. */
  readonly #plugins = new Map<string, Fixture[]>();
  /** All fixtures, by the number of their function. */
  readonly #all = new Map<number, Fixture>();
  /** Places that hold what a fixture gave, or what was read from it. */
  readonly #derived = new Set<Place>();

  constructor(state: State, modules: Modules, declared: DeclaredTypes) {
    this.#state = state;
    this.#modules = modules;
    this.#declared = declared;
  }

  /** Whether it is known by the name of a parameter alone what the place holds. */
  isGuess(place: Place): boolean {
    return this.#derived.has(place);
  }

  fill(): void {
    const found = this.#state.files.flatMap((file) => readFixtures(this.#state, file) ?? []);
    for (const one of found) {
      for (const fixture of one.fixtures) this.#all.set(fixture.fn.index, fixture);
      if (one.fixtures.length > 0) this.#byPath.set(one.file.path, one);
      if (one.file.path.endsWith(one.rules.shared) || one.rules.testFile.test(one.file.path)) continue;
      for (const fixture of one.fixtures)
        if (fixture.fn.facts.owner < 0) addTo(this.#plugins, fixture.name, fixture);
    }
    for (const one of found) this.#fillFile(one);
  }

  #fillFile(one: FileFixtures): void {
    const { rules, file, decorators } = one;
    const filled = new Set<Var>();
    const withDefault = new Set<Var>();
    for (const made of file.facts.operations) if (made.op === 'copy') withDefault.add(made.to);
    for (const [at, facts] of file.facts.functions.entries()) {
      const fn = this.#state.functions[file.firstFunction + at] as FunctionState;
      const own = this.#all.get(fn.index);
      const name = facts.path.slice(facts.path.lastIndexOf('.') + 1);
      if (own === undefined && !rules.test.test(name)) continue;
      const given = new Set(
        (decorators.get(at) ?? []).flatMap((text) => rules.given.exec(text)?.[1]?.split(/\W+/) ?? []),
      );
      for (const maker of one.makers.get(at) ?? [])
        for (const variable of this.#fillGiven(fn, maker)) filled.add(variable);
      for (const used of usedIn(one, at, facts.owner)) this.#run(rules, fn, own, used, facts.start);
      for (const [position, parameter] of facts.parameters.entries()) {
        if (position === 0 && facts.owner >= 0) continue;
        if (parameter.rest !== undefined || withDefault.has(parameter.value) || given.has(parameter.name))
          continue;
        this.#fillParameter(rules, fn, own, parameter.name, file.place + parameter.value);
        filled.add(parameter.value);
      }
    }
    for (const { name, to, at, line } of one.asked) {
      const fn = this.#state.functions[file.firstFunction + at] as FunctionState;
      this.#run(rules, fn, this.#all.get(fn.index), name, line, file.place + to);
      filled.add(to);
    }
    if (filled.size > 0) this.#derive(file, filled);
  }

  /** The values of `parametrize`, as far as something can be called on them. Gives the parameters that have some. */
  #fillGiven({ file, facts }: FunctionState, { names, values }: Maker): Var[] {
    const { flow } = this.#state;
    const found = names.map((name) => facts.parameters.find((parameter) => parameter.name === name)?.value);
    const isObject = (value: Value) =>
      /^(class|function|instance|bound|module)$/.test(this.#state.data(value).kind);
    const fill = (from: Place, to: Var | undefined) => {
      if (to === undefined) return;
      flow.on(from, (value) => {
        if (isObject(value)) flow.add(file.place + to, value);
      });
    };
    const [only] = found;
    flow.on(file.place + values, (list) => {
      if (this.#state.data(list).kind !== 'container') return;
      if (found.length === 1) fill(this.#state.every(list), only);
      else
        flow.on(this.#state.every(list), (row) => {
          if (this.#state.data(row).kind !== 'container') return;
          for (const [i, to] of found.entries()) fill(this.#state.field(row, `[n:${i}]`), to);
        });
    });
    return found.filter((to) => to !== undefined);
  }

  /** The fixture of the name runs there, and gives its value to a place. False: there is none. */
  #run(
    rules: FixtureRules,
    fn: FunctionState,
    own: Fixture | undefined,
    name: string,
    line: number,
    to?: Place,
  ): boolean {
    return this.#candidates(rules, fn, own, name, (fixture) => {
      const { file, facts } = fixture.fn;
      if (to !== undefined) this.#state.flow.flow(file.place + (facts.yields ?? facts.result), to);
      const site = this.#state.implicitSite(fn.file, fn.index - fn.file.firstFunction, line, name);
      site.isGuess = true;
      site.targets.add(fixture.fn.index);
    });
  }

  #fillParameter(
    rules: FixtureRules,
    fn: FunctionState,
    own: Fixture | undefined,
    name: string,
    to: Place,
  ): void {
    const isFound = this.#run(rules, fn, own, name, fn.facts.start, to);
    const offered = isFound ? undefined : rules.offered.get(name);
    if (offered === undefined) return;
    const type = this.#state.flow.place();
    this.#modules.import(fn.file.number, offered[0], offered[1], type);
    this.#declared.declare(type, to);
  }

  /** Tells of the fixtures that the name means there. False: of none. */
  #candidates(
    rules: FixtureRules,
    fn: FunctionState,
    own: Fixture | undefined,
    name: string,
    tell: (fixture: Fixture) => void,
  ): boolean {
    // A fixture that asks for its own name means the one that it stands before.
    const isOwn = own?.name === name;
    const inFile = (path: string, owner: number): boolean => {
      const all = this.#byPath.get(path)?.fixtures ?? [];
      const some = all.filter((one) => one.name === name && one.fn.facts.owner === owner && one.fn !== fn);
      for (const fixture of some) tell(fixture);
      return some.length > 0;
    };
    if (fn.facts.owner >= 0 && inFile(fn.file.path, fn.facts.owner)) return true;
    if (!(isOwn && fn.facts.owner < 0)) {
      if (inFile(fn.file.path, -1)) return true;
      this.#imported(fn.file, name, tell);
    }
    for (let folder = parentOf(fn.file.path); ; folder = parentOf(folder)) {
      const path = folder === '' ? rules.shared : `${folder}/${rules.shared}`;
      if (path !== fn.file.path && inFile(path, -1)) return true;
      const shared = path === fn.file.path ? undefined : this.#byPath.get(path)?.file;
      if (shared !== undefined) this.#imported(shared, name, tell);
      if (folder === '') break;
    }
    const plugins = (this.#plugins.get(name) ?? []).filter((one) => one.fn !== fn);
    for (const fixture of plugins) tell(fixture);
    return plugins.length > 0;
  }

  /** A fixture that the file has by importing it. */
  #imported(file: FileState, name: string, tell: (fixture: Fixture) => void): void {
    const place = file.exports.get(name);
    if (place === undefined) return;
    this.#state.flow.on(place, (value) => {
      const data = this.#state.data(value);
      const fixture = data.kind === 'function' ? this.#all.get(data.index) : undefined;
      if (fixture !== undefined && fixture.fn.file !== file) tell(fixture);
    });
  }

  /** Operations stand in the order in which values are made. */
  #derive(file: FileState, derived: Set<Var>): void {
    for (const one of file.facts.operations)
      if ((one.op === 'copy' || one.op === 'get' || one.op === 'getItem') && derived.has(one.from))
        derived.add(one.to);
      else if (one.op === 'call' && derived.has(one.callee)) derived.add(one.to);
    for (const variable of derived) this.#derived.add(file.place + variable);
  }
}

/** Names of fixtures that the function or its class says it uses. */
function usedIn({ rules, decorators, classDecorators }: FileFixtures, at: number, owner: number): string[] {
  const texts = [...(decorators.get(at) ?? []), ...(classDecorators.get(owner) ?? [])];
  return texts.flatMap((text) => rules.used.exec(text)?.[1]?.match(/\w+/g) ?? []);
}

/** undefined: the language has no such tests. */
function readFixtures(state: State, file: FileState): FileFixtures | undefined {
  const rules = file.profile.fixtures;
  if (rules === undefined) return undefined;
  const read = new FixtureReader(rules);
  for (const operation of file.facts.operations) read.operation(operation);
  const fixtures = read.fixtures.map(({ at, named }) => {
    const fn = state.functions[file.firstFunction + at] as FunctionState;
    const { path } = fn.facts;
    return { fn, name: named ?? path.slice(path.lastIndexOf('.') + 1) };
  });
  const { decorators, classDecorators, makers, asked } = read;
  return { rules, file, fixtures, decorators, classDecorators, makers, asked };
}

/** Operations stand in the order in which values are made: a decorator before what it decorates is given on. */
class FixtureReader {
  readonly fixtures: { readonly at: number; readonly named: string | undefined }[] = [];
  readonly decorators = new Map<number, string[]>();
  readonly classDecorators = new Map<number, string[]>();
  readonly makers = new Map<number, Maker[]>();
  readonly asked: Asked[] = [];
  readonly #rules: FixtureRules;
  readonly #functions = new Map<Var, number>();
  readonly #classes = new Map<Var, number>();
  readonly #constants = new Map<Var, Constant>();
  readonly #names = new Map<Var, Var>();
  readonly #made = new Map<Var, Maker>();

  constructor(rules: FixtureRules) {
    this.#rules = rules;
  }

  operation(one: Operation): void {
    if (one.op === 'function') this.#functions.set(one.to, one.index);
    else if (one.op === 'class') this.#classes.set(one.to, one.index);
    else if (one.op === 'constant') this.#constants.set(one.to, one.value);
    else if (one.op !== 'call') return;
    else if (one.implicit === 'decorator') this.#decorator(one);
    else this.#call(one);
  }

  #call({ to, args, text, at, line }: Call): void {
    const name = args.find((arg) => arg.name === 'name');
    if (name !== undefined) this.#names.set(to, name.value);
    const first = this.#constants.get(args[0]?.value ?? -1);
    if (typeof first !== 'string') return;
    if (this.#rules.asked.test(text)) this.asked.push({ name: first, to, at, line });
    const values = args[1]?.value;
    if (values !== undefined) this.#made.set(to, { names: first.match(/\w+/g) ?? [], values });
  }

  #decorator({ to, args, text, callee }: Call): void {
    const given = args[0]?.value ?? -1;
    const cls = this.#classes.get(given);
    if (cls !== undefined) {
      this.#classes.set(to, cls);
      addTo(this.classDecorators, cls, text);
    }
    const at = this.#functions.get(given);
    if (at === undefined) return;
    this.#functions.set(to, at);
    addTo(this.decorators, at, text);
    const maker = this.#rules.given.test(text) ? this.#made.get(callee) : undefined;
    if (maker !== undefined) addTo(this.makers, at, maker);
    if (!this.#rules.decorator.test(text)) return;
    const named = this.#constants.get(this.#names.get(callee) ?? -1);
    this.fixtures.push({ at, named: typeof named === 'string' ? named : undefined });
  }
}

type Call = Extract<Operation, { readonly op: 'call' }>;
