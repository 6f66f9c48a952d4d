/** What is filled in where the flow of values has said nothing. */
import { Callbacks } from './callbacks.ts';
import { ContextualTypes } from './contextual-types.ts';
import { type DeclaredTypes, isKnown } from './declared-types.ts';
import { Decorations } from './decorations.ts';
import type { Place } from './flow.ts';
import type { Members } from './members.ts';
import type { State } from './state.ts';
import { callsOurs } from './typed-calls.ts';

/** Values of one round make others known in the next. */
const maxRounds = 4;

export class Gaps {
  readonly #state: State;
  readonly #members: Members;
  readonly #declared: DeclaredTypes;
  readonly #settle: () => void;
  /** Declared types and computed keys, for when nothing else is known. */
  readonly types: { readonly to: Place; readonly type: Place; readonly isTyped: boolean }[] = [];
  readonly keys: { readonly key: Place; readonly asAny: () => void; isDone: boolean }[] = [];
  readonly decorations: Decorations;
  readonly #callbacks: Callbacks;
  readonly #contextual: ContextualTypes;

  /** `settle`: lets values flow until nothing changes. */
  constructor(state: State, members: Members, declared: DeclaredTypes, settle: () => void) {
    this.#state = state;
    this.#members = members;
    this.#declared = declared;
    this.#settle = settle;
    this.decorations = new Decorations(state);
    this.#callbacks = new Callbacks(state);
    this.#contextual = new ContextualTypes(state, members);
  }

  /** Whether what is known of the place is what its type promises: an object of a test in its stead says nothing of all the others. */
  #isKept(to: Place, type: Place): boolean {
    if (!isKnown(this.#state, to)) return false;
    const { flow } = this.#state;
    const promised = flow.valuesAt(type).filter((of) => this.#state.data(of).kind === 'class');
    return (
      promised.length === 0 ||
      flow.valuesAt(to).some((value) => {
        const data = this.#state.data(value);
        if (data.kind !== 'instance') return data.kind !== 'external';
        return this.#members.order(data.of).some((cls) => promised.includes(cls));
      })
    );
  }

  /** From now on calls give what types say where no function is known that gives it. */
  #takePromises(): boolean {
    const { flow, promises } = this.#state;
    this.#state.promises = undefined;
    for (const { site, result, to } of promises ?? [])
      if (!callsOurs(site, this.#state)) flow.flow(result, to);
    return promises !== undefined && promises.length > 0;
  }

  /** What is known for sure first. */
  fillAll(): void {
    for (let round = 0; round < maxRounds; round++) if (!this.#fill()) break;
    for (let round = 0; round < maxRounds; round++) if (!this.#fillContextual()) break;
    for (let round = 0; round < maxRounds; round++) if (!this.#fillCallbacks()) break;
  }

  /** Where nothing is known after all: declared types, any key, the own class as receiver. False when there was nothing to fill. */
  #fill(): boolean {
    const { flow, values, functions } = this.#state;
    if (flow.isCut) return false;
    let didFill = this.#takePromises();
    for (const { to, type, isTyped } of this.types) {
      if ((isTyped ? !flow.isEmpty(to) : this.#isKept(to, type)) || flow.isEmpty(type)) continue;
      this.#declared.declare(type, to, isTyped);
      didFill = true;
    }
    for (const { file, facts, index } of functions) {
      const receiver = file.profile.hasReceiverParameter ? facts.parameters[0]?.value : facts.receiver;
      if (receiver === undefined || !flow.isEmpty(file.place + receiver)) continue;
      if (facts.owner < 0 && file.profile.hasReceiverParameter) continue;
      const of =
        facts.owner < 0
          ? values.of({ kind: 'function', index })
          : this.#state.classValue(file.firstClass + facts.owner);
      // Nobody is known to call it: on whatever is of the class.
      const isDeclared = file.profile.typed !== undefined && { isDeclared: true as const };
      if (facts.owner >= 0 && !isDeclared) this.#state.promised.add(of);
      flow.add(
        file.place + receiver,
        facts.isStatic ? of : values.of({ kind: 'instance', of, ...isDeclared }),
      );
      didFill = true;
    }
    this.#settle();
    for (const key of this.keys) {
      if (key.isDone) continue;
      if (flow.valuesAt(key.key).some((value) => this.#state.data(value).kind === 'constant')) continue;
      key.isDone = true;
      key.asAny();
      didFill = true;
    }
    if (this.decorations.show()) didFill = true;
    this.#settle();
    return didFill;
  }

  /** What types say of functions that are put where they hold. False when there was nothing to fill. */
  #fillContextual(): boolean {
    if (this.#state.flow.isCut || !this.#contextual.fill()) return false;
    this.#settle();
    this.#fill();
    return true;
  }

  /** What calls a function from outside, once it is clear that nobody here does. False when there was nothing to fill. */
  #fillCallbacks(): boolean {
    if (this.#state.flow.isCut || !this.#callbacks.fill()) return false;
    this.#settle();
    this.#fill();
    return true;
  }
}
