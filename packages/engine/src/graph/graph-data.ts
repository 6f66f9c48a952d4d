/**
 * What was resolved, as columns of numbers over tables of text: what is stored, and what `CodeGraph` reads. Rows are in an order
 * that depends on what they say alone: by file, line, kind, source and target; each once.
 */
import { GRAPH_EDGE_KINDS, type GraphEdgeKind, type GraphSymbolKind } from '../model/code-graph.ts';
import type { FilePath } from '../model/file.ts';
import type { Place } from './flow.ts';
import type { Members } from './members.ts';
import type { Modules } from './modules.ts';
import { idOf, isUnresolved, moduleId, targetsOf } from './report.ts';
import type { ClassState, FileState, FunctionState, State } from './state.ts';
import type { Value } from './values.ts';

export const SYMBOL_KINDS: readonly GraphSymbolKind[] = [
  'module',
  'class',
  'interface',
  'function',
  'method',
];

/** Numbers point into the columns: `file` into `paths`, `id`, `from` and `to` into `ids`, `text` into `texts`. */
export interface GraphData {
  readonly paths: readonly FilePath[];
  /** Of definitions, and of what is outside the workspace; sorted. */
  readonly ids: readonly string[];
  /** In order of file and lines, the module first. */
  readonly symbols: {
    readonly id: Int32Array;
    readonly file: Int32Array;
    /** Number in `SYMBOL_KINDS`, plus 8 for what other files can name. */
    readonly kind: Uint8Array;
    readonly start: Int32Array;
    readonly end: Int32Array;
  };
  readonly edges: {
    /** Number in `GRAPH_EDGE_KINDS`, plus 8 for what is inferred. */
    readonly kind: Uint8Array;
    readonly from: Int32Array;
    readonly to: Int32Array;
    readonly file: Int32Array;
    readonly line: Int32Array;
  };
  readonly texts: readonly string[];
  readonly unresolved: {
    readonly from: Int32Array;
    readonly text: Int32Array;
    readonly file: Int32Array;
    readonly line: Int32Array;
  };
  /** Numbers of files that were not read whole. */
  readonly withErrors: readonly number[];
  readonly isPartial: boolean;
}

export const EXPORTED = 8;
export const INFERRED = 8;

/** Everything that resolving found out. */
export interface Resolved {
  readonly state: State;
  readonly members: Members;
  readonly modules: Modules;
}

const none = new Int32Array(0);

export const emptyGraph: GraphData = {
  paths: [],
  ids: [],
  symbols: { id: none, file: none, kind: new Uint8Array(0), start: none, end: none },
  edges: { kind: new Uint8Array(0), from: none, to: none, file: none, line: none },
  texts: [],
  unresolved: { from: none, text: none, file: none, line: none },
  withErrors: [],
  isPartial: false,
};

interface Row {
  readonly kind: number;
  readonly from: number;
  readonly to: number;
  readonly file: number;
  readonly line: number;
}

/** More values at one name say that everything passes here, not what is meant. */
const maxNamed = 8;
/** `module.exports = { f }` and `export const api = { f }`. */
const maxExportDepth = 1;

export function graphData({ state, members, modules }: Resolved): GraphData {
  const ids = new Names();
  const functions = state.functions.map((fn) => ids.of(idOf(fn)));
  const classes = state.classes.map((cls) => ids.of(`${moduleId(cls.file.path)}.${cls.facts.path}`));
  const definitions: Definitions = { state, ids, functions, classes };
  const edges = new Edges();
  addCalls(definitions, edges);
  addInheritance(definitions, members, edges);
  addImports(definitions, modules, edges);
  addUses(definitions, edges);
  const symbols = symbolsOf(definitions);
  const order = ids.sorted();
  const texts = new Names();
  const unresolved = unresolvedOf(definitions, texts);
  return {
    paths: state.files.map(({ path }) => path),
    ids: order.list,
    symbols: { ...symbols, id: symbols.id.map((id) => order.rank[id] as number) },
    edges: edges.columns(order.rank),
    texts: texts.list,
    unresolved: { ...unresolved, from: unresolved.from.map((id) => order.rank[id] as number) },
    withErrors: state.files.filter(({ facts }) => facts.errorCount > 0).map(({ number }) => number),
    isPartial: state.flow.isCut || state.flow.isFull,
  };
}

interface Definitions {
  readonly state: State;
  readonly ids: Names;
  /** Number of the id of each function and class. */
  readonly functions: readonly number[];
  readonly classes: readonly number[];
}

/** Texts, each once, by number. */
class Names {
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.list.length;
      this.list.push(text);
      this.#numbers.set(text, number);
    }
    return number;
  }

  /** The texts in order, and the place of each in it by its number. */
  sorted(): { readonly list: readonly string[]; readonly rank: Int32Array } {
    const list = [...this.list].sort();
    const rank = new Int32Array(list.length);
    list.forEach((text, i) => {
      rank[this.of(text)] = i;
    });
    return { list, rank };
  }
}

