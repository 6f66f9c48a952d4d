/** Rows of definitions: where each stands, what it is, and whether other files can name it. */
import type { FunctionFacts } from '../../model/code-facts.ts';
import type { GraphSymbolKind } from '../../model/code-graph.ts';
import { type Definitions, functionOf, lastName } from '../resolving/definitions.ts';
import type { Place } from '../resolving/flow.ts';
import type { FileState, State } from '../resolving/state.ts';
import { EXPORTED, type GraphData, SYMBOL_KINDS } from './graph-data.ts';

/** `module.exports = { f }` and `export const api = { f }`. */
const maxExportDepth = 1;

interface SymbolRow {
  readonly id: number;
  readonly file: number;
  readonly kind: GraphSymbolKind;
  readonly start: number;
  readonly end: number;
  readonly isExported: boolean;
  readonly isSignature: boolean;
}

export function symbolsOf(definitions: Definitions): GraphData['symbols'] {
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
      const isExported = exported.classes.has(i) && !isOfPackage(file, lastName(facts.path));
      add({ id, file: file.number, kind, start, end, isExported, isSignature: false });
    });
    file.facts.functions.forEach((facts, i) => {
      const { start, end, owner } = facts;
      const id = functions[file.firstFunction + i] as number;
      const isModule = i === 0;
      const kind = isModule ? 'module' : owner >= 0 ? 'method' : 'function';
      const name = lastName(facts.path);
      const isPart = owner >= 0 ? exported.classes.has(owner) : isOfImplementation(file, facts);
      const isMember = isPart && !isPrivate(name);
      const isOpen = !isOfPackage(file, name) && isVisible(file, facts);
      const isExported = isModule || ((exported.functions.has(i) || isMember) && isOpen);
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
  // What is static in C is for its file alone.
  for (const [name, place] of file.exports)
    if (!isPrivate(name) && !name.startsWith('static ')) take(place, 0);
  if (file.facts.module !== undefined) {
    for (const module of state.flow.valuesAt(file.place + file.facts.module)) {
      const exports = state.existingField(module, 'exports');
      if (exports !== undefined) take(exports, 0);
    }
  }
  return found;
}

/** Go says by the first letter what a package offers. */
const isOfPackage = ({ facts }: FileState, name: string): boolean =>
  facts.language === 'go' && !/^\p{Lu}/u.test(name);

/** Methods of Rust stand outside their type. */
const isOfImplementation = ({ facts }: FileState, { path, access }: FunctionFacts): boolean =>
  facts.language === 'rust' && access === 'open' && path.includes('.');

/** Languages in which what has no modifier is not for everybody. */
const closedUnlessSaid = new Set(['rust', 'java', 'c_sharp']);

function isVisible({ facts }: FileState, { access, owner }: FunctionFacts): boolean {
  if (access !== undefined) return access === 'open';
  return !closedUnlessSaid.has(facts.language) || facts.classes[owner]?.isInterface === true;
}

/** By convention; `__init__` is no secret. */
function isPrivate(name: string): boolean {
  return /^(#|_(?!_.*__$))/.test(name);
}
