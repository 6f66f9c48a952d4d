/** What a request is about: a definition, files, or words to look for. Reads the graph and the list of files, no text. */
import type { AnalysisRequest, AnalysisRoute } from '../../model/analysis.ts';
import type { CodeGraph, GraphSymbol } from '../../model/code-graph.ts';
import { ConexusError } from '../../model/errors.ts';
import type { FilePath } from '../../model/file.ts';
import { readPlace } from '../../model/place.ts';
import type { Folder } from './context.ts';

export interface Routed {
  readonly route: AnalysisRoute;
  readonly symbols: readonly GraphSymbol[];
  readonly paths: readonly FilePath[];
  readonly folder?: Folder | undefined;
  readonly question: string;
  readonly candidates: readonly GraphSymbol[];
}

/** Definitions of one name that are analyzed together; more are candidates. */
const maxNamed = 3;
const maxCandidates = 20;
const maxFiles = 20;

const empty: Routed = { route: 'question', symbols: [], paths: [], question: '', candidates: [] };

/** @throws ConexusError invalid_argument, path_not_found */
export function route(
  request: AnalysisRequest,
  graph: CodeGraph | undefined,
  isFile: (path: FilePath) => boolean,
  folderAt: (path: FilePath) => Folder | undefined,
): Routed {
  const files = request.files ?? [];
  if (files.length > 0) return routeFiles(files, isFile);
  const target = request.target?.trim() ?? '';
  if (target === '')
    throw new ConexusError(
      'invalid_argument',
      'Nothing to analyze was named.',
      'Name a definition, a path or a question.',
    );
  const { path, lines } = readPlace(target);
  if (isFile(path) && lines === undefined) return { ...empty, route: 'file', paths: [path] };
  const folder = /\s/.test(target) ? undefined : folderAt(target.replace(/\/+$/, ''));
  if (folder !== undefined && target.includes('/')) return { ...empty, route: 'folder', folder };
  const named = graph === undefined ? [] : definitionsOf(target, graph, isFile);
  if (named.length === 0 && folder !== undefined) return { ...empty, route: 'folder', folder };
  if (named.length === 0) return { ...empty, question: target };
  return { ...empty, route: 'symbol', ...chosen(named, target) };
}

function routeFiles(files: readonly FilePath[], isFile: (path: FilePath) => boolean): Routed {
  const missing = files.find((path) => !isFile(path));
  if (missing !== undefined)
    throw new ConexusError(
      'path_not_found',
      `There is no indexed file ${missing}.`,
      'Give paths relative to the root, as search shows them.',
    );
  if (files.length > maxFiles)
    throw new ConexusError(
      'invalid_argument',
      `${files.length} files are too many for one analysis.`,
      `Give at most ${maxFiles}.`,
    );
  return { ...empty, route: files.length === 1 ? 'file' : 'files', paths: [...new Set(files)] };
}

/** `src/a.ts:Store.load`, `src/a.ts:40`, `Store.load`, `Store::load`; words in a sentence are none. */
function definitionsOf(
  target: string,
  graph: CodeGraph,
  isFile: (path: FilePath) => boolean,
): readonly GraphSymbol[] {
  const place = readPlace(target);
  const at = place.lines && isFile(place.path) ? graph.at(place.path, place.lines.start) : undefined;
  if (at) return [at];
  const [, path, rest = ''] = /^(.+?\.\w+):{1,2}(.+)$/.exec(target) ?? [];
  if (path !== undefined && isFile(path)) return graph.find(rest, path);
  if (/\s/.test(target) || target.length > 300) return [];
  return graph.find(target.replace(/\(\)$/, ''));
}

/** Those that match as well as the first does: of sources, unless only tests have the name. */
function chosen(
  named: readonly GraphSymbol[],
  target: string,
): { readonly symbols: readonly GraphSymbol[]; readonly candidates: readonly GraphSymbol[] } {
  const [first] = named;
  const exact = named.filter(({ id }) => id === target);
  const isExactCase = (one: GraphSymbol) => one.name === first?.name;
  const sources = named.filter((one) => one.fileKind === first?.fileKind && isExactCase(one));
  const symbols = (exact.length > 0 ? exact.slice(0, 1) : sources).slice(0, maxNamed);
  return { symbols, candidates: named.filter((one) => !symbols.includes(one)).slice(0, maxCandidates) };
}
