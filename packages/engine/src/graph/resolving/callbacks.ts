/**
 * Functions that are handed to code outside the workspace: by an argument, inside an object or list that is one, or by being declared to be
 * of a foreign type. Nobody here calls them, so what their parameters hold comes from outside; it may be ours all the same, which is
 * why methods of it that the workspace has by name stay unresolved. Of scripts alone: elsewhere parameters have types.
 */
import type { Operation } from '../../model/code-facts.ts';
import type { Place } from './flow.ts';
import type { FileState, FunctionState, State } from './state.ts';
import type { Value } from './values.ts';

/** Of what a place holds; more says that everything passes through. */
const maxValues = 128;
/** `{ a: { b: [f] } }` */
const maxDepth = 3;

type Outside = 'external' | 'builtin';

export class Callbacks {
  readonly #state: State;
  readonly #done = new Set<Value>();

  constructor(state: State) {
    this.#state = state;
  }

  /** Gives parameters of which nothing is known something from outside. False: there was none. */
  fill(): boolean {
    let didFill = false;
    for (const file of this.#state.files) {
      if (!file.profile.keysAreNames) continue;
      for (const operation of file.facts.operations) if (this.#handOver(file, operation)) didFill = true;
    }
    return didFill;
  }

  #handOver(file: FileState, operation: Operation): boolean {
    if (operation.op === 'instance')
      return this.#giveAll(file.place + operation.type, [file.place + operation.to], file);
    if (operation.op !== 'call' || operation.implicit !== undefined || operation.args.length === 0)
      return false;
    return this.#giveAll(
      file.place + operation.callee,
      operation.args.map(({ value }) => file.place + value),
      file,
    );
  }

  #giveAll(to: Place, given: readonly Place[], { profile }: FileState): boolean {
    const { flow } = this.#state;
    if (flow.size(to) === 0) return false;
    let outside: { readonly kind: Outside; readonly name: string } | undefined;
    for (const value of flow.valuesAt(to)) {
      const data = this.#state.data(value);
      const isOutside =
        data.kind === 'external' || (data.kind === 'builtin' && !profile.callers.has(data.name));
      if (isOutside) outside ??= { kind: data.kind, name: data.name };
    }
    if (outside === undefined) return false;
    const made = this.#state.values.of({ ...outside, name: `${outside.name.replaceAll('()', '')}()` });
    let didFill = false;
    for (const place of given) if (this.#give(place, made, 0)) didFill = true;
    return didFill;
  }

  #give(place: Place, made: Value, depth: number): boolean {
    let didFill = false;
    if (this.#state.flow.size(place) > maxValues) return false;
    for (const value of this.#state.flow.valuesAt(place)) {
      const data = this.#state.data(value);
      if (data.kind !== 'function' && data.kind !== 'container') continue;
      if (this.#done.has(value)) continue;
      this.#done.add(value);
      if (data.kind === 'function') {
        if (this.#fillParameters(this.#state.functions[data.index] as FunctionState, made)) didFill = true;
      } else if (depth < maxDepth)
        for (const field of [...this.#state.fieldsOf(value)])
          if (this.#give(field, made, depth + 1)) didFill = true;
    }
    return didFill;
  }

  #fillParameters(fn: FunctionState, made: Value): boolean {
    const { flow } = this.#state;
    const { file, facts } = fn;
    const empty = facts.parameters
      .filter(({ rest, value }) => rest === undefined && flow.isEmpty(file.place + value))
      .map(({ value }) => file.place + value);
    if (facts.receiver !== undefined && facts.owner < 0 && this.#isOwn(file.place + facts.receiver))
      empty.push(file.place + facts.receiver);
    for (const place of empty) flow.add(place, made);
    return empty.length > 0;
  }

  /** Nobody is known to give a receiver: it is the object around, or stands for what the function itself makes. */
  #isOwn(receiver: Place): boolean {
    return this.#state.flow.valuesAt(receiver).every((value) => {
      const data = this.#state.data(value);
      if (data.kind === 'instance') return this.#state.data(data.of).kind === 'function';
      return data.kind === 'container';
    });
  }
}
