/** What a person or agent wrote -> the file, lines, definition or ticket that is meant. Says what else it could be. */
import { ConexusError } from '../model/errors.ts';
import type { FilePath } from '../model/file.ts';
import { qualifiedName } from '../model/outline.ts';
import type { SymbolDef } from '../model/parsed-file.ts';
import { readPlace } from '../model/place.ts';
import type { LineSpan } from '../ports/line-history.ts';
import { filesAlike } from '../query/files-alike.ts';
import { decodedOutline, runSearch } from '../query/run-search.ts';
import type { CodeTarget, CommitTarget, RelatedParts, Target } from './parts.ts';
import { askedTicket } from './ticket-references.ts';

const MAX_CANDIDATES = 8;

/** @throws ConexusError path_not_found, invalid_argument (no such lines, several definitions, nothing of that name) */
export async function findTarget(parts: RelatedParts, asked: string, signal?: AbortSignal): Promise<Target> {
  const text = asked.trim();
  if (text === '') throw refuse('The target is empty.', 'Give a path, a definition or a ticket.');
  const { path, lines } = readPlace(text);
  if (parts.index.view.file(path))
    return lines ? linesTarget(parts, path, lines.start, lines.end) : fileTarget(parts, path);
  const ticket = askedTicket(text);
  if (ticket) return { kind: 'ticket', name: ticket.id, ticket };
  const symbol = await symbolTarget(parts, text, signal);
  if (symbol) return symbol;
  const commit = await commitTarget(parts, text, signal);
  if (commit) return commit;
  const removed = await removedFile(parts, path, signal);
  if (removed) return removed;
  throw unknown(parts, text);
}

function fileTarget(parts: RelatedParts, path: FilePath): CodeTarget {
  const { hash, lines } = readNow(parts, path);
  return {
    kind: 'file',
    name: path,
    path,
    hash,
    lines,
    span: { start: 1, end: Math.max(1, lines.length) },
    names: [],
  };
}

async function linesTarget(
  parts: RelatedParts,
  path: FilePath,
  start: number,
  end: number,
): Promise<CodeTarget> {
  const { hash, lines } = readNow(parts, path);
  if (start < 1 || end < start || start > lines.length)
    throw refuse(
      `${path} has no lines ${start}-${end}: it has ${lines.length}.`,
      'Give lines that the file has.',
    );
  const span = { start, end: Math.min(end, lines.length) };
  const names = await namesAround(parts, path, span);
  return { kind: 'lines', name: `${path}:${start}-${span.end}`, path, hash, lines, span, names };
}

/** Names of the definition that holds the lines, for what is said about it elsewhere. */
async function namesAround(parts: RelatedParts, path: FilePath, span: LineSpan): Promise<readonly string[]> {
  const symbols = await symbolsOf(parts, path);
  let inner = -1;
  symbols.forEach(({ start, end }, i) => {
    if (start <= span.start && end >= span.end) inner = i;
  });
  return inner < 0 ? [] : namesOf(symbols, inner);
}

const namesOf = (symbols: readonly SymbolDef[], index: number): string[] => [
  ...new Set([qualifiedName(symbols, index), (symbols[index] as SymbolDef).name]),
];

async function symbolsOf(parts: RelatedParts, path: FilePath): Promise<readonly SymbolDef[]> {
  const [bytes] = await parts.index.outlines([path]);
  return bytes ? decodedOutline(bytes).symbols : [];
}

interface Candidate {
  readonly path: FilePath;
  readonly span: LineSpan;
  readonly names: readonly string[];
  readonly isTest: boolean;
}

/** `name`, `Class.name`, an id of the graph, or one of them after a path and a colon. */
async function symbolTarget(
  parts: RelatedParts,
  text: string,
  signal?: AbortSignal,
): Promise<CodeTarget | undefined> {
  const [, before, after] = /^([^\s:]+):([^\s:].*)$/.exec(text) ?? [];
  const path = before !== undefined && parts.index.view.file(before) ? before : undefined;
  const name = (path === undefined ? text : (after as string)).replace(/\(\)$/, '');
  if (!/^[^\s/]{1,300}$/u.test(name)) return undefined;
  const named =
    path === undefined ? await namedInIndex(parts, name, signal) : await namedIn(parts, name, [path]);
  const found = named.length > 0 ? named : await namedInGraph(parts, name, path, signal);
  const sources = found.filter(({ isTest }) => !isTest);
  const [first, ...others] = onePerName(sources.length > 0 ? sources : found);
  if (!first) return undefined;
  if (others.length > 0) throw ambiguous(name, [first, ...others]);
  const { path: file, span, names } = first;
  return { kind: 'symbol', name: names[0] as string, path: file, ...readNow(parts, file), span, names };
}

/** Overloads, and what reads and writes one property, are one definition: the longest stands for them. */
function onePerName(candidates: readonly Candidate[]): Candidate[] {
  const length = ({ span }: Candidate) => span.end - span.start;
  return [...Map.groupBy(candidates, ({ path, names }) => `${path}\0${names[0]}`).values()].map((same) =>
    same.reduce((best, one) => (length(one) > length(best) ? one : best)),
  );
}