class Edges {
  readonly #rows: Row[] = [];

  add(kind: GraphEdgeKind, from: number, to: number, file: number, line: number, isExact: boolean): void {
    this.#rows.push({
      kind: GRAPH_EDGE_KINDS.indexOf(kind) + (isExact ? 0 : INFERRED),
      from,
      to,
      file,
      line,
    });
  }

  columns(rank: Int32Array): GraphData['edges'] {
    const bare = (row: Row) => row.kind & 7;
    const ranked = this.#rows.map((row) => ({
      ...row,
      from: rank[row.from] as number,
      to: rank[row.to] as number,
    }));
    const rows = ranked.sort(
      (a, b) =>
        a.file - b.file ||
        a.line - b.line ||
        bare(a) - bare(b) ||
        a.from - b.from ||
        a.to - b.to ||
        a.kind - b.kind,
    );
    // The exact one of two comes first.
    const once = rows.filter((row, i) => {
      const last = rows[i - 1];
      return !(
        last &&
        last.file === row.file &&
        last.line === row.line &&
        bare(last) === bare(row) &&
        last.from === row.from &&
        last.to === row.to
      );
    });
    return {
      kind: Uint8Array.from(once, (row) => row.kind),
      from: Int32Array.from(once, (row) => row.from),
      to: Int32Array.from(once, (row) => row.to),
      file: Int32Array.from(once, (row) => row.file),
      line: Int32Array.from(once, (row) => row.line),
    };
  }
}

function addCalls({ state, ids, functions, classes }: Definitions, edges: Edges): void {
  for (const site of state.sites) {
    const from = functions[site.from] as number;
    const targets = targetsOf(site, state);
    for (const target of targets) {
      const to = typeof target === 'number' ? (functions[target] as number) : ids.of(target);
      edges.add(
        'calls',
        from,
        to,
        site.file.number,
        site.line,
        targets.length === 1 && site.isGuess !== true,
      );
    }
    const made = site.classes ?? [];
    for (const cls of made) {
      const isExact = site.classes?.size === 1 && targets.length <= 1 && site.isGuess !== true;
      edges.add('calls', from, classes[cls] as number, site.file.number, site.line, isExact);
    }
  }
}

