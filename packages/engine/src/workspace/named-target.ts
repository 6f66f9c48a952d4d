/**
 * What a name means in one workspace: definitions of the graph, and those that outlines know and the graph does not follow, with the
 * lines that name them. A name never stands for another that resembles it.
 */
import { bareName, findTarget, type NamedTarget, type NameQuery } from '../analysis/name-target.ts';
import { type NamedLine, withNamedLines } from '../analysis/named-lines.ts';
import { moduleId } from '../graph/result/report.ts';
import { idAsWritten, matchOf } from '../graph/result/symbol-names.ts';
import type { FileRecord } from '../lexical/index-view.ts';
import type { CodeGraph, GraphSymbol } from '../model/code-graph.ts';
import type { FilePath } from '../model/file.ts';
import { qualifiedName } from '../model/outline.ts';
import type { SymbolKind } from '../model/parsed-file.ts';
import { readPlace } from '../model/place.ts';
import { definitionsNamed, type OutlinedDefinition } from '../query/find-definitions.ts';
import { findWord } from '../query/find-word.ts';
import type { LocateIndex } from '../query/run-locate.ts';
import { decodedOutline } from '../query/run-search.ts';
import { languageById } from '../syntax/registry.ts';
import { documentedPlace } from './asked-place.ts';
import { hasCode } from './graph-coverage.ts';
import type { WorkspaceReading } from './reading.ts';

export interface NameParts {
  readonly index: LocateIndex;
  /** Reads the index again where a merge took away what was being read. */
  readonly reading: Pick<WorkspaceReading, 'read'>;
}

export interface Meaning {
  readonly target: NamedTarget;
  /** With the lines that name what is in no graph. */
  readonly graph: CodeGraph;
  /** All that is asked about is known by lines with its name alone. */
  readonly isByName: boolean;
  /** What bears on trusting an answer from lines that were found by a name. */
  readonly notes: readonly string[];
  /** There are more such lines than are looked at. */
  readonly isCut: boolean;
}

/** More of one name that only outlines know are a question back. */
const MAX_TOGETHER = 20;
const MAX_LINES = { files: 1_000, lines: 2_000 };

/** `lines`: whether lines that name the definitions are wanted. */
export async function meaningOf(
  { index, reading }: NameParts,
  graph: CodeGraph,
  asked: NameQuery,
  { lines: wantsLines, everyKind }: { readonly lines: boolean; readonly everyKind: boolean },
  signal?: AbortSignal,
): Promise<Meaning> {
  const { outlined, hiding, target } = await reading.read(async () => {
    const query = { ...asked, name: documentedPlace(index, asked.name) };
    const found = findTarget(graph, query);
    const { definitions, hidden } = await outlinedFor(index, graph, query, found);
    return { outlined: definitions, hiding: hidden, target: together(found, definitions, query, everyKind) };
  }, signal);
  const unfollowed = outlined.filter((definition) => target.targets.includes(definition));
  const [first] = unfollowed;
  if (first === undefined || !wantsLines)
    return { target, graph, isByName: first !== undefined, notes: [], isCut: false };
  const { lines, isCut } = await reading.read(() => linesNaming(index, unfollowed, hiding), signal);
  return {
    target,
    graph: withNamedLines(graph, unfollowed, withoutResolved(graph, target, lines)),
    isByName: unfollowed.length === target.targets.length,
    notes: [
      `the graph does not follow ${kindsOf(unfollowed)} ${first.name}: lines are found by name; “inferred” where their file defines or imports it, “named” where only the word says so`,
    ],
    isCut,
  };
}

/** Where the graph has a definition of the name, too, it says more of its lines. */
function withoutResolved(
  graph: CodeGraph,
  { targets }: NamedTarget,
  lines: readonly NamedLine[],
): readonly NamedLine[] {
  const edges = targets.flatMap(({ id }) => graph.incoming(id));
  const told = new Set(edges.map(({ path, line }) => `${path}:${line}`));
  return lines.filter(({ path, line }) => !told.has(`${path}:${line}`));
}

