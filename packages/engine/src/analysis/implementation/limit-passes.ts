/** What the analysis could not see, and what a reader should ask: each with the lines that raise it. */
import { addTo } from '../../model/add-to.ts';
import type { AnalysisSubject } from '../../model/analysis.ts';
import type { CodeGraph, GraphEdge, UnresolvedSite } from '../../model/code-graph.ts';
import type { LanguageId } from '../../model/file.ts';
import {
  bare,
  isDeclaredAlone,
  isTestCode,
  listed,
  nameOf,
  outsideName,
  ownIds,
  unresolvedInside,
} from './call-passes.ts';
import { type Analysis, cite, code, ownFacts, type Statement, together } from './context.ts';

const maxSites = 10;

export function limitations(analysis: Analysis): Statement[] {
  return [...unresolvedInside(analysis), ...possibleCallers(analysis)];
}

/** Sites anywhere whose callee ends in the name of a subject. */
function possibleCallers({ graph, subjects }: Analysis): Statement[] {
  if (graph === undefined) return [];
  const callables = subjects.filter(({ kind }) => kind === 'function' || kind === 'method');
  const byName = Map.groupBy(callables, ({ name }) => bare(name));
  return [...byName].flatMap(([called, group]) => {
    const sites = graph
      .unresolvedNamed(called)
      .filter((site) => group.some((subject) => mayMean(graph, site, subject)));
    if (sites.length === 0) return [];
    const isOne = sites.length === 1;
    const places = isOne ? 'One call' : `${sites.length} calls`;
    const more = sites.length > maxSites ? `, of which ${maxSites} are cited,` : '';
    const names = group.map(({ name }) => code(name));
    return [
      {
        text: `${places} of something named ${code(called)}${more} could not be followed: if ${isOne ? 'it means' : 'one of them means'} ${listed(names, 'or')}, ${names.length === 1 ? 'its' : 'their'} callers are more than are listed.`,
        evidence: sites.slice(0, maxSites).map(({ path, line, hash }) => ({
          path,
          start: line,
          end: line,
          hash,
          resolution: 'unresolved' as const,
        })),
      },
    ];
  });
}

/** Languages whose code calls one another by name: any other is one of its own. */
const families: readonly RegExp[] = [
  /^(javascript|typescript|tsx|vue|svelte|astro|coffeescript)$/,
  /^(java|kotlin|scala|groovy)$/,
  /^(c|cpp|objectivec|swift)$/,
  /^(c_sharp|vb|fsharp)$/,
];

function callOneAnother(one: LanguageId, other: LanguageId): boolean {
  return one === other || families.some((family) => family.test(one) && family.test(other));
}

/** Not in a language that cannot call it, nor in a form that it is not called by, nor of another type written before the name. */
function mayMean(graph: CodeGraph, site: UnresolvedSite, subject: AnalysisSubject): boolean {
  const { id, language } = subject;
  const from = graph.symbol(site.from)?.language;
  if (from !== undefined && !callOneAnother(from, language)) return false;
  if (isOtherForm(graph, site, subject)) return false;
  if (language !== 'rust' || id === undefined) return true;
  const written = /(?:^|::)([A-Z]\w+)(?:::<[^()]*>)?::\w+$/.exec(site.text)?.[1];
  return written === undefined || written === 'Self' || !isOfOneType(graph, id) || written === ownerOf(id);
}

/** Where a method needs a receiver. */
const hasPlainCalls = /^(javascript|typescript|tsx|python|go|rust)$/;

/** `f()` means no method that nobody passes on; `x.f()`, where a module is no value, no function that nobody stores. */
function isOtherForm(
  graph: CodeGraph,
  { text }: UnresolvedSite,
  { id, kind, language }: AnalysisSubject,
): boolean {
  if (id === undefined || !hasPlainCalls.test(language)) return false;
  const isBare = /^[\p{L}\p{N}_$]+$/u.test(text);
  const isOfModule = graph.symbol(id.slice(0, Math.max(0, id.lastIndexOf('.'))))?.kind === 'module';
  const isMember = isOfModule && /^(go|rust)$/.test(language) && /\.\s*\w+$/.test(text);
  return (kind === 'method' ? isBare : isMember) && graph.incoming(id, 'uses').length === 0;
}

