/** Names that a module has from others by `use a::*`, where what `a` is shows only as values flow: a file, a module in place, an enum. */
import { addTo } from '../../model/add-to.ts';
import type { Place } from './flow.ts';
import type { Members } from './members.ts';
import type { State } from './state.ts';
import type { Value } from './values.ts';

export class Globs {
  readonly #state: State;
  readonly #members: Members;
  readonly #stars = new Map<Value, Place[]>();
  readonly #found = new Map<Value, Map<string, Place>>();
  /** Gives a name of the module of a file. */
  readonly #ofFile: (file: number, name: string, to: Place) => void;

  constructor(state: State, members: Members, ofFile: (file: number, name: string, to: Place) => void) {
    this.#state = state;
    this.#members = members;
    this.#ofFile = ofFile;
  }

  /** All names of what is in `from` are names of `holder`: a module or a class. */
  add(holder: Value, from: Place): void {
    addTo(this.#stars, holder, from);
    for (const [name, place] of this.#found.get(holder) ?? []) this.#fill(holder, from, name, place);
  }

  /** A name that the holder does not define. */
  look(holder: Value, name: string, to: Place): void {
    let names = this.#found.get(holder);
    if (names === undefined) {
      names = new Map();
      this.#found.set(holder, names);
    }
    let place = names.get(name);
    if (place === undefined) {
      place = this.#state.flow.place();
      names.set(name, place);
      for (const from of this.#stars.get(holder) ?? []) this.#fill(holder, from, name, place);
    }
    this.#state.flow.flow(place, to);
  }

  #fill(holder: Value, from: Place, name: string, to: Place): void {
    const { flow } = this.#state;
    flow.on(from, (value) => {
      if (value === holder) return;
      const data = this.#state.data(value);
      if (data.kind === 'module') this.#ofFile(data.file, name, to);
      else if (data.kind === 'class') {
        if (this.#state.existingField(value, name) === undefined) this.look(value, name, to);
        this.#members.look(value, name, (member) => {
          if ('place' in member) flow.flow(member.place, to);
        });
      }
    });
  }
}
