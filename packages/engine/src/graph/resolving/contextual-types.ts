/**
 * Contextual types: what a declared type of functions says of their parameters holds for a function that is put there and says nothing itself,
 * as `on(event, (e) => …)` does where `on` is declared with `(e: Event) => void`. Also inside objects and lists whose elements are declared.
 * Only parameters of which nothing is known after all else has settled; of scripts alone, where types are trusted.
 */
import { addTo } from '../../model/add-to.ts';
import type { Place } from './flow.ts';
import type { Members } from './members.ts';
import { anyKey, type FunctionState, type FunctionType, type State } from './state.ts';
import type { Value } from './values.ts';

/** Of what a place holds; more says that everything passes through. */
const maxValues = 128;
/** More types at one place are what passes through it. */
const maxTypes = 16;
/** `{ a: { b: [f] } }` */
const maxDepth = 4;

const none: readonly Value[] = [];

interface Element {
  readonly name: string;
  readonly values: readonly Value[];
}

interface Call {
  readonly callee: Place;
  /** undefined: one that may be several. */
  readonly args: readonly (Place | undefined)[];
}

export class ContextualTypes {
  readonly #state: State;
  readonly #members: Members;
  /** Places that are declared to be of a type, with those of their types. */
  #declared: ReadonlyMap<Place, readonly Place[]> | undefined;
  readonly #calls: Call[] = [];
  /** What one round has looked at: what holds elements, by the type that says what these are. */
  readonly #met = new Set<string>();
  readonly #elements = new Map<Value, readonly Element[]>();
  readonly #types = new Map<Place, readonly Value[]>();
  readonly #told = new Set<string>();
  /** From the parameter of a type to that of a function. */
  #found: { readonly from: Place; readonly to: Place }[] = [];

  constructor(state: State, members: Members) {
    this.#state = state;
    this.#members = members;
  }

  /** False: nothing was learned. */
  fill(): boolean {
    const { flow } = this.#state;
    this.#declared ??= this.#declarations();
    this.#met.clear();
    this.#elements.clear();
    this.#types.clear();
    this.#found = [];
    for (const [place, types] of this.#declared) this.#look(place, types);
    for (const call of this.#calls) this.#lookAtCall(call);
    for (const { from, to } of this.#found) flow.flow(from, to);
    return this.#found.length > 0;
  }

  #declarations(): ReadonlyMap<Place, readonly Place[]> {
    const found = new Map<Place, Place[]>();
    for (const { profile, place, facts } of this.#state.files) {
      if (!profile.keysAreNames) continue;
      for (const one of facts.operations) {
        if (one.op === 'instance') addTo(found, place + one.to, place + one.type);
        else if (one.op === 'call' && one.implicit === undefined && one.args.length > 0)
          this.#calls.push({
            callee: place + one.callee,
            args: one.args.map(({ value, spread }) => (spread === undefined ? place + value : undefined)),
          });
      }
    }
    return found;
  }

  /** What is handed over, by each call on its own: of all that a parameter gets there may be too much. */
  #lookAtCall({ callee, args }: Call): void {
    const given = args.map((arg) => (arg === undefined ? none : this.#functionsIn(this.#valuesAt(arg))));
    if (!given.some((values) => values.length > 0)) return;
    const callees = this.#valuesAt(callee);
    if (callees.length > maxTypes) return;
    for (const value of callees) {
      const parameters = this.#parametersOf(value, 0);
      for (const [at, values] of given.entries()) {
        const types = values.length === 0 ? undefined : this.#declared?.get(parameters[at] ?? -1);
        for (const type of types ?? []) this.#match(values, this.#typesIn(type), 0);
      }
    }
  }

  /** Of what is called, as far as they take an argument each. */
  #parametersOf(callee: Value, depth: number): readonly Place[] {
    const data = this.#state.data(callee);
    switch (data.kind) {
      case 'functionType':
        return this.#state.functionTypes[data.index]?.parameters ?? [];
      case 'function':
        return typeOf(this.#state.functions[data.index] as FunctionState).parameters;
      case 'bound':
        return this.#parametersOf(data.fn, depth);
      case 'instance':
      case 'class': {
        const name = data.kind === 'class' ? 'constructor' : '__call__';
        const [fn] = this.#typesAt(this.#members.order(data.kind === 'class' ? callee : data.of), name);
        return fn === undefined || depth > 0 ? [] : this.#parametersOf(fn, depth + 1);
      }
      default:
        return [];
    }
  }

  #look(place: Place, types: readonly Place[]): void {
    const values = this.#functionsIn(this.#valuesAt(place));
    if (values.length > 0)
      this.#match(
        values,
        types.flatMap((type) => this.#typesIn(type)),
        0,
      );
  }

