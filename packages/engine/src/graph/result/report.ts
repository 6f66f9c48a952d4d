/** What was resolved, as nodes with ids, edges and unresolved sites, each once and in a fixed order. */
import type { CallEdge, CallGraph, CallNode, UnresolvedCall } from '../../model/call-graph.ts';
import type { ClassFacts } from '../../model/code-facts.ts';
import type { FilePath } from '../../model/file.ts';
import { isElsewhere } from '../resolving/elsewhere.ts';
import type { CallSite, FunctionState, State } from '../resolving/state.ts';

export function report(state: State): CallGraph {
  const ids = idsOf(state);
  const edges = new Map<string, CallEdge>();
  const unresolved = new Map<string, UnresolvedCall>();
  for (const site of state.sites) {
    const from = ids[site.from] as string;
    const { path } = site.file;
    const targets = targetsOf(site, state);
    // Overloads share an id.
    const distinct = new Set(targets.map((target) => (typeof target === 'number' ? ids[target] : target)))
      .size;
    for (const target of targets) {
      const to = typeof target === 'number' ? (ids[target] as string) : target;
      const resolution = isExact(site, state, distinct) ? 'exact' : 'inferred';
      const key = `${from}\0${to}\0${path}\0${site.line}`;
      if (edges.get(key)?.resolution !== 'exact')
        edges.set(key, { from, to, path, line: site.line, resolution });
    }
    if (isUnresolved(site, state)) {
      const key = `${from}\0${site.text}\0${path}\0${site.line}`;
      unresolved.set(key, { from, text: site.text, path, line: site.line });
    }
  }
  return {
    nodes: nodesOf(state, ids),
    edges: [...edges.values()],
    unresolved: [...unresolved.values()],
    isPartial: state.flow.isPartial,
  };
}

/** So many names outside the workspace say that everything flows through here, and nothing about this call. */
const maxNames = 8;
const maxImplicit = 3;
/** The same of functions: of so many, those are meant that have the name that is called. */
const maxFunctions = 64;
/** Of a name that is called bare, and that some of them have. */
const maxBare = 24;
const nothing: readonly (number | string)[] = [];

export function targetsOf(site: CallSite, state: State): readonly (number | string)[] {
  if (site.targets.size === 0) return nothing;
  // One function is most of them.
  const [first] = site.targets;
  if (site.targets.size === 1 && typeof first === 'number') return [first];
  const all = withoutSignatures(site, state);
  const names = all.filter((target) => typeof target === 'string');
  const functions = thoseMeant(
    site,
    all.filter((target) => typeof target === 'number'),
    { state, isOutside: names.length > 0 },
  );
  // Anything may be read like an array: nobody wrote a call, and so many say nothing.
  if (site.implicit === 'operator' && site.file.profile.typed === 'gradual' && all.length > maxImplicit)
    return [];
  if (names.length > maxNames || (functions.length === 0 && mayBeOurs(names, state))) return functions;
  const told = functions.length > 0 ? names.filter((name) => !name.includes('()')) : names;
  return [...functions, ...new Set(told.map((name) => name.replaceAll('()', '')))];
}

const memberCalled = /\.\s*([\w$]+)$/;

/**
 * Of very many functions of code without types: what a member or a name of the outside is called by tells which, and a bare name where some of
 * them have it. Else what a variable holds is all.
 */
function thoseMeant(
  { file, text }: CallSite,
  functions: readonly number[],
  { state, isOutside }: { readonly state: State; readonly isOutside: boolean },
): readonly number[] {
  if (functions.length <= maxBare || file.profile.typed !== undefined) return functions;
  const member = memberCalled.exec(text)?.[1];
  const isBare = member === undefined && !isOutside;
  if (/^(call|apply|bind|__call__)$/.test(member ?? '') || (!isBare && functions.length <= maxFunctions))
    return functions;
  const name = member ?? text;
  const named = functions.filter((index) => {
    const [own, owner] = (state.functions[index]?.facts.path ?? '').split('.').reverse();
    return own === name || (owner === name && /^(constructor|__init__|__new__)$/.test(own ?? ''));
  });
  return isBare && named.length === 0 ? functions : named;
}

/** Whether `told` are those of far more that have the name of the call. */
export const isNamedAlone = ({ targets }: CallSite, told: readonly (number | string)[]): boolean =>
  targets.size > maxBare && told.length > 0 && 2 * told.length < targets.size;

/** Methods of what foreign functions gave, called like methods of the workspace: of which of them they are nothing says. */
function mayBeOurs(names: readonly string[], state: State): boolean {
  return names.every((name) => name.includes('()') && state.isDefined(name.slice(name.lastIndexOf('.') + 1)));
}

