/**
 * Functions that are handed to code outside the workspace: by an argument, inside an object or list that is one, or by being declared to be
 * of a foreign type. Nobody here calls them, so what their parameters hold comes from outside; it may be ours all the same, which is
 * why methods of it that the workspace has by name stay unresolved. Of scripts alone: elsewhere parameters have types.
 */
import { isUntold } from './contextual-types.ts';
import type { Place } from './flow.ts';
import type { FileState, FunctionState, State } from './state.ts';
import type { Value } from './values.ts';

/** Of what a place holds; more says that everything passes through. */
const maxValues = 128;
/** `{ a: { b: [f] } }` */
const maxDepth = 3;

const none: readonly Value[] = [];

/** What is given to what: arguments to what is called, a value to its declared type. */
interface Handing {
  readonly to: Place;
  readonly given: readonly Place[];
  readonly profile: FileState['profile'];
}

export class Callbacks {
  readonly #state: State;
  readonly #done = new Set<Value>();
  #handings: readonly Handing[] | undefined;

  constructor(state: State) {
    this.#state = state;
  }

  /** Gives parameters of which nothing is known something from outside. False: there was none. */
  fill(): boolean {
    this.#handings ??= this.#state.files.filter(({ profile }) => profile.keysAreNames).flatMap(handingsOf);
    let didFill = false;
    for (const { to, given, profile } of this.#handings)
      if (this.#giveAll(to, given, profile)) didFill = true;
    return didFill;
  }

  /** Most of what is given is no function, or was looked at: that is asked first. */
  #giveAll(to: Place, given: readonly Place[], profile: FileState['profile']): boolean {
    if (this.#state.flow.size(to) === 0) return false;
    const found = given.flatMap((place) => this.#newIn(place));
    if (found.length === 0) return false;
    const outside = this.#outsideAt(to, profile);
    if (outside === undefined) return false;
    let didFill = false;
    for (const value of found) if (this.#give(value, outside, 0)) didFill = true;
    return didFill;
  }

  /** The first thing of the outside that a place holds, as what it gives. */
  #outsideAt(place: Place, { callers }: FileState['profile']): Value | undefined {
    for (const value of this.#state.flow.valuesAt(place)) {
      const data = this.#state.data(value);
      if (data.kind !== 'external' && (data.kind !== 'builtin' || callers.has(data.name))) continue;
      return this.#state.values.of({ kind: data.kind, name: `${data.name.replaceAll('()', '')}()` });
    }
    return undefined;
  }

  /** Functions, and what may hold some, that were not handed out before. */
  #newIn(place: Place): readonly Value[] {
    const { flow } = this.#state;
    const size = flow.size(place);
    if (size === 0 || size > maxValues) return none;
    return flow.valuesAt(place).filter((value) => {
      const { kind } = this.#state.data(value);
      return (kind === 'function' || kind === 'container') && !this.#done.has(value);
    });
  }

  #give(value: Value, made: Value, depth: number): boolean {
    if (this.#done.has(value)) return false;
    this.#done.add(value);
    const data = this.#state.data(value);
    if (data.kind === 'function')
      return this.#fillParameters(this.#state.functions[data.index] as FunctionState, made);
    let didFill = false;
    if (depth < maxDepth)
      for (const field of [...this.#state.fieldsOf(value)])
        for (const inner of this.#newIn(field)) if (this.#give(inner, made, depth + 1)) didFill = true;
    return didFill;
  }

  #fillParameters(fn: FunctionState, made: Value): boolean {
    const { flow } = this.#state;
    const { file, facts } = fn;
    const empty = facts.parameters
      .filter(({ rest, value }) => rest === undefined && isUntold(this.#state, file.place + value))
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

function handingsOf({ facts, place, profile }: FileState): Handing[] {
  const found: Handing[] = [];
  for (const one of facts.operations) {
    if (one.op === 'instance') found.push({ to: place + one.type, given: [place + one.to], profile });
    else if (one.op === 'call' && one.implicit === undefined && one.args.length > 0)
      found.push({ to: place + one.callee, given: one.args.map(({ value }) => place + value), profile });
  }
  return found;
}
