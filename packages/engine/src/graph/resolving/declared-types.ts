/** What a value of a declared type can be. */

import type { Profile } from '../languages/profile.ts';
import type { Place } from './flow.ts';
import type { State } from './state.ts';
import type { Value } from './values.ts';

/** Declared types that do not say what a value is. */
const saysNothing = new Set(
  '%parameter any unknown object never void undefined null boolean symbol Function'.split(' '),
);

/** Forms of annotations that are no type of their own. */
const forms =
  /^typing(_extensions)?\.(Any|Self|Callable|Type|TypeVar|ParamSpec|Generic|Protocol|Union|Optional)$/;

export class DeclaredTypes {
  readonly #state: State;
  readonly #declareAction: number;

  constructor(state: State) {
    this.#state = state;
    this.#declareAction = state.flow.action((type, to, isTyped) => this.#promise(type, to, isTyped === 1));
  }

  /** A value of exactly this type; an interface has none. */
  make(type: Place, to: Place, { types }: Profile): void {
    const { flow, values, classes } = this.#state;
    flow.on(type, (of) => {
      const data = this.#state.data(of);
      if (data.kind !== 'class') {
        if (data.kind === 'container' || data.kind === 'external') flow.add(to, of);
        else if (data.kind === 'builtin' && types.has(data.name))
          flow.add(to, values.of({ kind: 'builtinValue', type: data.name }));
      } else if (classes[data.index]?.facts.isInterface !== true)
        flow.add(to, values.of({ kind: 'instance', of }));
    });
  }

  declare(type: Place, to: Place, isTyped = false): void {
    this.#state.flow.tell(type, this.#declareAction, to, Number(isTyped), 0);
  }

  #promise(of: Value, to: Place, isTyped: boolean): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(of);
    if (data.kind === 'class') {
      if (!isTyped) this.#state.promised.add(of);
      flow.add(to, values.of({ kind: 'instance', of, ...(isTyped && { isDeclared: true as const }) }));
    } else if (data.kind === 'builtin' && saysNothing.has(data.name)) return;
    else if (data.kind === 'builtin') flow.add(to, values.of({ kind: 'builtinValue', type: data.name }));
    else if (data.kind === 'builtinValue' && saysNothing.has(data.type)) return;
    else if (data.kind === 'external' && forms.test(data.name)) return;
    // Types that are no classes are read as what a value of them is.
    else if (data.kind !== 'module' && data.kind !== 'folder') flow.add(to, of);
  }
}

/** `cast(T, x)`: x, and a value of T. */
export function castTo(
  { flow, values }: State,
  [type, value]: readonly { readonly value: Place }[],
  to: Place,
): boolean {
  if (type === undefined || value === undefined) return false;
  flow.flow(value.value, to);
  flow.on(type.value, (of) => {
    if (values.data(of).kind === 'class') flow.add(to, values.of({ kind: 'instance', of }));
  });
  return true;
}

/** Something of the workspace or of the language: what comes from outside is only named. */
export function isKnown({ flow, values }: State, place: Place): boolean {
  return flow.valuesAt(place).some((value) => !/^(external|many)$/.test(values.data(value).kind));
}
