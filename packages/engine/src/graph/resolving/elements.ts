/** What reading and writing elements, and running over them, does, by the kind of value. */
import type { Constant, Operation } from '../../model/code-facts.ts';
import type { Access } from './access.ts';
import type { Place } from './flow.ts';
import { anyKey, type FileState, type State, type Where } from './state.ts';
import type { TypedAccess } from './typed-access.ts';
import type { Value } from './values.ts';

export class Elements {
  readonly #state: State;
  readonly #access: Access;
  readonly #typed: TypedAccess;
  readonly #bindAction: number;
  /** The same for an element that may be any. */
  readonly #bindAnyAction: number;

  constructor(state: State, access: Access, typed: TypedAccess) {
    this.#state = state;
    this.#access = access;
    this.#typed = typed;
    this.#bindAction = state.flow.action((found, holder, to, where) =>
      this.#bindElement(found, holder, to, state.where(where)),
    );
    this.#bindAnyAction = state.flow.action((found, holder, to, where) =>
      access.bind(found, holder, to, state.where(where), true),
    );
  }

  /** The field of a constant key. */
  keyName(key: Constant, where: Where): string {
    if (typeof key === 'number') return `[n:${key}]`;
    return where.file.profile.keysAreNames ? key : `[s:${key}]`;
  }

  getItem(value: Value, key: Constant | undefined, to: Place, where: Where): void {
    const { flow } = this.#state;
    const data = this.#state.data(value);
    switch (data.kind) {
      case 'container': {
        if (key === undefined) {
          if (where.file.profile.keysAreNames)
            flow.tell(this.#state.everyMember(value), this.#bindAnyAction, value, to, where.number);
          else flow.flow(this.#state.every(value), to);
          return;
        }
        const name = this.keyName(key, where);
        for (const field of [name, anyKey])
          flow.tell(this.#state.field(value, field), this.#bindAction, value, to, where.number);
        return;
      }
      case 'external':
      case 'class':
      case 'builtin':
        // `List[int]`: the type with its arguments is the type.
        if (where.file.profile.keysAreNames && typeof key === 'string')
          this.#access.get(value, key, to, where);
        else flow.add(to, value);
        return;
      case 'instance':
        if (where.file.profile.typed === 'structural') {
          this.#typed.items(value, key, to, where);
          return;
        }
        if (where.file.profile.typed === 'traits') {
          this.#access.traits.index(value, key !== undefined, to, where);
          return;
        }
        if (where.file.profile.typed === 'nominal' && typeof key === 'number') {
          const component = this.#typed.component(data.of, key);
          if (component !== undefined) flow.flow(component, to);
          return;
        }
        if (where.file.profile.keysAreNames) {
          this.#access.get(value, key === undefined ? anyKey : this.keyName(key, where), to, where);
          return;
        }
        this.#access.callMethod(value, '__getitem__', to, where);
        return;
      case 'many':
        flow.add(to, value);
        return;
      case 'function':
      case 'module':
      case 'bound':
        // A generic function with its types.
        if (where.file.profile.typed) flow.add(to, value);
        if (where.file.profile.keysAreNames && typeof key === 'string')
          this.#access.get(value, key, to, where);
        return;
      default:
        return;
    }
  }

  #bindElement(found: Value, holder: Value, to: Place, where: Where): void {
    if (where.file.profile.keysAreNames) this.#access.bind(found, holder, to, where);
    else this.#state.flow.add(to, found);
  }

  setItem(value: Value, key: Constant | undefined, from: Place, where: Where): void {
    const data = this.#state.data(value);
    const name = key === undefined ? anyKey : this.keyName(key, where);
    if (data.kind === 'container') this.#state.flow.flow(from, this.#state.field(value, name));
    else if (data.kind === 'instance' && where.file.profile.typed === 'structural')
      this.#state.flow.flow(from, this.#typed.itemPlace(value, data.of, key, name));
    else if (where.file.profile.keysAreNames && key !== undefined) this.#access.set(value, name, from, where);
    else if (data.kind === 'instance' && !where.file.profile.keysAreNames)
      this.#access.callMethod(value, '__setitem__', undefined, where);
  }

  /** Each element of what a loop runs over. `key`: place of the first of two names. */
  each(value: Value, to: Place, where: Where, key?: Place, isAsync = false): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(value);
    switch (data.kind) {
      case 'container':
        if (data.type === 'dict') {
          this.#state.onField(value, (name) => {
            if (name.startsWith('[s:'))
              flow.add(to, values.of({ kind: 'constant', value: name.slice(3, -1) }));
          });
          return;
        }
        // A channel has no keys: its elements go to the first name.
        flow.flow(this.#state.every(value), data.type === 'chan' ? (key ?? to) : to);
        return;
      case 'function':
      case 'bound':
        if (where.file.profile.typed === 'structural') this.#typed.rangeOver(value, key ?? to, to, where);
        return;
      case 'generator': {
        const { file, facts } = this.#state.functions[data.fn] as State['functions'][number];
        if (facts.yields !== undefined) flow.flow(file.place + facts.yields, to);
        return;
      }
      case 'external':
      case 'many':
        flow.add(to, value);
        return;
      case 'instance': {
        if (where.file.profile.typed === 'structural') {
          this.#typed.items(value, undefined, to, where);
          return;
        }
        if (where.file.profile.typed === 'traits') {
          this.#access.traits.iterate(value, to, where);
          return;
        }
        const iterator = flow.place();
        const isScript = where.file.profile.keysAreNames;
        const [first, next] = isScript
          ? ['[Symbol.iterator]', 'next']
          : isAsync
            ? ['__aiter__', '__anext__']
            : ['__iter__', '__next__'];
        this.#access.callMethod(value, first as string, iterator, where);
        flow.on(iterator, (made) => {
          if (this.#state.data(made).kind !== 'instance') this.each(made, to, where, undefined, isAsync);
          else this.#access.callMethod(made, next as string, to, where);
        });
        return;
      }
      default:
        return;
    }
  }

  /** A copy of the elements from a number on. */
  slice(file: FileState, operation: Operation & { op: 'slice' }): void {
    const { flow, values } = this.#state;
    const made = values.of({ kind: 'container', type: 'list', place: `${file.number} ${operation.to}` });
    flow.on(file.place + operation.from, (value) => {
      const data = this.#state.data(value);
      if (data.kind !== 'container') {
        if (data.kind !== 'instance') flow.add(file.place + operation.to, value);
        return;
      }
      flow.add(file.place + operation.to, made);
      if (value === made) return;
      if (operation.start < 0) {
        flow.flow(this.#state.every(value), this.#state.field(made, anyKey));
        return;
      }
      this.#state.onField(value, (name, place) => {
        if (name === anyKey) flow.flow(place, this.#state.field(made, anyKey));
        const number = /^\[n:(\d+)\]$/.exec(name)?.[1];
        const to = number === undefined ? -1 : Number(number) - operation.start;
        if (to >= 0) flow.flow(place, this.#state.field(made, `[n:${to}]`));
      });
    });
  }
}
