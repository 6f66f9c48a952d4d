/** Callers, tests and files changed together: what the graph, the names of files and past commits say. */

import { impactOf } from '../analysis/impact.ts';
import { partsOf } from '../analysis/relations.ts';
import { addTo } from '../model/add-to.ts';
import type { CodeGraph, GraphEdge, GraphSymbol } from '../model/code-graph.ts';
import { counted } from '../model/counted.ts';
import type { FilePath } from '../model/file.ts';
import type { RelatedEntry } from '../model/related.ts';
import { testFiles } from '../model/test-files.ts';
import { documentedLine } from '../query/documented-line.ts';
import {
  type CodeTarget,
  type CommitTarget,
  isCode,
  type KnownGraph,
  type Question,
  type SectionDraft,
} from './parts.ts';

const NO_CODE: SectionDraft = { entries: [], notes: [] };
/** Lines of one caller that are named. */
const MAX_LINES = 6;
const MAX_UNRESOLVED = 5;

/** Definitions that the target stands for: those of its file, or the innermost that holds its lines, or those that begin in them. */
function definitionsOf(graph: CodeGraph, target: CodeTarget): readonly GraphSymbol[] {
  const all = graph.inFile(target.path).filter(({ hash }) => hash === target.hash);
  if (target.kind === 'file') return all;
  const { start, end } = target.span;
  const begun = all.filter(
    (symbol) => symbol.kind !== 'module' && symbol.start >= start && symbol.start <= end,
  );
  if (target.kind === 'symbol') {
    // A method of the same name deeper inside is another one.
    const own = begun.find(({ name }) => name === target.names.at(-1));
    return own ? partsOf(graph, own) : [];
  }
  const first = start === end ? documentedLine(target.lines, start) : start;
  const last = start === end ? first : end;
  // Lines of a function are lines of it although another one begins in them; one without a name runs for that around it.
  const [around] = all
    .filter(
      (symbol) =>
        (symbol.kind === 'function' || symbol.kind === 'method') &&
        symbol.start <= first &&
        symbol.end >= last &&
        !symbol.name.startsWith('<anonymous'),
    )
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  if (around !== undefined) return [around, ...begun.filter(({ id }) => id !== around.id)];
  if (begun.length > 0) return begun;
  const inner = graph.at(target.path, first);
  return inner && inner.kind !== 'module' && inner.hash === target.hash ? [inner] : [];
}

const lateNotes = ({ pendingCount }: KnownGraph) =>
  pendingCount === 0
    ? []
    : [
        `The graph of calls is behind by ${counted(pendingCount, 'file')}: callers there may be missing. Ask again.`,
      ];

function notInGraph(known: KnownGraph, { path, name }: CodeTarget): string {
  const { graph } = known;
  if (known.pendingCount > 0) return lateNotes(known).join(' ');
  const unread = graph.unread.find((file) => file.path === path);
  const why = unread
    ? `${path} could not be read for it (${unread.reason})`
    : `its language is not followed, or ${name} is no function, method or class`;
  return `Who calls it is not known: the graph of calls does not have it, because ${why}. A search for the name in quotes shows where it stands.`;
}

/** Edges that lead to the target from elsewhere. */
function incoming(graph: CodeGraph, target: CodeTarget): GraphEdge[] {
  const definitions = definitionsOf(graph, target);
  const inside = new Set(definitions.map(({ id }) => id));
  const kinds = new Set(['calls', 'uses', 'imports', 'inherits', 'overrides']);
  const isOwn = (edge: GraphEdge) =>
    edge.path === target.path &&
    (target.kind === 'file' || (edge.line >= target.span.start && edge.line <= target.span.end));
  return definitions
    .flatMap(({ id }) => graph.incoming(id))
    .filter((edge) => kinds.has(edge.kind) && !inside.has(edge.from) && !isOwn(edge));
}

// --- callers ---------------------------------------------------------------------------------------------------------

