/** Rows of edges: what calls, imports, inherits, overrides and uses what, on which line. */
import { OF_IMPORT } from '../../model/code-facts.ts';
import { type GivenBy, GRAPH_EDGE_KINDS, type GraphEdgeKind } from '../../model/code-graph.ts';
import { type Definitions, definedAt, functionOf, lastName } from '../resolving/definitions.ts';
import type { Place } from '../resolving/flow.ts';
import type { Members } from '../resolving/members.ts';
import type { Modules } from '../resolving/modules.ts';
import type { ClassState, FileState, FunctionState, State } from '../resolving/state.ts';
import type { Value } from '../resolving/values.ts';
import { GivenValues } from './given-values.ts';
import { GIVEN_BY, type GraphData, INFERRED } from './graph-data.ts';
import { isExact, isNamedAlone, moduleId, targetsOf } from './report.ts';

/** More values at one name say that everything passes here, not what is meant. */
const maxNamed = 8;

/** More than there are: kind and two ids make one number, and so do file and line. */
const maxIds = 2 ** 25;
const maxLines = 2 ** 24;

export class Edges {
  readonly #kind: number[] = [];
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #file: number[] = [];
  readonly #line: number[] = [];

  add(
    kind: GraphEdgeKind,
    from: number,
    to: number,
    file: number,
    line: number,
    isExact: boolean,
    given?: GivenBy,
  ): void {
    const flags = (isExact ? 0 : INFERRED) + 16 * GIVEN_BY.indexOf(given);
    this.#kind.push(GRAPH_EDGE_KINDS.indexOf(kind) + flags);
    this.#from.push(from);
    this.#to.push(to);
    this.#file.push(file);
    this.#line.push(line);
  }

