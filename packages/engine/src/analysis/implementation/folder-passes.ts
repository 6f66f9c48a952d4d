/**
 * What is told of a folder: its files and what they define, who uses that from outside, what it uses, its tests. From the graph and
 * the list of files alone: no text is read.
 */
import type { AnalysisSectionName } from '../../model/analysis.ts';
import type { CodeGraph, GraphEdge, GraphSymbol } from '../../model/code-graph.ts';
import { counted } from '../../model/counted.ts';
import type { FilePath } from '../../model/file.ts';
import { nameOf } from './call-passes.ts';
import {
  type Analysis,
  type Cited,
  citeEdge,
  code,
  type Folder,
  type FolderFile,
  type Pass,
  type Statement,
} from './context.ts';

/** Definitions of a file that are named. */
const maxDefined = 8;
/** Lines that are cited of one user. */
const maxLines = 4;
/** A header that is longer has its name in its first lines. */
const maxHead = 8;

export const folderPasses: Partial<Record<AnalysisSectionName, Pass>> = {
  overview,
  entry_points: usedFromOutside,
  dependencies: usesOutside,
  tests: testsOf,
};

/** Its size, then its files, those that most other files use first; what lies in folders within it, by folder. */
function overview(analysis: Analysis): Statement[] {
  const { folder, graph } = analysis;
  if (folder === undefined) return [];
  const own = folder.files.filter(({ path }) => !path.slice(folder.path.length + 1).includes('/'));
  const users = new Map(own.map(({ path }) => [path, usersOf(graph, folder, path).size]));
  const byUse = [...own].sort((a, b) => (users.get(b.path) ?? 0) - (users.get(a.path) ?? 0));
  return [
    whole(folder),
    ...byUse.map((file) => fileClaim(graph, folder, file, users.get(file.path) ?? 0)),
    ...foldersWithin(folder),
  ];
}

function whole({ path, files, fileCount }: Folder): Statement {
  const byLanguage = [...Map.groupBy(files, ({ language }) => language)].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  const languages =
    byLanguage.length === 1
      ? ` of ${byLanguage[0]?.[0]}`
      : `: ${byLanguage.map(([language, { length }]) => `${length} of ${language}`).join(', ')}`;
  const more = fileCount > files.length ? `; the first ${files.length} are looked at` : '';
  return {
    text: `${code(path)} holds ${counted(fileCount, 'file')}${languages}${more}.`,
    evidence: files.slice(0, maxLines).map(citeFile),
  };
}

function fileClaim(graph: CodeGraph | undefined, folder: Folder, file: FolderFile, users: number): Statement {
  const all =
    graph?.inFile(file.path).filter(({ kind, name }) => kind !== 'module' && !name.startsWith('<')) ?? [];
  const direct = all.filter(({ id }) => !all.some((other) => id.startsWith(`${other.id}.`)));
  const exported = direct.filter(({ isExported }) => isExported);
  const shown = (exported.length > 0 ? exported : direct).slice(0, maxDefined);
  const used =
    users > 0
      ? `; ${counted(users, 'file')} outside ${code(folder.path)} ${users === 1 ? 'uses' : 'use'} it`
      : '';
  if (shown.length === 0)
    return {
      text: `${code(file.path)} is ${file.kind === 'code' ? 'code' : `a ${file.kind} file`} in ${file.language}${used}.`,
      evidence: [citeFile(file)],
    };
  const rest = direct.length > shown.length ? ` and ${direct.length - shown.length} more` : '';
  return {
    text: `${code(file.path)} defines ${shown.map(({ kind, name }) => `${kind} ${code(name)}`).join(', ')}${rest}${used}.`,
    evidence: shown.map(citeHead),
  };
}

function foldersWithin({ path, files }: Folder): Statement[] {
  const nested = files.filter((file) => file.path.slice(path.length + 1).includes('/'));
  const byFolder = Map.groupBy(nested, (file) => {
    const rest = file.path.slice(path.length + 1);
    return `${path}/${rest.slice(0, rest.indexOf('/'))}`;
  });
  return [...byFolder].map(([folder, list]) => ({
    text: `${code(folder)} holds ${counted(list.length, 'file')}.`,
    evidence: list.slice(0, maxLines).map(citeFile),
  }));
}

// --- edges over its border ---------------------------------------------------------------------------------------

const isWithin = (folder: Folder, path: FilePath) => path.startsWith(`${folder.path}/`);

const isTest = (graph: CodeGraph, path: FilePath) => graph.firstIn(path)?.fileKind === 'test';

/** Files outside that surely use a definition of the file, or the file itself. */
function usersOf(graph: CodeGraph | undefined, folder: Folder, path: FilePath): ReadonlySet<FilePath> {
  const edges = graph?.inFile(path).flatMap(({ id }) => graph.incoming(id)) ?? [];
  const own = edges.filter((edge) => edge.resolution === 'exact' && !isWithin(folder, edge.path));
  return new Set(own.map((edge) => edge.path));
}