/** A signature is what is called only where nothing is known that implements it. */
function withoutSignatures({ targets, file, text }: CallSite, state: State): (number | string)[] {
  const all = [...targets];
  if (all.length < 2) return all;
  // A bare name has one meaning: what a class outside may have is not called where one of ours has it.
  const isBare = (file.profile.typed === 'nominal' || file.profile.hasStatics) && /^\w+[?!]?$/.test(text);
  const isSignature = (target: number | string) =>
    typeof target === 'number' && state.functions[target]?.facts.signature === true;
  // A name that nothing binds may be of a class outside; not where it is found.
  const isGuess = (target: number | string) =>
    typeof target === 'string' &&
    file.profile.typed === 'nominal' &&
    (isBare || target === `<external>.${text}`);
  const real = all.filter((target) => !isSignature(target) && !isGuess(target));
  // Objects without a class are not tied to what declares their methods: who asks for its callers would find none.
  const isTied = (target: number | string) =>
    typeof target === 'number' &&
    (file.profile.typed !== undefined || (state.functions[target]?.facts.owner ?? -1) >= 0);
  if (real.some(isTied)) return real;
  return real.some((target) => typeof target === 'number')
    ? all.filter((target) => !isPromise(target, state))
    : all;
}

/** A property of function type or a call signature of an interface: what is known to be there is what is called. */
function isPromise(target: number | string, { functions }: State): boolean {
  const fn = typeof target === 'number' ? functions[target] : undefined;
  return fn?.facts.isPromise === true;
}

/** Whether one target is all there can be. Where a declared type led there, others may implement it. */
export function isExact(site: CallSite, state: State, count: number): boolean {
  if (count !== 1 || site.isGuess === true || site.targets.size > maxBare) return false;
  if ([...site.targets].some((target) => isPromise(target, state))) return false;
  return site.file.profile.typed !== undefined || withoutSignatures(site, state).length === site.targets.size;
}

export function isUnresolved(site: CallSite, state: State): boolean {
  if (site.isCut === true && site.implicit === undefined) return true;
  if (site.targets.size > 0)
    return site.implicit === undefined && targetsOf(site, state).length === 0 && !isElsewhere(site, state);
  if (site.isKnown) return false;
  if (site.implicit === 'decorator') return site.callee === undefined || state.flow.isEmpty(site.callee);
  return site.implicit === undefined && !isElsewhere(site, state);
}

function nodesOf(state: State, ids: readonly string[]): CallNode[] {
  const nodes = new Map<string, CallNode>();
  for (const { index, facts, file } of state.functions) {
    const id = ids[index] as string;
    if (nodes.has(id)) continue;
    const name =
      facts.path === ''
        ? id.slice(id.lastIndexOf('.') + 1)
        : facts.path.slice(facts.path.lastIndexOf('.') + 1);
    nodes.set(id, { id, name, path: file.path, start: facts.start, end: facts.end });
  }
  return [...nodes.values()];
}

/**
 * Ids of the functions by their numbers. Overloads share one as names in source do; `areOverloadsApart`: the second of them has the id with
 * `:2`, and so on.
 */
export function idsOf({ functions }: State, areOverloadsApart = false): readonly string[] {
  const members = new Map<ClassFacts, ReadonlySet<string>>();
  const met = new Map<string, number>();
  let file = functions[0]?.file;
  return functions.map((fn) => {
    if (fn.file !== file) met.clear();
    file = fn.file;
    const id = idOf(fn);
    // Overloads and the two sides of a property share an id; functions that a script gives one name are different ones.
    const isOther =
      (fn.file.profile.keysAreNames && fn.facts.owner < 0 && fn.facts.signature !== true) ||
      (areOverloadsApart && isOverload(fn, members));
    if (!isOther) return id;
    const number = (met.get(id) ?? 0) + 1;
    met.set(id, number);
    return number === 1 ? id : `${id}:${number}`;
  });
}

/** A method that its class has by its number of parameters; the two sides of a property are none. */
function isOverload({ file, facts }: FunctionState, members: Map<ClassFacts, ReadonlySet<string>>): boolean {
  const owner = file.facts.classes[facts.owner];
  if (owner === undefined || !/^(java|kotlin|c_sharp)$/.test(file.facts.language)) return false;
  let names = members.get(owner);
  if (names === undefined) {
    names = new Set([...owner.members, ...(owner.statics ?? [])].map(([name]) => name));
    members.set(owner, names);
  }
  const name = facts.path.slice(facts.path.lastIndexOf('.') + 1);
  return file.facts.language === 'java' || names.has(`${name}(${facts.parameters.length})`);
}

function idOf({ file, facts }: FunctionState): string {
  const module = moduleId(file.path);
  return facts.path === '' ? module : `${module}.${facts.path}`;
}

/** A Python package is named by its folder, as an import names it. */
export function moduleId(path: FilePath): string {
  const bare = path.replace(/\.[^./]+$/, '').replace(/(.)\/__init__$/, '$1');
  return bare.replaceAll('/', '.');
}
