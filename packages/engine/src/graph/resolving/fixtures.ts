/**
 * Parameters that a test runner fills by their names, as pytest does: a parameter of a test, or of a fixture, holds what the fixture of that
 * name returns or yields. Looked for in the class, the file, `conftest.py` of the folder and of those around, then among the plugins: here, all
 * other modules with fixtures. What the runner itself offers is of its package. Not followed: `getfixturevalue`, `usefixtures`, `autouse`.
 */
import type { Constant, Operation, Var } from '../../model/code-facts.ts';
import { parentOf } from '../languages/paths.ts';
import type { FixtureRules } from '../languages/profile.ts';
import type { DeclaredTypes } from './declared-types.ts';
import type { Place } from './flow.ts';
import type { Modules } from './modules.ts';
import type { FileState, FunctionState, State } from './state.ts';

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

  #fillFile({ rules, file, decorators }: FileFixtures): void {
    const filled = new Set<Var>();
    const withDefault = new Set<Var>();
    for (const one of file.facts.operations) if (one.op === 'copy') withDefault.add(one.to);
    for (const [at, facts] of file.facts.functions.entries()) {
      const fn = this.#state.functions[file.firstFunction + at] as FunctionState;
      const own = this.#all.get(fn.index);
      const name = facts.path.slice(facts.path.lastIndexOf('.') + 1);
      if (own === undefined && !rules.test.test(name)) continue;
      const given = new Set(
        (decorators.get(at) ?? []).flatMap((text) => rules.given.exec(text)?.[1]?.split(/\W+/) ?? []),
      );
      for (const [position, parameter] of facts.parameters.entries()) {
        if (position === 0 && facts.owner >= 0) continue;
        if (parameter.rest !== undefined || withDefault.has(parameter.value) || given.has(parameter.name))
          continue;
        this.#fillParameter(rules, fn, own, parameter.name, file.place + parameter.value);
        filled.add(parameter.value);
      }
    }
    if (filled.size > 0) this.#derive(file, filled);
  }

  #fillParameter(
    rules: FixtureRules,
    fn: FunctionState,
    own: Fixture | undefined,
    name: string,
    to: Place,
  ): void {
    const isFound = this.#candidates(rules, fn, own, name, (fixture) => {
      const { file, facts } = fixture.fn;
      this.#state.flow.flow(file.place + (facts.yields ?? facts.result), to);
      const site = this.#state.implicitSite(fn.file, fn.index - fn.file.firstFunction, fn.facts.start, name);
      site.isGuess = true;
      site.targets.add(fixture.fn.index);
    });
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

/** undefined: the language has no such tests. */
function readFixtures(state: State, file: FileState): FileFixtures | undefined {
  const rules = file.profile.fixtures;
  if (rules === undefined) return undefined;
  const functions = new Map<Var, number>();
  const constants = new Map<Var, Constant>();
  const names = new Map<Var, Var>();
  const decorators = new Map<number, string[]>();
  const fixtures: Fixture[] = [];
  const read = (one: Operation) => {
    if (one.op === 'function') functions.set(one.to, one.index);
    else if (one.op === 'constant') constants.set(one.to, one.value);
    else if (one.op !== 'call') return;
    else if (one.implicit !== 'decorator') {
      const name = one.args.find((arg) => arg.name === 'name');
      if (name !== undefined) names.set(one.to, name.value);
    } else {
      const at = functions.get(one.args[0]?.value ?? -1);
      if (at === undefined) return;
      functions.set(one.to, at);
      addTo(decorators, at, one.text);
      if (!rules.decorator.test(one.text)) return;
      const fn = state.functions[file.firstFunction + at] as FunctionState;
      const named = constants.get(names.get(one.callee) ?? -1);
      const { path } = fn.facts;
      fixtures.push({ fn, name: typeof named === 'string' ? named : path.slice(path.lastIndexOf('.') + 1) });
    }
  };
  for (const operation of file.facts.operations) read(operation);
  return { rules, file, fixtures, decorators };
}

function addTo<Key, Value>(table: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = table.get(key);
  if (list === undefined) table.set(key, [value]);
  else list.push(value);
}
