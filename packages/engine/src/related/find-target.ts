/** What a person or agent wrote -> the file, lines, definition or ticket that is meant. Says what else it could be. */
import { ConexusError } from '../model/errors.ts';
import type { FilePath } from '../model/file.ts';
import { qualifiedName } from '../model/outline.ts';
import type { SymbolDef } from '../model/parsed-file.ts';
import type { LineSpan } from '../ports/line-history.ts';
import { decodedOutline, runSearch } from '../query/run-search.ts';
import type { CodeTarget, RelatedParts, Target } from './parts.ts';
import { askedTicket } from './ticket-references.ts';

const MAX_CANDIDATES = 8;
const LINES = /^(.+?)(?::(\d{1,9})(?:-(\d{1,9}))?|#L(\d{1,9})(?:-L?(\d{1,9}))?)$/;

/** @throws ConexusError path_not_found, invalid_argument (no such lines, several definitions, nothing of that name) */
export async function findTarget(parts: RelatedParts, asked: string, signal?: AbortSignal): Promise<Target> {
  const text = asked.trim();
  if (text === '') throw refuse('The target is empty.', 'Give a path, a definition or a ticket.');
  const [, path = '', a, b, c, d] = LINES.exec(text) ?? [];
  if (path !== '' && parts.index.view.file(path))
    return linesTarget(parts, path, Number(a ?? c), Number(b ?? a ?? d ?? c));
  if (parts.index.view.file(text)) return fileTarget(parts, text);
  const ticket = askedTicket(text);
  if (ticket) return { kind: 'ticket', name: ticket.id, ticket };
  const symbol = await symbolTarget(parts, text, signal);
  if (symbol) return symbol;
  const removed = await removedFile(parts, path === '' ? text : path, signal);
  if (removed) return removed;
  throw unknown(parts, text);
}

function fileTarget(parts: RelatedParts, path: FilePath): CodeTarget {
  const { hash, lines } = readNow(parts, path);
  return { kind: 'file', name: path, path, hash, lines, span: { start: 1, end: lines.length }, names: [] };
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
  const { names, symbolId } = await enclosing(parts, path, span);
  return { kind: 'lines', name: `${path}:${start}-${span.end}`, path, hash, lines, span, names, symbolId };
}

/** The definition that holds the lines, for what is said about it elsewhere. */
async function enclosing(parts: RelatedParts, path: FilePath, span: LineSpan) {
  const symbols = await symbolsOf(parts, path);
  let inner = -1;
  symbols.forEach(({ start, end }, i) => {
    if (start <= span.start && end >= span.end) inner = i;
  });
  const graph = await parts.graph?.();
  const node = graph?.at(path, span.start);
  const isInside = node !== undefined && node.kind !== 'module' && node.end >= span.end;
  return { names: inner < 0 ? [] : namesOf(symbols, inner), symbolId: isInside ? node.id : undefined };
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
  readonly id?: string | undefined;
}

/** `name`, `Class.name`, an id of the graph, or one of them after a path and a colon. */
async function symbolTarget(
  parts: RelatedParts,
  text: string,
  signal?: AbortSignal,
): Promise<CodeTarget | undefined> {
  const [, folder, inFolder] = /^([^\s:]+?[./][^\s:]*):([^:].*)$/.exec(text) ?? [];
  const path = folder !== undefined && parts.index.view.file(folder) ? folder : undefined;
  const name = (path === undefined ? text : (inFolder as string)).replace(/\(\)$/, '');
  if (!/^[^\s/]{1,300}$/u.test(name)) return undefined;
  const candidates = await fromGraph(parts, name, path, signal);
  const found = candidates.length > 0 ? candidates : await fromIndex(parts, name, path, signal);
  const sources = found.filter(({ isTest }) => !isTest);
  const [first, ...others] = sources.length > 0 ? sources : found;
  if (!first) return undefined;
  if (others.length > 0) throw ambiguous(name, [first, ...others]);
  const { hash, lines } = readNow(parts, first.path);
  const { path: file, span, names, id } = first;
  return { kind: 'symbol', name: names[0] as string, path: file, hash, lines, span, names, symbolId: id };
}

async function fromGraph(
  parts: RelatedParts,
  name: string,
  path: FilePath | undefined,
  signal?: AbortSignal,
) {
  const graph = await parts.graph?.(signal);
  const exact = graph?.symbol(name);
  const found = (exact ? [exact] : (graph?.find(name, path) ?? [])).filter(({ kind }) => kind !== 'module');
  const sameCase = found.filter((symbol) => symbol.name === lastPart(name));
  return (sameCase.length > 0 ? sameCase : found).map<Candidate>(
    ({ id, path: file, start, end, fileKind, name: own }) => {
      const scope = id.split('.').at(-2) ?? '';
      return {
        path: file,
        span: { start, end },
        names: [...new Set([/^[A-Z]/.test(scope) ? `${scope}.${own}` : own, own])],
        isTest: fileKind === 'test',
        id,
      };
    },
  );
}

const lastPart = (name: string) => name.split(/\.|::|#/).at(-1) ?? name;

/** Languages that the graph does not know, from the outlines of what the search for the name finds. */
async function fromIndex(
  parts: RelatedParts,
  name: string,
  path: FilePath | undefined,
  signal?: AbortSignal,
) {
  const filter = path === undefined ? {} : { filter: { paths: [path] } };
  const request = {
    query: name,
    limit: 50,
    maxTokens: 100_000,
    detail: 'locations',
    fold: false,
    ...filter,
  } as const;
  const { hits } = await runSearch(parts.index, request, undefined, signal);
  const asked = name.replaceAll('::', '.').replaceAll('#', '.');
  const candidates: Candidate[] = [];
  for (const file of new Set(hits.map((hit) => hit.path))) {
    const symbols = await symbolsOf(parts, file);
    symbols.forEach(({ start, end, kind }, i) => {
      const [qualified = '', own = ''] = [qualifiedName(symbols, i), namesOf(symbols, i).at(-1)];
      const fits = own === asked || qualified === asked || qualified.endsWith(`.${asked}`);
      if (!fits || kind === 'implementation' || kind === 'section' || kind === 'key') return;
      const isTest = parts.index.view.file(file)?.kind === 'test';
      candidates.push({ path: file, span: { start, end }, names: namesOf(symbols, i), isTest });
    });
  }
  return candidates;
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
    .map(({ path, span, names, id }) => `${id ?? names[0]} (${path}:${span.start}-${span.end})`);
  const more = candidates.length > named.length ? ` and ${candidates.length - named.length} more` : '';
  return refuse(
    `"${name}" is defined in ${candidates.length} places: ${named.join(', ')}${more}.`,
    'Give one of them: its id, its qualified name, or path:start-end.',
  );
}

function unknown(parts: RelatedParts, text: string): ConexusError {
  const name = text
    .slice(text.lastIndexOf('/') + 1)
    .replace(/:.*$/, '')
    .toLowerCase();
  const alike: FilePath[] = [];
  for (const { path } of parts.index.view.files())
    if (
      name.length > 2 &&
      path
        .slice(path.lastIndexOf('/') + 1)
        .toLowerCase()
        .startsWith(name.replace(/\.[a-z]+$/, ''))
    )
      alike.push(path);
  const near = alike.slice(0, MAX_CANDIDATES).sort();
  return new ConexusError(
    'path_not_found',
    `"${text.slice(0, 200)}" is no indexed file, no definition and no ticket.`,
    near.length > 0
      ? `Perhaps ${near.join(', ')}? Otherwise search for it first.`
      : 'Search for it first; paths are relative to the root, tickets look like #123 or ABC-123.',
  );
}

const refuse = (message: string, advice: string) => new ConexusError('invalid_argument', message, advice);
