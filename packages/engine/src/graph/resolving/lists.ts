/** `{a, .b = c}` given to a struct, or to an array of them: which value gets to which field. */
import type { Place } from './flow.ts';
import { anyKey, type State } from './state.ts';
import type { TypedAccess } from './typed-access.ts';
import type { Value } from './values.ts';

const maxDepth = 4;
/** Of a list of values as it is written. */
const listType = 'array';

export class Lists {
  readonly #state: State;
  readonly #typed: TypedAccess;
  /** Classes and containers, and the lists that were given to them. */
  readonly #filled = new Set<string>();

  constructor(state: State, typed: TypedAccess) {
    this.#state = state;
    this.#typed = typed;
  }

  /** Each struct or container in `on` gets what each list in `from` holds. */
  fill(on: Place, from: Place, depth = 0): void {
    if (depth > maxDepth) return;
    const { flow } = this.#state;
    flow.on(from, (list) => {
      if (this.#state.data(list).kind !== 'container') return;
      flow.on(on, (holder) => {
        const data = this.#state.data(holder);
        if (data.kind === 'instance') this.#fillStruct(holder, data.of, list, depth);
        else if (data.kind === 'container' && data.type !== listType)
          this.#fillContainer(holder, list, depth);
      });
    });
  }

  #fillStruct(holder: Value, of: Value, list: Value, depth: number): void {
    const key = `${of} ${list}`;
    if (depth > maxDepth || this.#filled.has(key)) return;
    this.#filled.add(key);
    const data = this.#state.data(of);
    const members = data.kind === 'class' ? (this.#state.classes[data.index]?.facts.members ?? []) : [];
    const fields = members.filter(([name]) => !/[(&%]/.test(name));
    this.#state.onField(list, (name, place) => {
      // An array is taken for its elements: a list in the list may be one of them.
      this.#state.flow.on(place, (inner) => {
        if (this.#state.data(inner).kind === 'container') this.#fillStruct(holder, of, inner, depth + 1);
      });
      const number = /^\[n:(\d+)\]$/.exec(name)?.[1];
      const field = number === undefined ? name : fields[Number(number)]?.[0];
      if (field === undefined || field === anyKey) return;
      const to = this.#typed.memberPlace(of, field) ?? this.#state.field(holder, field);
      this.fill(to, place, depth + 1);
      this.#state.flow.flow(place, to);
    });
  }

  #fillContainer(holder: Value, list: Value, depth: number): void {
    const key = `${holder} in ${list}`;
    if (this.#filled.has(key)) return;
    this.#filled.add(key);
    const items = this.#state.field(holder, anyKey);
    const given = this.#state.every(list);
    this.fill(items, given, depth + 1);
    this.#state.flow.flow(given, items);
  }
}
