/** The state of resolving -> the graph as columns. */
import { type Definitions, Names } from '../resolving/definitions.ts';
import type { Members } from '../resolving/members.ts';
import type { Modules } from '../resolving/modules.ts';
import type { State } from '../resolving/state.ts';
import type { GraphData } from './graph-data.ts';
import { addCalls, addImports, addInheritance, addUses, Edges } from './graph-edges.ts';
import { symbolsOf } from './graph-symbols.ts';
import { idsOf, isUnresolved, moduleId } from './report.ts';

/** Everything that resolving found out. */
export interface Resolved {
  readonly state: State;
  readonly members: Members;
  readonly modules: Modules;
}

export function buildGraph({ state, members, modules }: Resolved): GraphData {
  const ids = new Names();
  const functions = idsOf(state, true).map((id) => ids.of(id));
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
    isPartial: state.flow.isPartial,
  };
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
