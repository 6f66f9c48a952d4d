/** `{a, .b = c}` given to a struct, or to an array of them: which value gets to which field. */
import type { Where } from './access.ts';
import type { Place } from './flow.ts';
import { anyKey, type State } from './state.ts';
import type { TypedAccess } from './typed-access.ts';
import type { Value } from './values.ts';

const maxDepth = 4;

export class Lists {
  readonly #state: State;
  readonly #typed: TypedAccess;

  constructor(state: State, typed: TypedAccess) {
    this.#state = state;
    this.#typed = typed;
  }

  fill(on: Place, from: Place, where: Where, depth = 0): void {
    if (depth > maxDepth) return;
    const { flow } = this.#state;
    flow.on(from, (list) => {
      if (this.#state.data(list).kind !== 'container') return;
      flow.on(on, (holder) => {
        const data = this.#state.data(holder);
        if (holder === list) return;
        if (data.kind === 'instance') this.#fillStruct(holder, data.of, list, where, depth);
        else if (data.kind === 'container') this.#fillArray(holder, list, where, depth);
      });
    });
  }

  #fillStruct(holder: Value, of: Value, list: Value, where: Where, depth: number): void {
    const data = this.#state.data(of);
    const members = data.kind === 'class' ? (this.#state.classes[data.index]?.facts.members ?? []) : [];
    const fields = members.filter(([name]) => !/[(&%]/.test(name));
    this.#state.onField(list, (name, place) => {
      const number = /^\[n:(\d+)\]$/.exec(name)?.[1];
      const field = number === undefined ? name : fields[Number(number)]?.[0];
      if (field === undefined || field === anyKey) return;
      const to = this.#typed.memberPlace(of, field) ?? this.#state.field(holder, field);
      this.fill(to, place, where, depth + 1);
      this.#state.flow.flow(place, to);
    });
  }

  #fillArray(holder: Value, list: Value, where: Where, depth: number): void {
    const items = this.#state.field(holder, anyKey);
    const given = this.#state.every(list);
    this.fill(items, given, where, depth + 1);
    this.#state.flow.flow(given, items);
  }
}
