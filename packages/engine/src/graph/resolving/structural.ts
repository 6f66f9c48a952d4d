/** Which types satisfy an interface by having its methods, as in Go: own ones and those of what they embed. */
import { addTo } from '../../model/add-to.ts';
import type { Members } from './members.ts';
import type { State } from './state.ts';
import type { Value } from './values.ts';

export class Structural {
  readonly #state: State;
  readonly #members: Members;
  readonly #known = new Map<Value, ReadonlySet<Value>>();
  /** Types that have a method, by its name. */
  readonly #holders = new Map<string, Value[]>();

  /** Made once methods and bases are known. */
  constructor(state: State, members: Members) {
    this.#state = state;
    this.#members = members;
    for (const { value, facts, file } of state.classes) {
      if (file.profile.typed !== 'structural' || facts.isInterface === true) continue;
      const names = new Set(members.order(value).flatMap((holder) => state.fieldNames(holder)));
      for (const name of names) {
        addTo(this.#holders, name, value);
      }
    }
  }

  implementers(of: Value): ReadonlySet<Value> {
    let found = this.#known.get(of);
    if (found === undefined) {
      found = new Set(this.#find(of));
      this.#known.set(of, found);
    }
    return found;
  }

  #find(of: Value): readonly Value[] {
    const wanted = this.methodsOf(of);
    const lists = [...wanted.keys()].map((name) => this.#holders.get(name) ?? []);
    const rarest = lists.sort((a, b) => a.length - b.length)[0];
    return (rarest ?? []).filter((candidate) => this.#has(candidate, wanted));
  }

  satisfies(of: Value, type: Value): boolean {
    return this.#has(of, this.methodsOf(type));
  }

  /** Methods of an interface and those it embeds, with their numbers of parameters. */
  methodsOf(type: Value): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const holder of this.#members.order(type))
      for (const name of this.#state.fieldNames(holder)) found.set(name, this.#arity(holder, name));
    return found;
  }

  #has(candidate: Value, wanted: ReadonlyMap<string, number>): boolean {
    const order = this.#members.order(candidate);
    for (const [name, arity] of wanted) {
      const holder = order.find((one) => this.#state.existingField(one, name) !== undefined);
      if (holder === undefined) return false;
      const own = this.#arity(holder, name);
      if (arity >= 0 && own !== arity) return false;
    }
    return true;
  }

  /** -1: not a method. */
  #arity(holder: Value, name: string): number {
    const place = this.#state.existingField(holder, name);
    for (const value of place === undefined ? [] : this.#state.flow.valuesAt(place)) {
      const data = this.#state.data(value);
      if (data.kind === 'function') return this.#state.functions[data.index]?.facts.parameters.length ?? -1;
    }
    return -1;
  }
}
