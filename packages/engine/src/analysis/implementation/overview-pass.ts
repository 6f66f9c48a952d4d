/** What is analyzed: its kind, its size, what it defines, and which classes it stands between. */
import type { AnalysisSubject } from '../../model/analysis.ts';
import type { CodeGraph, GraphEdge, GraphSymbol } from '../../model/code-graph.ts';
import { nameOf } from './call-passes.ts';
import { type Analysis, citeEdge, citeSubject, code, type Statement } from './context.ts';

export function overview(analysis: Analysis): Statement[] {
  const { graph, subjects, files } = analysis;
  return subjects.flatMap((subject) => {
    const file = files.get(subject.path);
    const symbol = subject.id === undefined ? undefined : graph?.symbol(subject.id);
    const size = subject.end - subject.start + 1;
    const exported = symbol?.isExported && isPlain(symbol) ? ', and other files can name it' : '';
    const what =
      subject.kind === 'file'
        ? `${code(subject.path)} has ${size} ${size === 1 ? 'line' : 'lines'} of ${subject.language}`
        : `${code(subject.name)} is ${subject.kind === 'interface' ? 'an' : 'a'} ${subject.kind} of ${size} ${size === 1 ? 'line' : 'lines'} in ${code(subject.path)}`;
    const claims: Statement[] = [{ text: `${what}${exported}.`, evidence: [citeSubject(subject)] }];
    if (file?.behaviour && graph) claims.push(...members(graph, subject));
    if (graph && symbol) claims.push(...family(graph, symbol));
    return claims;
  });
}

/** Members are seen as far as their class is; a file is no name. */
const isPlain = ({ kind, language }: GraphSymbol) =>
  kind === 'class' || kind === 'interface' || (kind === 'function' && language !== 'rust');

/** What a class or a file defines, directly. */
function members(graph: CodeGraph, subject: AnalysisSubject): Statement[] {
  if (subject.kind === 'function' || subject.kind === 'method') return [];
  const inside = graph
    .inFile(subject.path)
    .filter(
      ({ start, end, kind, id }) =>
        kind !== 'module' && id !== subject.id && subject.start <= start && end <= subject.end,
    );
  const direct = inside.filter(
    (one) =>
      !inside.some((other) => other !== one && one.id.startsWith(`${other.id}.`)) &&
      !one.name.startsWith('<'),
  );
  if (direct.length === 0) return [];
  const shown = direct.slice(0, 20);
  const rest = direct.length > shown.length ? ` and ${direct.length - shown.length} more` : '';
  return [
    {
      text: `${code(subject.kind === 'file' ? subject.path : subject.name)} defines ${shown.map(({ name, kind }) => `${kind} ${code(name)}`).join(', ')}${rest}.`,
      evidence: shown.map(({ path, start, hash }) => ({
        path,
        start,
        end: start,
        hash,
        resolution: 'exact' as const,
      })),
    },
  ];
}

function family(graph: CodeGraph, symbol: GraphSymbol): Statement[] {
  const edges = [
    ...graph.outgoing(symbol.id, 'inherits'),
    ...graph.incoming(symbol.id, 'inherits'),
    ...graph.outgoing(symbol.id, 'overrides'),
    ...graph.incoming(symbol.id, 'overrides'),
  ];
  // Every class extends it: where it is named it is an argument of a generic base. A variant of Rust is a part of its type.
  const isRoot = ({ from, to }: GraphEdge) =>
    to === '<external>.java.lang.Object' || from.startsWith(`${to}.`);
  const isConstructor = ({ to }: GraphEdge) => /(?:^|\.)([^.]+)\.\1$|\.(constructor|__init__|new)$/.test(to);
  return edges
    .filter((edge) => (edge.kind === 'inherits' ? !isRoot(edge) : !isConstructor(edge)))
    .slice(0, 20)
    .map((edge) => ({
      text: `${code(nameOf(graph, edge.from))} ${edge.kind === 'inherits' ? 'extends or implements' : 'takes the place of'} ${code(nameOf(graph, edge.to))}.`,
      evidence: [citeEdge(edge)],
    }));
}
