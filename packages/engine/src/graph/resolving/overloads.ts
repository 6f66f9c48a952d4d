/**
 * Which of overloads with as many parameters is called: the one whose types are those of what is given at every place where they differ. That one
 * is the most specific of them (The Java Language Specification, 15.12.2.5); where types are only related, all stay possible.
 */
import type { Var } from '../../model/code-facts.ts';
import type { CallSite, FileState, FunctionState, State } from './state.ts';

/** Languages that choose by the types that are declared. */
const chosenByType = new Set(['java', 'kotlin', 'c_sharp']);
/** `a = b` of names that have a type. */
const maxCopies = 3;

export function chooseOverloads(state: State): void {
  const typing = new Map<FileState, Typing>();
  const typingOf = (file: FileState): Typing => {
    let found = typing.get(file);
    if (found === undefined) {
      found = typingIn(file);
      typing.set(file, found);
    }
    return found;
  };
  for (const site of state.sites) {
    if (site.call === undefined || site.targets.size < 2) continue;
    if (!chosenByType.has(site.file.facts.language)) continue;
    for (const group of overloadsAt(state, site)) {
      const chosen = choose(state, site, group, typingOf);
      for (const fn of chosen === undefined ? [] : group) if (fn !== chosen) site.targets.delete(fn.index);
    }
  }
}

/** Functions of one name and class that take as many arguments as are given, where these are given one by one. */
function overloadsAt(state: State, { call, targets }: CallSite): readonly (readonly FunctionState[])[] {
  const args = call?.args ?? [];
  if (args.length === 0 || args.some(({ name, spread }) => name !== undefined || spread !== undefined))
    return [];
  const groups = new Map<string, FunctionState[]>();
  for (const target of targets) {
    const fn = typeof target === 'number' ? state.functions[target] : undefined;
    if (fn === undefined || fn.facts.parameters.length !== args.length) continue;
    if (fn.facts.parameters.some(({ rest }) => rest !== undefined)) continue;
    const key = `${fn.file.number} ${fn.facts.owner} ${fn.facts.path}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [fn]);
    else known.push(fn);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function choose(
  state: State,
  { file, call }: CallSite,
  group: readonly FunctionState[],
  typingOf: (file: FileState) => Typing,
): FunctionState | undefined {
  let left = group;
  for (const [at, { value }] of (call?.args ?? []).entries()) {
    const types = group.map((fn) => {
      const parameter = fn.facts.parameters[at]?.value as Var;
      return keyOf(state, fn.file, typingOf(fn.file).types.get(parameter));
    });
    if (types.every((type) => type !== undefined && type === types[0])) continue;
    const given = givenAt(state, file, typingOf(file), value);
    if (given === undefined) return undefined;
    left = left.filter((fn) => types[group.indexOf(fn)] === given);
  }
  return left.length === 1 ? left[0] : undefined;
}

interface Typing {
  /** By variable: that of its declared type. */
  readonly types: ReadonlyMap<Var, Var>;
  /** By variable: what is copied into it. */
  readonly copies: ReadonlyMap<Var, readonly Var[]>;
  /** Made by `new`: the class. */
  readonly made: ReadonlyMap<Var, Var>;
  readonly texts: ReadonlySet<Var>;
}

function typingIn({ facts }: FileState): Typing {
  const types = new Map<Var, Var>();
  const copies = new Map<Var, Var[]>();
  const made = new Map<Var, Var>();
  const texts = new Set<Var>();
  for (const one of facts.operations) {
    if (one.op === 'instance') types.set(one.to, one.type);
    else if (one.op === 'call' && one.isNew === true) made.set(one.to, one.callee);
    else if (one.op === 'constant' && typeof one.value === 'string') texts.add(one.to);
    else if (one.op === 'copy') {
      const known = copies.get(one.to);
      if (known === undefined) copies.set(one.to, [one.from]);
      else known.push(one.from);
    }
  }
  return { types, copies, made, texts };
}

/** Declared type of what is given; undefined: it is not declared there. */
function givenAt(
  state: State,
  file: FileState,
  typing: Typing,
  variable: Var,
  depth = 0,
): string | undefined {
  const type = typing.types.get(variable) ?? typing.made.get(variable);
  if (type !== undefined) return keyOf(state, file, type);
  if (typing.texts.has(variable)) return `type ${shortName(file.profile.textType)}`;
  const from = typing.copies.get(variable) ?? [];
  if (from.length === 0 || depth >= maxCopies) return undefined;
  const all = from.map((one) => givenAt(state, file, typing, one, depth + 1));
  return all.every((one) => one === all[0]) ? all[0] : undefined;
}

/** What needs no import is named without its package. */
const shortName = (name: string) => name.replace(/^(java\.lang|kotlin|System)\./, '');

/** What a type is, as text that is the same for the same type; undefined: not known, or more than one. */
function keyOf({ flow, values }: State, { place }: FileState, type: Var | undefined): string | undefined {
  const found = type === undefined ? [] : flow.valuesAt(place + type);
  const [value] = found;
  if (value === undefined || found.length !== 1) return undefined;
  const data = values.data(value);
  switch (data.kind) {
    case 'class':
      return `class ${data.index}`;
    case 'external':
    case 'builtin':
      return data.name.startsWith('%') ? undefined : `type ${shortName(data.name)}`;
    case 'container':
      return `container ${data.type}`;
    default:
      return undefined;
  }
}
