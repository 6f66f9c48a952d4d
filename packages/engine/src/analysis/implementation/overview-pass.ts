/** What is analyzed: its kind, its size, what it defines, and which classes it stands between. */
import type { AnalysisSubject } from '../../model/analysis.ts';
import type { CodeGraph, GraphEdge, GraphSymbol } from '../../model/code-graph.ts';
import { counted } from '../../model/counted.ts';
import { bare, nameOf, wordFor } from './call-passes.ts';
import {
  type Analysis,
  type AnalyzedFile,
  type AskedPlace,
  type Cited,
  cite,
  citeEdge,
  citeSubject,
  code,
  type Statement,
} from './context.ts';

export function overview(analysis: Analysis): Statement[] {
  const { graph, subjects, files, asked = [] } = analysis;
  return [
    ...subjects.flatMap((subject) => {
      const file = files.get(subject.path);
      const symbol = subject.id === undefined ? undefined : graph?.symbol(subject.id);
      const claims: Statement[] = [introduced(analysis, subject)];
      if (asked.length > 0) claims.push(...nearest(asked[0], files, maxNearest));
      if (file?.behaviour && graph) claims.push(...members(graph, subject, file));
      if (graph && symbol) claims.push(...family(graph, symbol, files));
      return claims;
    }),
    ...asked.slice(1).map((place) => otherPlace(analysis, place)),
  ];
}

/** What it is, and how large. */
function introduced({ graph }: Analysis, subject: AnalysisSubject): Statement {
  const symbol = subject.id === undefined ? undefined : graph?.symbol(subject.id);
  const exported = symbol?.isExported && isPlain(symbol) ? ', and other files can name it' : '';
  const size = counted(subject.end - subject.start + 1, 'line');
  // A method of Go stands outside its type, which may be in another file.
  const isMethod = subject.language === 'go' && subject.kind === 'function' && /\.\w+$/.test(subject.name);
  const kind = isMethod ? 'method' : subject.kind;
  const name = graph && symbol ? wordFor(graph, symbol.id, true) : code(subject.name);
  const what =
    subject.kind === 'file'
      ? `${code(subject.path)} has ${size} of ${subject.language}`
      : subject.kind === 'module'
        ? `${code(subject.path)} has ${size} of code outside its definitions here`
        : `${name} is ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} of ${size} in ${code(subject.path)}`;
  return { text: `${what}${exported}.`, evidence: [citeSubject(subject)] };
}

// --- of a question -----------------------------------------------------------------------------------------------

/** Lines that are told of the place that fits best. */
const maxNearest = 3;

function nearest(
  place: AskedPlace | undefined,
  files: ReadonlyMap<string, AnalyzedFile>,
  count: number,
): Statement[] {
  const { subject, lines = [] } = place ?? {};
  const file = subject && files.get(subject.path);
  if (file === undefined) return [];
  return lines.slice(0, count).map((line) => {
    const text = (file.lines[line - 1] ?? '').trim();
    return {
      text: `Nearest to the question in ${code(subject?.name ?? '')}: ${code(text.slice(0, maxLine))}.`,
      evidence: [cite(file, { start: line, end: line }, text.slice(0, maxLine))],
    };
  });
}

/** Characters of a line that are told. */
const maxLine = 200;

/** One claim for each: what it is, and its line that is nearest to the question. */
function otherPlace(analysis: Analysis, place: AskedPlace): Statement {
  const { text, evidence } = introduced(analysis, place.subject);
  const [near] = nearest(place, analysis.files, 1);
  if (near === undefined) return { text: `Fits the question, too: ${text}`, evidence };
  return {
    text: `Fits the question, too: ${text.replace(/\.$/, '')}; ${near.text.replace(/^Nearest to the question in `[^`]*`/, 'nearest')}`,
    evidence: [...evidence, ...near.evidence],
  };
}

/** Members are seen as far as their class is; a file is no name. */
const isPlain = ({ kind, language }: GraphSymbol) =>
  kind === 'class' || kind === 'interface' || (kind === 'function' && language !== 'rust');

/** What a class or a file defines, directly. */
function members(graph: CodeGraph, subject: AnalysisSubject, file: AnalyzedFile): Statement[] {
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
      text: `${code(subject.kind === 'file' ? subject.path : subject.name)} defines ${shown.map((one) => `${isVariant(graph, subject, one) ? 'variant' : one.kind} ${code(one.name)}`).join(', ')}${rest}.`,
      evidence: shown.map((one) => citeName(one, file)),
    },
  ];
}

/** A variant of an enum of Rust, which the graph has as a class below it. */
const isVariant = (graph: CodeGraph, { id }: AnalysisSubject, one: GraphSymbol) =>
  one.language === 'rust' &&
  one.kind === 'class' &&
  id !== undefined &&
  one.id.startsWith(`${id}.`) &&
  graph.symbol(id)?.kind === 'class';

/** Lines of a header that are looked through for the name: annotations and decorators stand before it. */
const maxHead = 8;

/** The line of the header that has the name, or its first lines where the file is not read. */
function citeName({ id, path, start, end, hash }: GraphSymbol, file: AnalyzedFile | undefined): Cited {
  const name = bare(id);
  const last = Math.min(end, start + maxHead - 1);
  const isName = /^[\p{L}\p{N}_$]+$/u.test(name);
  const at = isName ? file?.lines.slice(start - 1, last).findIndex((line) => line.includes(name)) : 0;
  const cited = { path, hash, resolution: 'exact' as const };
  if (at !== undefined) return { ...cited, start: start + Math.max(0, at), end: start + Math.max(0, at) };
  return { ...cited, start, end: last, anchor: name };
}

function family(
  graph: CodeGraph,
  symbol: GraphSymbol,
  files: ReadonlyMap<string, AnalyzedFile>,
): Statement[] {
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
      evidence: [citeFamily(graph, edge, files)],
    }));
}

/** A base by its line; what overrides by the name of the method. */
function citeFamily(graph: CodeGraph, edge: GraphEdge, files: ReadonlyMap<string, AnalyzedFile>): Cited {
  const method = edge.kind === 'overrides' ? graph.symbol(edge.from) : undefined;
  if (method === undefined || method.path !== edge.path) return citeEdge(edge);
  return { ...citeName(method, files.get(method.path)), resolution: edge.resolution };
}