export async function callersSection(question: Question): Promise<SectionDraft> {
  const { parts, target } = question;
  if (!isCode(target)) return NO_CODE;
  const known = await question.graph();
  if (!known.graph) return { entries: [], notes: [known.why] };
  const { graph } = known;
  const definitions = definitionsOf(graph, target);
  if (definitions.length === 0) return { entries: [], notes: [notInGraph(known, target)] };
  const calls = incoming(graph, target);
  const users = new Set(calls.flatMap(({ kind, path }) => (kind === 'imports' ? [] : [path])));
  const callers = [...Map.groupBy(calls, ({ from }) => from).values()]
    // Whoever calls or uses it has imported it.
    .filter((edges) => edges.some(({ kind, path }) => kind !== 'imports' || !users.has(path)))
    .sort(byWeight(parts))
    .map((edges) => edgeEntry({ parts, graph }, edges));
  const own = calls.some(({ kind }) => kind === 'calls');
  const unresolved = [...new Set(definitions.filter(({ kind }) => kind !== 'module').map(({ name }) => name))]
    .flatMap((name) => graph.unresolvedNamed(name))
    .filter(({ path }) => target.kind !== 'file' || path !== target.path)
    .filter((site) => !calls.some(({ path, line }) => path === site.path && line === site.line));
  const notes: string[] = [];
  if (unresolved.length > 0) {
    const named = unresolved
      .slice(0, MAX_UNRESOLVED)
      .map(({ path, line, text }) => `${path}:${line} ${text.slice(0, 60)}`);
    const more = unresolved.length > named.length ? ` and ${unresolved.length - named.length} more` : '';
    notes.push(
      `Calls of this name whose target is not known may be further callers: ${named.join('; ')}${more}.`,
    );
  }
  if (!own && unresolved.length === 0 && known.pendingCount === 0 && !graph.isPartial)
    notes.push(`No call found in ${counted(graph.symbolCount, 'definition')}.`);
  notes.push(...lateNotes(known));
  if (graph.isPartial) notes.push('The graph is not complete: callers may be missing.');
  return { entries: callers, notes };
}

const isSource = (parts: Question['parts'], path: FilePath) => parts.index.view.file(path)?.kind !== 'test';

/** Calls before uses before imports, sources before tests. */
const byWeight = (parts: Question['parts']) => (a: readonly GraphEdge[], b: readonly GraphEdge[]) => {
  const [firstA, firstB] = [a[0] as GraphEdge, b[0] as GraphEdge];
  const rank = (edges: readonly GraphEdge[]) => {
    const kind = edges.some((edge) => edge.kind === 'calls')
      ? 0
      : edges.some((edge) => edge.kind !== 'imports')
        ? 1
        : 2;
    return (isSource(parts, (edges[0] as GraphEdge).path) ? 0 : 3) + kind;
  };
  return rank(a) - rank(b) || (firstA.from < firstB.from ? -1 : 1);
};

const VERBS: Readonly<Record<GraphEdge['kind'], string>> = {
  calls: 'calls it',
  uses: 'uses it without calling',
  imports: 'imports it',
  inherits: 'inherits from it',
  overrides: 'overrides it',
};

/** What a helper is handed it does not name: its line is not about the target. */
const verbOf = ({ kind, given }: GraphEdge) =>
  given === undefined ? VERBS[kind] : 'runs it, or a function in it, as an argument';

function edgeEntry(
  { parts, graph }: { readonly parts: Question['parts']; readonly graph: CodeGraph },
  edges: readonly GraphEdge[],
): RelatedEntry {
  const first = edges.find(({ kind }) => kind === 'calls') ?? (edges[0] as GraphEdge);
  const { from } = first;
  const symbol = graph.symbol(from);
  const reasons = [...Map.groupBy(edges, verbOf)].map(([verb, list]) => `${verb} in line ${linesOf(list)}`);
  const isExact = edges.every(({ resolution }) => resolution === 'exact');
  return {
    id: from,
    title: symbol && symbol.kind !== 'module' ? symbol.name : from,
    reasons,
    ...proof(parts, first),
    resolution: isExact ? 'exact' : 'inferred',
  };
}

/** The line on disk, where the file still has the bytes that the graph was made from. */
function proof(
  parts: Question['parts'],
  { path, line, hash }: Pick<GraphEdge, 'path' | 'line' | 'hash'>,
): Pick<RelatedEntry, 'place' | 'text'> {
  const now = parts.index.read(path);
  const text = now?.hash === hash ? now.lines[line - 1] : undefined;
  const place = { path, start: line, end: line, hash };
  return text === undefined ? { place } : { place, text };
}