const kindsOf = (definitions: readonly GraphSymbol[]): string =>
  [...new Set(definitions.map(({ kind }) => kind))].slice(0, 3).join(' or ');

interface Outlined {
  /** Definitions that are asked for and that the graph does not have, sources first. */
  readonly definitions: readonly GraphSymbol[];
  /** Files that define the name for themselves: it means theirs there. */
  readonly hidden: ReadonlySet<FilePath>;
}

const NOTHING: Outlined = { definitions: [], hidden: new Set() };

async function outlinedFor(
  index: LocateIndex,
  graph: CodeGraph,
  { name, path }: NameQuery,
  { isFile }: NamedTarget,
): Promise<Outlined> {
  const place = readPlace(name);
  if (place.lines !== undefined) return outlinedAt(index, graph, place.path, place.lines.start, isFile);
  const bare = bareName(name);
  if (bare === '' || graph.firstIn(place.path) !== undefined) return NOTHING;
  const wanted = idAsWritten(name);
  const inPath = (file: FilePath) => path === undefined || file === path || file.startsWith(`${path}/`);
  const all = await definitionsNamed(index, bare);
  const found = all
    .filter(({ file, symbol }) => inPath(file.path) && isBesideGraph(graph, file, symbol))
    .map((definition) => symbolOf(graph, definition))
    .filter(({ id }) => (matchOf(id, wanted) ?? 2) < 2);
  const hidden = all.filter(({ qualified }) => qualified === bare).map(({ file }) => file.path);
  return {
    definitions: [
      ...found.filter(({ fileKind }) => fileKind !== 'test'),
      ...found.filter(({ fileKind }) => fileKind === 'test'),
    ],
    hidden: new Set(hidden),
  };
}

/** The variable, constant or field whose lines hold one on which the graph has nothing smaller than the file or a class. */
async function outlinedAt(
  index: LocateIndex,
  graph: CodeGraph,
  path: FilePath,
  line: number,
  isFile: boolean,
): Promise<Outlined> {
  const file = index.view.file(path);
  const [bytes] = file === undefined ? [] : await index.outlines([path]);
  if (file === undefined || bytes === undefined) return NOTHING;
  const holder = graph.at(path, line)?.kind;
  if (!isFile && holder !== 'class' && holder !== 'interface' && holder !== undefined) return NOTHING;
  const { symbols } = decodedOutline(bytes);
  const at = symbols.findLastIndex(({ start, end }) => start <= line && line <= end);
  const symbol = symbols[at];
  if (symbol === undefined || !isBesideGraph(graph, file, symbol)) return NOTHING;
  const definition = symbolOf(graph, { file, symbol, qualified: qualifiedName(symbols, at) });
  return { definitions: [definition], hidden: new Set() };
}

/** What is no definition in code: a heading, a key of data, members added to a type defined elsewhere. */
const NOT_ASKED: ReadonlySet<SymbolKind> = new Set(['section', 'key', 'implementation', 'module', 'rule']);
/** What the graph has itself of a file that it reads. */
const IN_GRAPH: ReadonlySet<SymbolKind> = new Set([
  'function',
  'method',
  'constructor',
  'class',
  'interface',
  'namespace',
  'test',
]);

function isBesideGraph(
  graph: CodeGraph,
  { path }: FileRecord,
  { kind, name, start, end }: OutlinedDefinition['symbol'],
): boolean {
  if (NOT_ASKED.has(kind)) return false;
  if (graph.firstIn(path) === undefined) return true;
  if (IN_GRAPH.has(kind)) return false;
  return !graph
    .inFile(path)
    .some(
      (symbol) =>
        symbol.kind !== 'module' && symbol.name === name && symbol.start <= end && symbol.end >= start,
    );
}

