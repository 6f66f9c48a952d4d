/** What a decorated name means for who calls it. */
import type { Operation, Var } from '../../model/code-facts.ts';
import type { Place } from './flow.ts';
import type { CallSite, FileState, State } from './state.ts';
import type { Value } from './values.ts';

/** A decorator that is called with a definition; the name, or the next decorator, gets what it gives. */
interface Decoration {
  readonly site: CallSite;
  readonly given: Place;
  /** What stands under it and all decorators between. */
  readonly definition: Place;
  readonly to: Place;
}

export class Decorations {
  readonly #state: State;
  readonly #all: Decoration[] = [];
  readonly #definitions = new Map<Place, Place>();
  readonly #decorated: ReadonlySet<Value>;
  readonly #givenTo: ReadonlyMap<Value, ReadonlySet<string>>;
  /** Decorators as they are written, without arguments. */
  readonly #written: ReadonlySet<string>;

  constructor(state: State) {
    this.#state = state;
    this.#decorated = decoratedFunctions(state);
    [this.#givenTo, this.#written] = decoratorsOf(state);
  }

  /**
   * A decorator that takes a function or options gives what it made of one, or who takes the next: `@task` and `@task(name='a')`. With options it
   * gives no function that it decorates elsewhere.
   */
  isGiven({ text }: CallSite, value: Value): boolean {
    return text.includes('(') && this.#givenTo.get(value)?.has(decoratorName(text)) === true;
  }

  /** The innermost first. A decorator that is called as any function (`f = wraps(g)`) gives nothing that it decorates elsewhere, either. */
  add(site: CallSite, given: Place, to: Place): void {
    const { flow } = this.#state;
    if (site.implicit !== 'decorator') {
      const name = this.#written.has(headOf(site.text)) ? decoratorName(site.text) : undefined;
      if (name !== undefined)
        flow.filter(
          to,
          (value) => !this.#givenTo.get(value)?.has(name) || flow.valuesAt(given).includes(value),
        );
      return;
    }
    const definition = this.#definitions.get(given) ?? given;
    this.#definitions.set(to, definition);
    this.#all.push({ site, given, definition, to });
    const name = decoratorName(site.text);
    const isAnother = (value: Value) => this.#decorated.has(value) || this.#givenTo.get(value)?.has(name);
    flow.filter(to, (value) => !isAnother(value) || flow.valuesAt(definition).includes(value));
  }

  /** Says what decorated names mean where that is not known, or is only code that they share. False: nothing to add. */
  show(): boolean {
    const { flow } = this.#state;
    // Where one only says how a method is bound, the decorator under it gives what the name means.
    const calling = this.#all.filter(({ site }) => !site.file.profile.binding?.test(site.text));
    const inner = new Set(calling.map(({ given }) => given));
    let didAdd = false;
    for (const { site, given, definition, to } of this.#all) {
      if (!site.isKnown && site.targets.size === 0 && flow.isEmpty(to)) {
        flow.flow(given, to);
        didAdd = true;
      }
      if (inner.has(to) || !site.file.profile.hasReceiverParameter || !standsFor(this.#state, to, site))
        continue;
      const known = new Set(flow.valuesAt(to));
      if (flow.valuesAt(definition).every((value) => known.has(value))) continue;
      flow.flow(definition, to);
      didAdd = true;
    }
    return didAdd;
  }
}

/** `task` of `@app.task(name='a')`. */
const decoratorName = (text: string) => /([\w$]+)\s*(?:\(|$)/.exec(text)?.[1] ?? text;

type CallOperation = Operation & { readonly op: 'call' };

/** `app.task` of `@app.task(name='a')`. */
const headOf = (text: string) => text.replace(/^@|\s*\(.*$/gs, '');

/** Functions with the names of the decorators that they are given to, above them or by a call, and how all decorators are written. */
function decoratorsOf({
  files,
  values,
}: State): readonly [ReadonlyMap<Value, ReadonlySet<string>>, ReadonlySet<string>] {
  const found = new Map<Value, Set<string>>();
  const python = files.filter(({ profile }) => profile.hasReceiverParameter);
  const given = ({ facts }: FileState, isGiver: (one: CallOperation) => boolean) => {
    const texts = new Map<Var, string>();
    for (const one of facts.operations)
      if (one.op === 'call' && one.args[0] && isGiver(one)) texts.set(one.args[0].value, one.text);
    return texts;
  };
  const written = new Set<string>();
  for (const file of python)
    for (const text of given(file, ({ implicit }) => implicit === 'decorator').values())
      written.add(headOf(text));
  for (const file of python) {
    const texts = given(file, ({ implicit, text }) => implicit === 'decorator' || written.has(headOf(text)));
    for (const one of file.facts.operations) {
      const text = one.op === 'function' ? texts.get(one.to) : undefined;
      if (one.op !== 'function' || text === undefined) continue;
      const value = values.of({ kind: 'function', index: file.firstFunction + one.index });
      found.set(value, (found.get(value) ?? new Set()).add(decoratorName(text)));
    }
  }
  return [found, written];
}

/**
 * Functions at the top of a file or class that a decorator is given. A decorator that gives back what it is given shares its result with all
 * that are decorated so: none of these is what another name means.
 */
function decoratedFunctions({ files, values }: State): ReadonlySet<Value> {
  const found = new Set<Value>();
  for (const { facts, firstFunction, profile } of files) {
    if (!profile.hasReceiverParameter) continue;
    const given = new Set<Var>();
    for (const one of facts.operations)
      if (one.op === 'call' && one.implicit === 'decorator' && one.args[0]) given.add(one.args[0].value);
    for (const one of facts.operations) {
      const fn = one.op === 'function' && given.has(one.to) ? facts.functions[one.index] : undefined;
      if (one.op !== 'function' || fn === undefined) continue;
      if (fn.owner >= 0 || !fn.path.includes('.'))
        found.add(values.of({ kind: 'function', index: firstFunction + one.index }));
    }
  }
  return found;
}

/**
 * Whether the name holds a function made for it, or an object of the workspace: who calls the name calls the definition through it, and with
 * one function for all that are decorated so, nobody else would be told. A function that is there already replaces the definition.
 */
function standsFor({ flow, values, functions }: State, to: Place, site: CallSite): boolean {
  const isOurs = [...site.targets].some((target) => typeof target === 'number') || site.classes !== undefined;
  if (!isOurs) return false;
  const known = flow.valuesAt(to).map((value) => values.data(value));
  // A property is read, not called.
  if (known.some(({ kind }) => kind === 'property')) return false;
  return known.some((data) => {
    const facts = data.kind === 'function' ? functions[data.index]?.facts : undefined;
    return data.kind === 'instance' || (facts?.owner === -1 && facts.path.includes('.'));
  });
}