// --- tests -----------------------------------------------------------------------------------------------------------

/** Calls and uses that are followed from the target back to a test. */
const MAX_STEPS = 5;

interface TestDraft {
  readonly reasons: string[];
  edge?: ProvingEdge;
  score: number;
}

/** Tests that call or use the target, are named after its file, or changed with it; a test's own sources, for a test. */
export async function testsSection(question: Question): Promise<SectionDraft> {
  const { parts, target } = question;
  if (target.kind === 'commit') return testsOfCommit(question, target);
  if (!isCode(target)) return NO_CODE;
  const known = await question.graph();
  const { graph } = known;
  const drafts = new Map<FilePath, TestDraft>();
  const draftOf = (path: FilePath) => {
    const draft = drafts.get(path) ?? { reasons: [], score: 0 };
    drafts.set(path, draft);
    return draft;
  };
  for (const [path, { edge, depth, reason }] of graph ? await testsReaching(parts, graph, target) : []) {
    const draft = draftOf(path);
    draft.edge = edge;
    draft.score += 4 / depth;
    draft.reasons.push(reason);
  }
  const files = testFiles(parts.index.view.files());
  for (const path of files.namedAfter(target.path)) {
    const draft = draftOf(path);
    draft.score += 3;
    draft.reasons.push(`named after ${baseOf(target.path)}`);
  }
  for (const { path, share } of parts.index.changedTogether(target.path)) {
    if (!files.isRun(path)) continue;
    const draft = draftOf(path);
    draft.score += share;
    draft.reasons.push(`changed together in ${Math.round(share * 100)} % of its commits`);
  }
  const entries = [...drafts]
    .filter(([path]) => files.isRun(path))
    .sort(([pathA, a], [pathB, b]) => b.score - a.score || (pathA < pathB ? -1 : 1))
    .map(([path, { reasons, edge }]): RelatedEntry => {
      const hash = parts.index.view.file(path)?.hash ?? '';
      const at = edge ? { ...proof(parts, edge), resolution: edge.resolution } : { place: { path, hash } };
      return { id: path, title: path, reasons, ...at };
    });
  if (!known.graph) return { entries, notes: [known.why] };
  const isKnown = definitionsOf(known.graph, target).length > 0;
  return { entries, notes: isKnown ? lateNotes(known) : [notInGraph(known, target)] };
}

/** Tests that it changed, then tests that are named after files that it changed. */
function testsOfCommit({ parts }: Question, { item }: CommitTarget): SectionDraft {
  const files = testFiles(parts.index.view.files());
  const found = new Map<FilePath, string>();
  for (const path of item.paths) if (files.isRun(path)) found.set(path, 'changed by it');
  for (const path of item.paths.filter((one) => !files.isRun(one)))
    for (const test of files.namedAfter(path))
      if (!found.has(test)) found.set(test, `named after ${path}, which it changed`);
  const entries = [...found].map(([path, reason]): RelatedEntry => {
    const hash = parts.index.view.file(path)?.hash ?? '';
    return { id: path, title: path, reasons: [reason], place: { path, hash } };
  });
  return { entries, notes: [] };
}

type ProvingEdge = Pick<GraphEdge, 'path' | 'line' | 'hash' | 'resolution'>;

/** Tests that call or use the target, and those that reach it over others. */
async function testsReaching(parts: Question['parts'], graph: CodeGraph, target: CodeTarget) {
  const found = new Map<FilePath, { edge: ProvingEdge; depth: number; reason: string }>();
  const direct = incoming(graph, target).filter(({ path }) => !isSource(parts, path));
  for (const [path, edges] of Map.groupBy(direct, (edge) => edge.path)) {
    const edge =
      edges.find(({ kind }) => kind === 'calls') ??
      edges.find(({ kind }) => kind !== 'imports') ??
      (edges[0] as GraphEdge);
    const same = edges.filter(({ kind }) => kind === edge.kind);
    // Who imports a file may use another part of it.
    found.set(path, {
      edge,
      depth: edge.kind === 'imports' ? 2 : 1,
      reason: `${VERBS[edge.kind]} in line ${linesOf(same)}`,
    });
  }
  const definitions = definitionsOf(graph, target);
  const isFile = target.kind === 'file';
  const changes = isFile ? definitions.filter(({ kind }) => kind === 'module') : definitions;
  const { dependents } = await impactOf(graph, changes, { depth: MAX_STEPS, wholeFiles: isFile });
  for (const dependent of dependents) {
    const { path, isTest, depth, through, line, resolution } = dependent;
    if (!isTest || depth === 1 || path === target.path || found.has(path) || resolution === 'named') continue;
    found.set(path, {
      edge: { ...dependent, resolution },
      depth,
      reason: `reaches it in ${depth} steps, over ${through[0]} in line ${line}`,
    });
  }
  return found;
}