/** Definitions in any language, from the outlines of the files that a search for the name finds. */
async function namedInIndex(parts: RelatedParts, name: string, signal?: AbortSignal): Promise<Candidate[]> {
  const request = {
    query: name,
    limit: 50,
    maxTokens: 100_000,
    detail: 'locations',
    fold: false,
  } as const;
  const { hits } = await runSearch(parts.index, request, undefined, signal);
  return namedIn(parts, name, [...new Set(hits.map(({ path }) => path))]);
}

/** Kinds of what defines no code of its own. */
const NOT_ASKED = new Set(['implementation', 'section', 'key']);

async function namedIn(parts: RelatedParts, name: string, paths: readonly FilePath[]): Promise<Candidate[]> {
  const asked = name.replaceAll('::', '.').replaceAll('#', '.');
  const outlines = await parts.index.outlines(paths);
  return paths.flatMap((path, at) => {
    const bytes = outlines[at];
    const symbols = bytes ? decodedOutline(bytes).symbols : [];
    const isTest = parts.index.view.file(path)?.kind === 'test';
    return symbols.flatMap(({ name: own, start, end, kind }, i): Candidate[] => {
      const qualified = qualifiedName(symbols, i);
      const fits = own === asked || qualified === asked || qualified.endsWith(`.${asked}`);
      if (!fits || NOT_ASKED.has(kind)) return [];
      return [{ path, span: { start, end }, names: namesOf(symbols, i), isTest }];
    });
  });
}

/** Ids of the graph begin with the module, which outlines do not name. */
async function namedInGraph(
  parts: RelatedParts,
  name: string,
  path: FilePath | undefined,
  signal?: AbortSignal,
): Promise<Candidate[]> {
  const graph = (await parts.graph(signal))?.graph;
  if (!graph) return [];
  const exact = graph.symbol(name);
  const found = exact ? [exact] : graph.find(name, path);
  return found
    .filter(({ kind }) => kind !== 'module')
    .map(({ id, path: file, start, end, fileKind, name: own }) => {
      const scope = id.split('.').at(-2) ?? '';
      const names = [...new Set([/^[A-Z]/.test(scope) ? `${scope}.${own}` : own, own])];
      return { path: file, span: { start, end }, names, isTest: fileKind === 'test' };
    });
}

const HASH = /^[0-9a-f]{7,40}$/i;

async function commitTarget(
  { items }: RelatedParts,
  text: string,
  signal?: AbortSignal,
): Promise<CommitTarget | undefined> {
  const item = HASH.test(text) ? await items.abbreviated(text.toLowerCase(), signal) : undefined;
  return item && { kind: 'commit', name: item.id.slice(0, 10), item };
}

async function removedFile(
  parts: RelatedParts,
  path: FilePath,
  signal?: AbortSignal,
): Promise<Target | undefined> {
  if (!/^[^\s\0]{1,1000}$/u.test(path) || path.startsWith('/') || path.split('/').includes('..'))
    return undefined;
  const removal = await parts.items.removal(path, signal);
  if (!removal) return undefined;
  const { item, renamedTo } = removal;
  const day = new Date(item.time * 1000).toISOString().slice(0, 10);
  const now = renamedTo === undefined ? '' : `; it is ${renamedTo} since then`;
  return {
    kind: 'deleted_file',
    name: path,
    path,
    note: `${path} was removed by ${item.id.slice(0, 10)} on ${day}${now}.`,
  };
}

/** @throws ConexusError path_not_found */
function readNow(parts: RelatedParts, path: FilePath) {
  const read = parts.index.read(path);
  if (read) return read;
  throw new ConexusError(
    'path_not_found',
    `${path} cannot be read any more.`,
    'Check that it is still there.',
  );
}

function ambiguous(name: string, candidates: readonly Candidate[]): ConexusError {
  const named = candidates
    .slice(0, MAX_CANDIDATES)
    .map(({ path, span, names }) => `${names[0]} (${path}:${span.start}-${span.end})`);
  const more = candidates.length > named.length ? ` and ${candidates.length - named.length} more` : '';
  return refuse(
    `"${name}" is defined in ${candidates.length} places: ${named.join(', ')}${more}.`,
    'Give one of them: its qualified name, path:name, or path:start-end.',
  );
}

function unknown(parts: RelatedParts, text: string): ConexusError {
  const near = filesAlike(parts.index.view, text);
  return new ConexusError(
    'path_not_found',
    `"${text.slice(0, 200)}" is no indexed file, no definition, no ticket and no commit${HASH.test(text) ? ' of this repository, or several begin so' : ''}.`,
    near.length > 0
      ? `Perhaps ${near.join(', ')}? Otherwise search for it first.`
      : 'Search for it first; paths are relative to the root, tickets look like #123 or ABC-123, commits are hashes of seven digits or more.',
  );
}

const refuse = (message: string, advice: string) => new ConexusError('invalid_argument', message, advice);