function addInheritance(definitions: Definitions, members: Members, edges: Edges): void {
  const { state, classes } = definitions;
  for (const cls of state.classes) {
    const { file, facts, index } = cls;
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

/** The function under what binds or decorates it. */
function functionOf(state: State, value: Value): FunctionState | undefined {
  const data = state.data(value);
  switch (data.kind) {
    case 'function':
      return state.functions[data.index];
    case 'bound':
    case 'static':
    case 'classMethod':
      return functionOf(state, data.fn);
    case 'property':
      return functionOf(state, data.getter);
    default:
      return undefined;
  }
}

function addImports({ state, ids, ...rest }: Definitions, modules: Modules, edges: Edges): void {
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

function addUses(definitions: Definitions, edges: Edges): void {
  const { state, functions } = definitions;
  for (const file of state.files) {
    const add = (value: Place, at: number, line: number) => {
      const found = definedAt(definitions, value, false);
      const from = functions[file.firstFunction + at] as number;
      if (found.length > maxNamed) return;
      for (const to of found) edges.add('uses', from, to, file.number, line, found.length === 1);
    };
    for (const { value, at, line } of file.facts.mentions ?? []) add(file.place + value, at, line);
    addMembersUsed(definitions, file, edges);
  }
}

/** `o.method` that is not called: passed on, stored. What else a field holds is not named by its name. */
function addMembersUsed({ state, functions, classes }: Definitions, file: FileState, edges: Edges): void {
  const called = new Set<number>();
  for (const operation of file.facts.operations) if (operation.op === 'call') called.add(operation.callee);
  for (const operation of file.facts.operations) {
    if (operation.op !== 'get' || called.has(operation.to)) continue;
    const found: number[] = [];
    for (const value of state.flow.valuesAt(file.place + operation.to)) {
      const data = state.data(value);
      const fn = functionOf(state, value);
      if (fn && lastName(fn.facts.path) === operation.name) found.push(functions[fn.index] as number);
      else if (data.kind === 'class') {
        const cls = state.classes[data.index] as ClassState;
        if (lastName(cls.facts.path) === operation.name) found.push(classes[data.index] as number);
      }
    }
    const from = functions[file.firstFunction + operation.at] as number;
    if (found.length > maxNamed) continue;
    for (const to of new Set(found))
      edges.add('uses', from, to, file.number, operation.line, new Set(found).size === 1);
  }
}

const lastName = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** Ids of the definitions that a place holds. */
function definedAt(
  { state, ids, functions, classes }: Definitions,
  place: Place,
  withOutside: boolean,
  withModules = false,
): number[] {
  const found = new Set<number>();
  for (const value of state.flow.valuesAt(place)) {
    const data = state.data(value);
    const fn = functionOf(state, value);
    if (fn) found.add(functions[fn.index] as number);
    else if (data.kind === 'class') found.add(classes[data.index] as number);
    else if (withOutside && data.kind === 'external') found.add(ids.of(`<external>.${data.name}`));
    else if (withOutside && data.kind === 'builtin') found.add(ids.of(`<builtin>.${data.name}`));
    else if (withModules && data.kind === 'module')
      found.add(ids.of(moduleId((state.files[data.file] as FileState).path)));
  }
  return [...found];
}

function unresolvedOf({ state, functions }: Definitions, texts: Names): GraphData['unresolved'] {
  const seen = new Set<string>();
  const rows: { from: number; text: number; file: number; line: number }[] = [];
  for (const site of state.sites) {
    if (!isUnresolved(site, state)) continue;
    const row = {
      from: functions[site.from] as number,
      text: texts.of(site.text),
      file: site.file.number,
      line: site.line,
    };
    const key = `${row.from} ${row.text} ${row.file} ${row.line}`;
    if (seen.has(key)) continue;
    seen.add(key);
    rows.push(row);
  }
  rows.sort((a, b) => a.file - b.file || a.line - b.line || a.text - b.text);
  return {
    from: Int32Array.from(rows, (row) => row.from),
    text: Int32Array.from(rows, (row) => row.text),
    file: Int32Array.from(rows, (row) => row.file),
    line: Int32Array.from(rows, (row) => row.line),
  };
}

interface SymbolRow {
  readonly id: number;
  readonly file: number;
  readonly kind: GraphSymbolKind;
  readonly start: number;
  readonly end: number;
  readonly isExported: boolean;
  readonly isSignature: boolean;
}

function symbolsOf(definitions: Definitions): GraphData['symbols'] {
  const { state, functions, classes } = definitions;
  const rows: SymbolRow[] = [];
  for (const file of state.files) {
    const exported = exportedOf(state, file);
    const own = new Map<number, SymbolRow>();
    const add = (row: SymbolRow) => {
      const known = own.get(row.id);
      // Of two definitions with one id the first stands, but one with a body before its signatures.
      if (known === undefined || (known.isSignature && !row.isSignature)) own.set(row.id, row);
    };
    file.facts.classes.forEach((facts, i) => {
      const kind = facts.isInterface === true ? 'interface' : 'class';
      const { start, end } = facts;
      const id = classes[file.firstClass + i] as number;
      const isExported = exported.classes.has(i);
      add({ id, file: file.number, kind, start, end, isExported, isSignature: false });
    });
    file.facts.functions.forEach((facts, i) => {
      const { start, end, owner } = facts;
      const id = functions[file.firstFunction + i] as number;
      const isModule = i === 0;
      const kind = isModule ? 'module' : owner >= 0 ? 'method' : 'function';
      const name = lastName(facts.path);
      const isMember = owner >= 0 && exported.classes.has(owner) && !isPrivate(name);
      const isExported = isModule || exported.functions.has(i) || isMember;
      add({ id, file: file.number, kind, start, end, isExported, isSignature: facts.signature === true });
    });
    rows.push(
      ...[...own.values()].sort(
        (a, b) =>
          Number(b.kind === 'module') - Number(a.kind === 'module') || a.start - b.start || b.end - a.end,
      ),
    );
  }
  return {
    id: Int32Array.from(rows, (row) => row.id),
    file: Int32Array.from(rows, (row) => row.file),
    kind: Uint8Array.from(rows, (row) => SYMBOL_KINDS.indexOf(row.kind) + (row.isExported ? EXPORTED : 0)),
    start: Int32Array.from(rows, (row) => row.start),
    end: Int32Array.from(rows, (row) => row.end),
  };
}

/** Functions and classes of the file that its exports hold, by number within the file; also as members of an object. */
function exportedOf(state: State, file: FileState): { functions: Set<number>; classes: Set<number> } {
  const found = { functions: new Set<number>(), classes: new Set<number>() };
  const take = (place: Place, depth: number) => {
    for (const value of state.flow.valuesAt(place)) {
      const data = state.data(value);
      const fn = functionOf(state, value);
      if (fn?.file === file) found.functions.add(fn.index - file.firstFunction);
      else if (data.kind === 'class' && state.classes[data.index]?.file === file)
        found.classes.add(data.index - file.firstClass);
      else if (data.kind === 'container' && depth < maxExportDepth)
        for (const inner of state.fieldsOf(value)) take(inner, depth + 1);
    }
  };
  for (const [name, place] of file.exports) if (!isPrivate(name)) take(place, 0);
  if (file.facts.module !== undefined) {
    for (const module of state.flow.valuesAt(file.place + file.facts.module)) {
      const exports = state.existingField(module, 'exports');
      if (exports !== undefined) take(exports, 0);
    }
  }
  return found;
}

/** By convention; `__init__` is no secret. */
function isPrivate(name: string): boolean {
  return /^(#|_(?!_.*__$))/.test(name);
}