function linesOf(edges: readonly GraphEdge[]): string {
  const lines = [...new Set(edges.map(({ line }) => line))].sort((a, b) => a - b);
  return `${lines.slice(0, MAX_LINES).join(', ')}${lines.length > MAX_LINES ? ` and ${lines.length - MAX_LINES} more` : ''}`;
}

const baseOf = (path: FilePath) => path.slice(path.lastIndexOf('/') + 1);
// --- files changed together --------------------------------------------------------------------------------------------

const NAMED_COMMITS = 3;

/** Files of the commits that name the ticket, or that changed with the file. */
export async function coChangedSection(question: Question): Promise<SectionDraft> {
  const { parts, target } = question;
  if (target.kind === 'ticket') return changedFor(question);
  if (target.kind === 'commit') return changedBy(question, target);
  const commits = parts.commits()?.commits ?? [];
  const own = commits.filter(
    ({ paths, time }) => paths.includes(target.path) && time >= (question.since ?? 0),
  );
  const entries = parts.index.changedTogether(target.path).flatMap(({ path }): RelatedEntry[] => {
    const file = parts.index.view.file(path);
    const shared = own.filter(({ paths }) => paths.includes(path));
    if (!file || shared.length === 0) return [];
    const hashes = shared.slice(0, NAMED_COMMITS).map(({ hash }) => hash.slice(0, 10));
    const [newest] = shared as [(typeof shared)[number]];
    return [
      {
        id: path,
        title: path,
        reasons: [
          `changed together in ${shared.length} of ${counted(own.length, 'commit')} (${Math.round((100 * shared.length) / own.length)} %): ${hashes.join(', ')}${shared.length > hashes.length ? ', …' : ''}`,
        ],
        place: { path, hash: file.hash },
        commit: { hash: newest.hash, time: newest.time, path },
      },
    ];
  });
  const notes = parts.commits() ? [] : ['No history of past commits here, or it is not read yet.'];
  return { entries, notes };
}

function changedBy({ parts }: Question, { item }: CommitTarget): SectionDraft {
  const entries = item.paths.map((path): RelatedEntry => {
    const file = parts.index.view.file(path);
    return {
      id: path,
      title: path,
      reasons: ['changed by it', ...(file ? [] : ['not there any more, or not indexed'])],
      ...(file ? { place: { path, hash: file.hash } } : {}),
      commit: { hash: item.id, time: item.time, path },
    };
  });
  return { entries, notes: [] };
}

async function changedFor(question: Question): Promise<SectionDraft> {
  const { parts, target } = question;
  const items = (await question.items()).map(({ item }) => item);
  const byPath = new Map<FilePath, typeof items>();
  for (const item of items) for (const path of item.paths) addTo(byPath, path, item);
  const entries = [...byPath]
    .sort(([pathA, a], [pathB, b]) => b.length - a.length || (pathA < pathB ? -1 : 1))
    .map(([path, list]): RelatedEntry => {
      const file = parts.index.view.file(path);
      const [newest] = list as [(typeof list)[number]];
      const hashes = list.slice(0, NAMED_COMMITS).map(({ id }) => id.slice(0, 10));
      return {
        id: path,
        title: path,
        reasons: [
          `changed by ${counted(list.length, 'commit that names', 'commits that name')} ${target.name}: ${hashes.join(', ')}${list.length > hashes.length ? ', …' : ''}`,
          ...(file ? [] : ['not there any more, or not indexed']),
        ],
        ...(file ? { place: { path, hash: file.hash } } : {}),
        commit: { hash: newest.id, time: newest.time, path },
      };
    });
  return { entries, notes: [] };
}