const ownerOf = (id: string) => bare(id.slice(0, Math.max(0, id.lastIndexOf('.'))));

/** A method of a type, and of no trait that is known or may be: nothing else has its name before it, but a name for the type. */
function isOfOneType(graph: CodeGraph, id: string): boolean {
  const owner = graph.symbol(id.slice(0, Math.max(0, id.lastIndexOf('.'))));
  return (
    owner?.kind === 'class' &&
    graph.outgoing(id, 'overrides').length === 0 &&
    !graph.outgoing(owner.id, 'inherits').some(({ to }) => outsideName.test(to))
  );
}

export function openQuestions(analysis: Analysis): Statement[] {
  return [...severalTargets(analysis), ...swallowed(analysis), ...marks(analysis)];
}

/** Lines at which several definitions may run. */
function severalTargets(analysis: Analysis): Statement[] {
  const { graph } = analysis;
  if (graph === undefined) return [];
  return [...ownIds(analysis)].flatMap((id) => {
    const byLine = new Map<string, GraphEdge[]>();
    for (const edge of graph.outgoing(id, 'calls')) {
      if (edge.resolution === 'exact' || outsideName.test(edge.to)) continue;
      const target = graph.symbol(edge.to);
      if (target === undefined || target.kind === 'class' || isTestCode(target)) continue;
      if (isDeclaredAlone(graph, target)) continue;
      const key = `${edge.line}\0${bare(edge.to)}`;
      addTo(byLine, key, edge);
    }
    return [...byLine.values()]
      .filter((edges) => edges.length > 1 && areRelated(graph, edges))
      .map((edges) => {
        const shown = distinct(graph, edges.slice(0, 4));
        const rest = edges.length > shown.length ? ` or ${edges.length - shown.length} more` : '';
        const [{ path, line, hash } = edges[0] as GraphEdge] = edges;
        return {
          text: `Which method runs there, called from ${code(nameOf(graph, id))}: ${shown.join(', ')}${rest}, or another?`,
          evidence: [
            {
              path,
              start: line,
              end: line,
              hash,
              resolution: 'inferred' as const,
              anchor: bare((edges[0] as GraphEdge).to),
            },
          ],
        };
      });
  });
}

/** By name, and by file too where several have one name. */
function distinct(graph: CodeGraph, edges: readonly GraphEdge[]): string[] {
  const names = edges.map(({ to }) => nameOf(graph, to));
  return edges.map(({ to }, i) => {
    const name = names[i] as string;
    const path = graph.symbol(to)?.path;
    const isAlone = names.indexOf(name) === names.lastIndexOf(name);
    return isAlone || path === undefined ? code(name) : `${code(name)} in ${code(path)}`;
  });
}

/** Methods that take the place of one and the same: others share no more than a name. */
function areRelated(graph: CodeGraph, edges: readonly GraphEdge[]): boolean {
  const families = edges.map(({ to }) => {
    const isMethod = graph.symbol(to)?.kind === 'method';
    return isMethod
      ? new Set([to, ...graph.outgoing(to, 'overrides').map((one) => one.to)])
      : new Set<string>();
  });
  return [...(families[0] ?? [])].some((id) => families.every((family) => family.has(id)));
}

function swallowed(analysis: Analysis): Statement[] {
  return together(
    ownFacts(analysis, 'catch').filter(({ fact }) => fact.outcome === 'swallowed'),
    ({ fact, owner }) =>
      `Is it meant that ${owner} does nothing about ${fact.types.map(code).join(', ') || 'anything thrown'}?`,
    () => undefined,
  );
}

const mark = /\b(TODO|FIXME|XXX|HACK)\b[:\s(].{0,120}/;

function marks({ subjects, files }: Analysis): Statement[] {
  return subjects.flatMap((subject) => {
    const file = files.get(subject.path);
    return (file?.lines.slice(subject.start - 1, subject.end) ?? []).flatMap((line, index) => {
      const found = /(\/\/|#|\*|--|;)/.test(line) ? mark.exec(line)?.[0] : undefined;
      if (!file || !found) return [];
      const at = subject.start + index;
      return [
        {
          text: `A note is left: ${code(found.trim())}.`,
          evidence: [cite(file, { start: at, end: at }, found)],
        },
      ];
    });
  });
}