function symbolOf(graph: CodeGraph, { file, symbol, qualified }: OutlinedDefinition): GraphSymbol {
  const { path, hash, language, kind: fileKind } = file;
  const { name, kind, start, end } = symbol;
  const id = `${graph.firstIn(path)?.id ?? moduleId(path)}.${qualified}`;
  return { id, name, kind, path, start, end, hash, language, fileKind, isExported: false };
}

function together(
  found: NamedTarget,
  outlined: readonly GraphSymbol[],
  { name, all = false }: NameQuery,
  everyKind: boolean,
): NamedTarget {
  const [placed] = outlined;
  if (placed !== undefined && readPlace(name).lines !== undefined)
    return { state: 'found', targets: [placed], candidates: [], isFile: false };
  // A file or a whole module is what is left where nothing has the name.
  const inGraph = [...found.targets, ...(found.state === 'several' ? found.candidates : [])].filter(
    ({ kind }) => kind !== 'module',
  );
  if (everyKind && inGraph.length + outlined.length > 0)
    return {
      state: 'found',
      targets: [...inGraph, ...outlined],
      candidates: found.state === 'found' ? found.candidates : [],
      isFile: false,
    };
  if (outlined.length === 0) return found;
  if (inGraph.length === 0) {
    if (all || outlined.length <= MAX_TOGETHER)
      return { state: 'found', targets: outlined, candidates: [], isFile: false };
    return { state: 'several', targets: [], candidates: outlined, isFile: false };
  }
  if (found.state === 'found' && all) return { ...found, targets: [...inGraph, ...outlined] };
  const variants =
    found.state === 'found' ? outlined.filter((other) => inGraph.some((one) => isVariant(one, other))) : [];
  return {
    ...found,
    targets: [...found.targets, ...variants],
    candidates: [...found.candidates, ...outlined.filter((other) => !variants.includes(other))],
  };
}

/** Of one package of Go, where each of several files may define a name for its own builds. */
function isVariant(one: GraphSymbol, other: GraphSymbol): boolean {
  const folder = ({ path }: GraphSymbol) => path.slice(0, path.lastIndexOf('/') + 1);
  return one.language === 'go' && other.language === 'go' && folder(one) === folder(other);
}

/** Lines of code with the word, but those of the definitions themselves, of comments, and of files that define another of the name. */
async function linesNaming(
  index: LocateIndex,
  definitions: readonly GraphSymbol[],
  hiding: ReadonlySet<FilePath>,
): Promise<{ readonly lines: readonly NamedLine[]; readonly isCut: boolean }> {
  const word = (definitions[0] as GraphSymbol).name;
  if (!/^[\p{L}\p{N}_$]+$/u.test(word)) return { lines: [], isCut: false };
  const asked = new Set(definitions.map(({ path }) => path));
  const isOwn = ownLines(definitions);
  const { hits, truncated } = await findWord(
    index,
    word,
    (file) => hasCode(file) && (asked.has(file.path) || !hiding.has(file.path)),
    MAX_LINES,
  );
  const lines = hits
    .filter(({ path, line, lineText }) => !isOwn(path, line) && !isComment(index, path, lineText))
    .map(({ path, line, lineText: text, hash }) => ({ path, line, text, hash }));
  return { lines, isCut: truncated };
}

/** The first line of a definition with the name is that which defines it. */
function ownLines(definitions: readonly GraphSymbol[]): (path: string, line: number) => boolean {
  const left = new Set(definitions);
  return (path, line) => {
    const own = [...left].find((one) => one.path === path && one.start <= line && line <= one.end);
    return own !== undefined && left.delete(own);
  };
}

function isComment(index: LocateIndex, path: string, text: string): boolean {
  const language = languageById(index.view.file(path)?.language ?? '');
  if (language === undefined) return false;
  const line = text.trimStart();
  const marks = [...language.lineComments, ...language.blockComments.map(([open]) => open)];
  return (
    marks.some((mark) => line.startsWith(mark)) ||
    (language.blockComments.length > 0 && /^\*(\s|$)/.test(line))
  );
}