function usedFromOutside({ folder, graph }: Analysis): Statement[] {
  if (folder === undefined || graph === undefined) return [];
  const found = folder.files.flatMap(({ path }) =>
    graph.inFile(path).flatMap((symbol) => {
      if (!isNamed(symbol)) return [];
      const all = graph
        .incoming(symbol.id)
        .filter((edge) => !isWithin(folder, edge.path) && !isTest(graph, edge.path));
      const sure = all.filter(({ resolution }) => resolution === 'exact');
      const edges = sure.length > 0 ? sure : all;
      return edges.length === 0 ? [] : [{ symbol, edges: onePerFile(edges), isSure: sure.length > 0 }];
    }),
  );
  return found
    .sort((a, b) => Number(b.isSure) - Number(a.isSure) || b.edges.length - a.edges.length)
    .map(({ symbol, edges, isSure }) => ({
      text: `${code(nameOf(graph, symbol.id))} of ${code(symbol.path)} ${isSure ? 'is' : 'may be'} used from ${edges.length === 1 ? code(edges[0]?.path ?? '') : `${edges.length} files`} outside ${code(folder.path)}.`,
      evidence: edges.slice(0, maxLines).map(citeEdge),
    }));
}

/** Calls come before uses, and these before imports, which mostly come with one of them. */
function onePerFile(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const rank = ({ kind }: GraphEdge) => (kind === 'calls' ? 0 : kind === 'imports' ? 2 : 1);
  return [...Map.groupBy(edges, ({ path }) => path).values()].map((list) =>
    list.reduce((best, edge) => (rank(edge) < rank(best) ? edge : best)),
  );
}

/** By the file that is used, the most used first. */
function usesOutside({ folder, graph }: Analysis): Statement[] {
  if (folder === undefined || graph === undefined) return [];
  const byTarget = new Map<FilePath, Map<string, GraphEdge>>();
  for (const { path } of folder.files.filter(({ kind }) => kind !== 'test'))
    for (const { id } of graph.inFile(path))
      for (const edge of graph.outgoing(id)) {
        const target = edge.resolution === 'exact' ? graph.symbol(edge.to) : undefined;
        if (target === undefined || isWithin(folder, target.path)) continue;
        const names = byTarget.get(target.path) ?? new Map<string, GraphEdge>();
        if (!names.has(target.id)) names.set(target.id, edge);
        byTarget.set(target.path, names);
      }
  return [...byTarget]
    .map(([path, names]) => ({
      path,
      named: [...names].filter(([id]) => isNamed(graph.symbol(id))),
      all: [...names],
    }))
    .sort((a, b) => b.named.length - a.named.length || (a.path < b.path ? -1 : 1))
    .map(({ path, named, all }) => {
      const shown = named.slice(0, maxDefined);
      const rest = named.length > shown.length ? ` and ${named.length - shown.length} more` : '';
      const names = shown.map(([id]) => code(nameOf(graph, id))).join(', ');
      return {
        text: `${code(folder.path)} uses ${names === '' ? '' : `${names}${rest} of `}${code(path)}.`,
        evidence: (shown.length > 0 ? shown : all).slice(0, maxDefined).map(([, edge]) => citeEdge(edge)),
      };
    });
}

/** Not files, functions without a name, what is nested in functions, and constructors: whoever calls one names its class. */
function isNamed(symbol: GraphSymbol | undefined): boolean {
  if (symbol === undefined || symbol.kind === 'module' || symbol.id.includes('<')) return false;
  const [holder = '', name = ''] = symbol.id.replace(/:\d+$/, '').split('.').slice(-2);
  return (
    !/^(__init__|constructor|initialize|__construct)$/.test(name) &&
    !(symbol.kind === 'method' && holder === name)
  );
}

/** Test files, within it or outside, that use its code; those that use most of it first. */
function testsOf({ folder, graph }: Analysis): Statement[] {
  if (folder === undefined || graph === undefined) return [];
  const byTest = new Map<FilePath, Map<string, { readonly symbol: GraphSymbol; readonly edge: GraphEdge }>>();
  for (const { path, kind } of folder.files) {
    if (kind === 'test') continue;
    for (const symbol of graph.inFile(path))
      for (const edge of graph.incoming(symbol.id)) {
        if (edge.resolution !== 'exact' || !isNamed(symbol) || !isTest(graph, edge.path)) continue;
        const used = byTest.get(edge.path) ?? new Map();
        if (!used.has(symbol.id)) used.set(symbol.id, { symbol, edge });
        byTest.set(edge.path, used);
      }
  }
  return [...byTest]
    .sort(([pathA, a], [pathB, b]) => b.size - a.size || (pathA < pathB ? -1 : 1))
    .map(([path, used]) => {
      const shown = [...used.values()].slice(0, maxLines);
      const rest = used.size > shown.length ? ` and ${used.size - shown.length} more` : '';
      return {
        text: `Test: ${code(path)} uses ${shown.map(({ symbol }) => code(nameOf(graph, symbol.id))).join(', ')}${rest}.`,
        evidence: shown.map(({ edge }) => citeEdge(edge)),
      };
    });
}

const citeFile = ({ path, hash }: FolderFile): Cited => ({
  path,
  start: 1,
  end: 1,
  hash,
  resolution: 'exact',
});

function citeHead({ path, start, end, hash }: GraphSymbol): Cited {
  return { path, start, end: Math.min(end, start + maxHead - 1), hash, resolution: 'exact' };
}
