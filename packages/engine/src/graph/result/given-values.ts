/**
 * Which calls run what came in as an argument: `function tap(value, run) { run(value) }`. Who calls `tap` need not have to do with all
 * that others hand to it, so that such an edge says less than one to what is named at the call. Told from the variables of one file.
 */
import type { Operation, Var } from '../../model/code-facts.ts';
import type { GivenBy } from '../../model/code-graph.ts';
import { functionOf, lastName } from '../resolving/definitions.ts';
import type { CallSite, FileState, FunctionState, State } from '../resolving/state.ts';

const nobody = -1;
/** It was put into an object or list first. */
const kept = -2;
/** Operations stand mostly in the order in which values flow. */
const maxRounds = 4;

export class GivenValues {
  readonly #state: State;
  readonly #files = new Map<FileState, Given>();

  constructor(state: State) {
    this.#state = state;
  }

  /** How the target of a call came there; undefined where the call names it, or where that is not known. */
  of(site: CallSite, target: FunctionState): GivenBy | undefined {
    const { call, file } = site;
    if (call === undefined) return undefined;
    const given = this.#givenIn(file);
    const variable = this.#holds(file, call.callee, target)
      ? this.#unlessNamed(given, call.callee, target)
      : call.args.find(
          ({ value }) => (given.from[value] as number) !== nobody && this.#holds(file, value, target),
        )?.value;
    if (variable === undefined || this.#isOfObject(file, given, variable, target)) return undefined;
    const from = given.from[variable] as number;
    if (from === nobody || isInside(target, this.#state.functions[site.from] as FunctionState))
      return undefined;
    if (from === kept) return 'kept';
    return from === call.at ? 'own' : 'around';
  }

  /** What an object that was given has, as a table of operations has its functions: the object is given, not the function. */
  #isOfObject(file: FileState, { holder }: Given, variable: Var, target: FunctionState): boolean {
    const object = holder[variable] as number;
    // A function that is given has methods, too: `f.apply(x)`.
    return object !== nobody && !this.#holds(file, object, target);
  }

  /** A method that is called by its name was not handed over, whatever object has it. */
  #unlessNamed({ from, names }: Given, callee: Var, { facts }: FunctionState): Var | undefined {
    if (from[callee] === nobody) return undefined;
    return names.get(callee) === bare(lastName(facts.path)) ? undefined : callee;
  }

  #holds(file: FileState, variable: Var, target: FunctionState): boolean {
    return this.#state.flow
      .valuesAt(file.place + variable)
      .some((value) => functionOf(this.#state, value) === target);
  }

  #givenIn(file: FileState): Given {
    let given = this.#files.get(file);
    if (given === undefined) {
      given = givenIn(file);
      this.#files.set(file, given);
    }
    return given;
  }
}

interface Given {
  /** By variable: number of the function in whose parameter the value came in, `kept` or `nobody`. */
  readonly from: Int32Array;
  /** By variable: the object that it was read from, or `nobody`. In scripts objects are how functions are given: `{ done: f }`. */
  readonly holder: Int32Array;
  /** Of what is read from an object, under which name. */
  readonly names: ReadonlyMap<Var, string>;
}

function givenIn({ facts, profile }: FileState): Given {
  const { hasReceiverParameter, keysAreNames } = profile;
  const from = new Int32Array(facts.variables).fill(nobody);
  const holder = new Int32Array(facts.variables).fill(nobody);
  const names = new Map<Var, string>();
  const fields = new Set<string>();
  facts.functions.forEach(({ parameters, owner, isStatic }, number) => {
    const first = hasReceiverParameter && owner >= 0 && isStatic !== true ? 1 : 0;
    for (const { value } of parameters.slice(first)) from[value] = number;
  });
  for (const { components = [] } of facts.classes) for (const value of components) from[value] = kept;
  for (let round = 0; round < maxRounds; round++) {
    let isNew = false;
    for (const operation of facts.operations)
      if (spread(operation, { from, holder, names, fields, keysAreNames })) isNew = true;
    if (!isNew) break;
  }
  return { from, holder, names };
}

interface Spreading extends Omit<Given, 'names'> {
  readonly names: Map<Var, string>;
  /** Names of fields that were given a value that came in. */
  readonly fields: Set<string>;
  readonly keysAreNames: boolean;
}

/** False: nothing new. */
function spread(one: Operation, { from, holder, names, fields, keysAreNames }: Spreading): boolean {
  const give = (to: Var, origin: number): boolean => {
    if (origin === nobody || from[to] !== nobody) return false;
    from[to] = origin;
    return true;
  };
  switch (one.op) {
    case 'copy':
      if (!give(one.to, from[one.from] as number)) return false;
      holder[one.to] = holder[one.from] as number;
      return true;
    case 'getItem':
    case 'each':
    case 'slice':
      return give(one.to, from[one.from] as number);
    case 'get': {
      names.set(one.to, bare(one.name));
      if (!give(one.to, fields.has(one.name) ? kept : (from[one.from] as number))) return false;
      if (!fields.has(one.name) && !keysAreNames) holder[one.to] = one.from;
      return true;
    }
    case 'set':
      if (from[one.from] === nobody || fields.has(one.name)) return false;
      fields.add(one.name);
      return true;
    case 'setItem':
      return from[one.from] !== nobody && give(one.on, kept);
    default:
      return false;
  }
}

/** Without what tells overloads apart. */
const bare = (name: string) => name.replace(/^type |\([\d*]*\)$/g, '');

/** A function that stands in the one that calls it is its own. */
const isInside = ({ file, facts }: FunctionState, around: FunctionState): boolean =>
  file === around.file && around.facts.path !== '' && facts.path.startsWith(`${around.facts.path}.`);