  columns(rank: Int32Array): GraphData['edges'] {
    const [kind, file, line] = [this.#kind, this.#file, this.#line] as const;
    const from = Int32Array.from(this.#from, (id) => rank[id] as number);
    const to = Int32Array.from(this.#to, (id) => rank[id] as number);
    // A row is compared by two numbers: where it stands, and what it says but for its being exact.
    const where = Float64Array.from(file, (number, i) => number * maxLines + (line[i] as number));
    const what = Float64Array.from(
      kind,
      (number, i) => ((number & 7) * maxIds + (from[i] as number)) * maxIds + (to[i] as number),
    );
    const order = Uint32Array.from(kind.keys()).sort(
      (a, b) =>
        (where[a] as number) - (where[b] as number) ||
        (what[a] as number) - (what[b] as number) ||
        (kind[a] as number) - (kind[b] as number),
    );
    // The one that says most of two comes first: exact, and named at the call.
    const rows = order.filter((row, i) => {
      const last = order[i - 1];
      return last === undefined || where[last] !== where[row] || what[last] !== what[row];
    });
    return {
      kind: Uint8Array.from(rows, (row) => kind[row] as number),
      from: Int32Array.from(rows, (row) => from[row] as number),
      to: Int32Array.from(rows, (row) => to[row] as number),
      file: Int32Array.from(rows, (row) => file[row] as number),
      line: Int32Array.from(rows, (row) => line[row] as number),
    };
  }
}

export function addCalls({ state, ids, functions, classes }: Definitions, edges: Edges): void {
  const given = new GivenValues(state);
  for (const site of state.sites) {
    const from = functions[site.from] as number;
    const targets = targetsOf(site, state);
    for (const target of targets) {
      const isOurs = typeof target === 'number';
      const to = isOurs ? (functions[target] as number) : ids.of(target);
      const by = isOurs ? given.of(site, state.functions[target] as FunctionState) : undefined;
      edges.add('calls', from, to, site.file.number, site.line, isExact(site, state, targets.length), by);
    }
    // Where the name says what is meant of all that flows there, that is no class.
    const made = isNamedAlone(site, targets) ? [] : (site.classes ?? []);
    for (const cls of made) {
      const isOnly = site.classes?.size === 1 && targets.length <= 1 && site.isGuess !== true;
      edges.add('calls', from, classes[cls] as number, site.file.number, site.line, isOnly);
    }
  }
}

export function addInheritance(definitions: Definitions, members: Members, edges: Edges): void {
  const { state, classes } = definitions;
  for (const cls of state.classes) {
    const { file, facts, index } = cls;
    if (facts.isVariant === true) continue;
    facts.bases.forEach((base, i) => {
      const found = definedAt(definitions, file.place + base, true);
      const line = facts.baseLines?.[i] ?? facts.start;
      for (const to of found)
        edges.add('inherits', classes[index] as number, to, file.number, line, found.length === 1);
    });
    addOverrides(definitions, members, cls, edges);
  }
}

/** To the nearest base that has the method, and to every interface that asks for it. */
function addOverrides(definitions: Definitions, members: Members, cls: ClassState, edges: Edges): void {
  const { state, functions } = definitions;
  const { file, facts, index, value } = cls;
  const bases = members.order(value).slice(1);
  if (bases.length === 0) return;
  for (const [isStatic, list] of [
    [false, facts.members],
    [true, facts.statics ?? []],
  ] as const) {
    for (const [name] of list) {
      if (name === file.profile.constructorName) continue;
      const key = isStatic ? `static ${name}` : name;
      const own = methodsAt(state, value, key).filter(
        (fn) => fn.facts.owner === index - file.firstClass && fn.file === file,
      );
      if (own.length === 0) continue;
      let isFound = false;
      for (const base of bases) {
        const data = state.data(base);
        const isInterface = data.kind === 'class' && state.classes[data.index]?.facts.isInterface === true;
        if (isFound && !isInterface) continue;
        const found = methodsAt(state, base, key);
        if (found.length > 0 && !isInterface) isFound = true;
        for (const to of found)
          for (const from of own)
            edges.add(
              'overrides',
              functions[from.index] as number,
              functions[to.index] as number,
              file.number,
              from.facts.start,
              found.length === 1,
            );
      }
    }
  }
}

/** Functions that a class itself has under a name. */
function methodsAt(state: State, cls: Value, name: string): FunctionState[] {
  const place = state.existingField(cls, name);
  if (place === undefined) return [];
  return [...state.flow.valuesAt(place)]
    .flatMap((value) => functionOf(state, value) ?? [])
    .slice(0, maxNamed);
}

export function addImports({ state, ids, ...rest }: Definitions, modules: Modules, edges: Edges): void {
  for (const file of state.files) {
    const from = ids.of(moduleId(file.path));
    const add = (to: number, line: number) => edges.add('imports', from, to, file.number, line, true);
    const addModule = (name: string, line: number) => {
      const found = modules.find(file.number, name);
      if (found === undefined) {
        const outside = modules.outsideName(file.number, name);
        if (outside !== undefined) add(ids.of(`<external>.${outside}`), line);
      } else if ('file' in found) add(ids.of(moduleId((state.files[found.file] as FileState).path)), line);
    };
    file.facts.stars.forEach((star, i) => {
      const line = file.facts.starLines?.[i];
      if (line !== undefined) addModule(star, line);
    });
    for (const operation of file.facts.operations) {
      if (operation.op !== 'import' || operation.line === undefined) continue;
      addModule(operation.from, operation.line);
      if (operation.name === undefined || operation.name === '=') continue;
      const found = definedAt({ state, ids, ...rest }, file.place + operation.to, false, true);
      if (found.length <= maxNamed) for (const to of found) add(to, operation.line);
    }
  }
}

export function addUses(definitions: Definitions, edges: Edges): void {
  const { state, functions } = definitions;
  for (const file of state.files) {
    const add = (value: Place, at: number, line: number) => {
      const found = definedAt(definitions, value, false);
      const isImport = at === OF_IMPORT;
      const from = functions[file.firstFunction + (isImport ? 0 : at)] as number;
      if (found.length > maxNamed) return;
      for (const to of found)
        edges.add(isImport ? 'imports' : 'uses', from, to, file.number, line, found.length === 1);
    };
    for (const { value, at, line } of file.facts.mentions ?? []) add(file.place + value, at, line);
    if (file.profile.isLinked !== undefined) addNamesPassed(file, add);
    addMembersUsed(definitions, file, edges);
  }
}

/** Names that the linker binds: where they are handed over or stored. Facts have one variable for all uses of such a name. */
function addNamesPassed(
  { facts, place }: FileState,
  add: (value: Place, at: number, line: number) => void,
): void {
  const names = new Set<number>();
  for (const one of facts.operations) if (one.op === 'free' && /^value\b/.test(one.name)) names.add(one.to);
  for (const one of facts.operations) {
    const passed =
      one.op === 'call'
        ? one.args.map(({ value }) => value)
        : one.op === 'set' || one.op === 'setItem'
          ? [one.from]
          : [];
    for (const value of passed)
      if (names.has(value)) add(place + value, (one as { at: number }).at, (one as { line: number }).line);
  }
}

const anyLine = -1;

/** What is called, and what that is a copy of on the same line: a bare name of Ruby may be a method or come from elsewhere. */
function calleesOf({ facts }: FileState): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const lines = new Map<number, number>();
  // A copy stands before the call.
  for (let i = facts.operations.length - 1; i >= 0; i--) {
    const one = facts.operations[i];
    if (one?.op === 'call') {
      found.set(one.callee, anyLine);
      lines.set(one.callee, one.line);
    } else if (one?.op === 'copy') {
      const line = lines.get(one.to);
      if (line === undefined || found.get(one.from) === anyLine) continue;
      found.set(one.from, line);
      lines.set(one.from, line);
    }
  }
  return found;
}

/** `o.method` that is not called: passed on, stored. What else a field holds is not named by its name. */
function addMembersUsed({ state, functions, classes }: Definitions, file: FileState, edges: Edges): void {
  const called = calleesOf(file);
  for (const operation of file.facts.operations) {
    if (operation.op !== 'get') continue;
    const line = called.get(operation.to);
    if (line === anyLine || line === operation.line) continue;
    const found: number[] = [];
    // `A::m` names any overload.
    const name = operation.name.replace(/^type |\([\d*]*\)$/g, '');
    for (const value of state.flow.valuesAt(file.place + operation.to)) {
      const data = state.data(value);
      const fn = functionOf(state, value);
      if (fn && lastName(fn.facts.path) === name) found.push(functions[fn.index] as number);
      else if (data.kind === 'class') {
        const cls = state.classes[data.index] as ClassState;
        if (lastName(cls.facts.path) === name) found.push(classes[data.index] as number);
      }
    }
    const from = functions[file.firstFunction + operation.at] as number;
    if (found.length > maxNamed) continue;
    for (const to of new Set(found))
      edges.add('uses', from, to, file.number, operation.line, new Set(found).size === 1);
  }
}