  #valuesAt(place: Place): readonly Value[] {
    const size = this.#state.flow.size(place);
    return size === 0 || size > maxValues ? none : this.#state.flow.valuesAt(place);
  }

  /** Functions with a body, and what may hold some. */
  #functionsIn(values: readonly Value[]): readonly Value[] {
    return values.filter((value) => {
      const data = this.#state.data(value);
      if (data.kind === 'function') return this.#state.functions[data.index]?.facts.signature !== true;
      return data.kind === 'container';
    });
  }

  #match(values: readonly Value[], types: readonly Value[], depth: number): void {
    for (const type of types) {
      const said = this.#functionType(type);
      for (const value of values) {
        const data = this.#state.data(value);
        if (data.kind === 'function') {
          if (said !== undefined) this.#give(said, this.#state.functions[data.index] as FunctionState);
        } else if (said === undefined && depth < maxDepth && value !== type)
          this.#matchElements(value, type, depth + 1);
      }
    }
  }

  /** Whether a type may say something of what stands in a value. Of what stands in one, only what is no more than declared. */
  #isHolder(type: Value): boolean {
    const data = this.#state.data(type);
    const of = data.kind === 'instance' ? this.#state.data(data.of) : data;
    if (data.kind === 'instance')
      return of.kind === 'class' && this.#state.classes[of.index]?.facts.isInterface === true;
    return data.kind === 'container' || data.kind === 'class';
  }

  /** What a type, or the declaration of a method, says of functions. */
  #functionType(type: Value): FunctionType | undefined {
    const data = this.#state.data(type);
    if (data.kind === 'functionType') return this.#state.functionTypes[data.index];
    const fn = data.kind === 'function' ? this.#state.functions[data.index] : undefined;
    return fn?.facts.signature === true ? typeOf(fn) : undefined;
  }

  /** What a container holds with what another, or a class, says of what stands there. */
  #matchElements(holder: Value, type: Value, depth: number): void {
    const elements = this.#elementsOf(holder);
    if (elements.length === 0) return;
    const key = `${holder} ${type}`;
    if (this.#met.has(key)) return;
    this.#met.add(key);
    const data = this.#state.data(type);
    const of = data.kind === 'instance' ? data.of : type;
    const owners = data.kind === 'container' ? [type] : this.#members.order(of);
    for (const { name, values } of elements) this.#match(values, this.#typesAt(owners, name), depth);
  }

  /** Fields with something to tell types to. */
  #elementsOf(holder: Value): readonly Element[] {
    let elements = this.#elements.get(holder);
    if (elements === undefined) {
      elements = this.#state.fieldNames(holder).flatMap((name) => {
        const place = this.#state.existingField(holder, name) as Place;
        const values = this.#functionsIn(this.#valuesAt(place));
        return values.length === 0 ? [] : [{ name, values }];
      });
      this.#elements.set(holder, elements);
    }
    return elements;
  }

  #typesAt(owners: readonly Value[], name: string): readonly Value[] {
    for (const key of [name, anyKey])
      for (const owner of owners) {
        const place = this.#state.existingField(owner, key);
        if (place !== undefined) return this.#typesIn(place);
      }
    return none;
  }

  #typesIn(place: Place): readonly Value[] {
    let types = this.#types.get(place);
    if (types === undefined) {
      types = this.#valuesAt(place).filter(
        (type) => this.#functionType(type) !== undefined || this.#isHolder(type),
      );
      if (types.length > maxTypes) types = none;
      this.#types.set(place, types);
    }
    return types;
  }

  #give(type: FunctionType, { file, facts }: FunctionState): void {
    const { flow } = this.#state;
    for (const [at, { value, rest }] of facts.parameters.entries()) {
      const from = type.parameters[at];
      const to = file.place + value;
      if (from === undefined || rest !== undefined) return;
      if (flow.size(from) === 0 || !isUntold(this.#state, to) || this.#told.has(`${from} ${to}`)) continue;
      this.#told.add(`${from} ${to}`);
      this.#found.push({ from, to });
    }
  }
}

/** What a declared method says, as a type of functions. */
function typeOf({ file, facts }: FunctionState): FunctionType {
  return {
    parameters: facts.parameters
      .filter(({ rest }) => rest === undefined)
      .map(({ value }) => file.place + value),
    result: file.place + facts.result,
  };
}

/** Nothing is known that the place holds, but perhaps that it is a function. */
export function isUntold({ flow, values }: State, place: Place): boolean {
  return (
    flow.size(place) < maxValues &&
    flow.valuesAt(place).every((value) => /^(many|functionType)$/.test(values.data(value).kind))
  );
}
