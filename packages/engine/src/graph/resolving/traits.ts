/**
 * Reads of a language in which members are added to types from outside and wrappers stand for what they hold, as in Rust: any type, also of
 * the language, may have methods of the workspace; what it has not is the wrapper's own.
 */
import type { Access } from './access.ts';
import type { Place } from './flow.ts';
import type { Members } from './members.ts';
import { anyKey, type State, type Where } from './state.ts';
import type { Value } from './values.ts';

export class Traits {
  readonly #state: State;
  readonly #members: Members;
  readonly #access: Access;

  constructor(state: State, members: Members, access: Access) {
    this.#state = state;
    this.#members = members;
    this.#access = access;
  }

  /** The type of a value: of a container or text, a type of the language. */
  typeOf(value: Value): Value {
    const { values } = this.#state;
    const data = this.#state.data(value);
    if (data.kind === 'instance') return data.of;
    if (data.kind === 'builtinValue' || data.kind === 'container')
      return values.of({ kind: 'builtin', name: data.type });
    return data.kind === 'constant' ? values.of({ kind: 'builtin', name: 'str' }) : value;
  }

  /** False: the value reads as in other languages. */
  get(value: Value, name: string, to: Place, where: Where): boolean {
    const { kind } = this.#state.data(value);
    if (kind === 'class') return this.#getFromType(value, name, to, where);
    if (kind === 'instance' && this.#getHeld(value, name, to, where)) return true;
    if (kind === 'container' && name.startsWith('.')) this.#getPart(value, name, to);
    else if (kind === 'container' || kind === 'builtinValue' || kind === 'constant')
      this.#getWrapped(value, name, to, where);
    else return false;
    return true;
  }

  /** Of a value that is no container: itself, or a method of the wrapper that it may be in. */
  #getHeld(value: Value, name: string, to: Place, where: Where): boolean {
    const { flow, values } = this.#state;
    if (name === '.*') flow.add(to, value);
    else if (where.file.profile.wrapperMethods?.has(name) && !this.#members.has(this.typeOf(value), name))
      flow.add(to, values.of({ kind: 'containerMethod', of: value, name }));
    else return false;
    return true;
  }

  /** `Foo::default` that nobody writes; otherwise also what a module in place takes from others. */
  #getFromType(value: Value, name: string, to: Place, where: Where): boolean {
    const { flow, values } = this.#state;
    if (where.file.profile.madeBy?.has(name) && !this.#members.has(value, name)) {
      flow.add(to, values.of({ kind: 'containerMethod', of: value, name }));
      return true;
    }
    this.#access.modules.globs?.look(value, name, to);
    return false;
  }

  /** A method that the workspace gives a type of the language, or what that has itself. */
  #getWrapped(value: Value, name: string, to: Place, where: Where): void {
    const type = this.typeOf(value);
    if (this.#members.has(type, name))
      this.#access.bindAll(this.#access.classMember(type, name), value, to, where);
    else if (!this.#getHeld(value, name, to, where) && !name.startsWith('.'))
      this.#access.addOutside(type, name, to);
  }

  /** `.*`: what is held; `.0`: a part of a tuple. */
  #getPart(value: Value, name: string, to: Place): void {
    const { flow } = this.#state;
    const number = name.slice(1);
    if (name === '.*') flow.flow(this.#state.every(value), to);
    else if (/^\d+$/.test(number))
      for (const field of [`[n:${number}]`, anyKey]) flow.flow(this.#state.field(value, field), to);
    else flow.flow(this.#state.field(value, name), to);
  }

  /** An element of an instance: by its operator, or what it stands for. */
  index(value: Value, isPart: boolean, to: Place, where: Where): void {
    if (!isPart && this.#members.has(this.typeOf(value), 'index'))
      this.#access.callMethod(value, 'index', to, where);
    else this.#state.flow.add(to, value);
  }

  /** Elements of an instance with an iterator of the workspace; any other stands for what it holds. */
  iterate(value: Value, to: Place, where: Where): void {
    const { flow } = this.#state;
    const of = this.typeOf(value);
    const begin = ['into_iter', 'iter'].find((name) => this.#members.has(of, name));
    if (this.#members.has(of, 'next')) {
      const next = flow.place();
      this.#access.callMethod(value, 'next', next, where);
      flow.on(next, (held) => this.#access.get(held, '.*', to, where));
    } else if (begin !== undefined) {
      const iterator = flow.place();
      this.#access.callMethod(value, begin, iterator, where);
      flow.on(iterator, (made) => made !== value && this.#access.elements.each(made, to, where));
    } else flow.add(to, value);
  }
}
