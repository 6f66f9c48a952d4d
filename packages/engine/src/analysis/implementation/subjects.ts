/** What a request is about, as definitions with their lines: what it named, or what was found for its words. */
import type { AnalysisSubject } from '../../model/analysis.ts';
import type { CodeGraph, GraphSymbol, GraphSymbolKind } from '../../model/code-graph.ts';
import type { FilePath } from '../../model/file.ts';
import type { SymbolKind } from '../../model/parsed-file.ts';
import { nameOf } from './call-passes.ts';
import type { Analysis, AnalyzedFile, Folder } from './context.ts';
import { namedInFiles } from './named-in-files.ts';
import type { Routed } from './route.ts';

/** A place that was found for words. */
export interface FoundPlace {
  readonly path: FilePath;
  readonly start: number;
  readonly end: number;
  /** Lines that say most of what was asked, best first. */
  readonly lines: readonly number[];
  /** What outlines of files know; without it the place is code outside all definitions. */
  readonly definition?: {
    readonly qualified: string;
    readonly name: string;
    readonly kind: SymbolKind;
    readonly nameLine: number;
    readonly headEnd: number;
  };
}

export interface Place {
  readonly path: FilePath;
  /** Of the graph. */
  readonly symbol?: GraphSymbol;
  readonly found?: FoundPlace;
}

export async function locate(
  find: (question: string) => Promise<readonly FoundPlace[]>,
  routed: Routed,
  graph: CodeGraph | undefined,
): Promise<readonly Place[]> {
  if (routed.route === 'symbol') return routed.symbols.map((symbol) => ({ path: symbol.path, symbol }));
  if (routed.route === 'folder') return [];
  if (routed.route !== 'question') return routed.paths.map((path) => ({ path }));
  const places = await find(routed.question);
  return places.map((found) => {
    const symbol = graph && symbolAt(graph, found);
    return { path: found.path, found, ...(symbol && { symbol }) };
  });
}

/** The graph's own definition of the same lines: it has no constants, no fields and no macros. */
function symbolAt(graph: CodeGraph, { path, start, end, definition }: FoundPlace): GraphSymbol | undefined {
  if (definition === undefined) return undefined;
  const at = graph.at(path, definition.nameLine);
  if (at === undefined || at.kind === 'module') return undefined;
  return at.name === definition.name || (start <= at.start && at.end <= end) ? at : undefined;
}

/** What is analyzed, and, of a question, all places that were found for it. */
export function subjectsOf(
  routed: Routed,
  places: readonly Place[],
  files: ReadonlyMap<FilePath, AnalyzedFile>,
  graph: CodeGraph | undefined,
): Pick<Analysis, 'subjects' | 'asked' | 'folder'> {
  if (routed.folder !== undefined) return { folder: routed.folder, subjects: filesOf(routed.folder, graph) };
  if (routed.route !== 'question') return { subjects: places.flatMap((one) => subjectOf(one, files, graph)) };
  const named = graph === undefined ? namedInFiles(routed.question, files) : undefined;
  if (named !== undefined) return { subjects: named };
  const asked = places.flatMap((one) =>
    subjectOf(one, files, graph).map((subject) => ({ subject, lines: one.found?.lines ?? [] })),
  );
  return { subjects: asked.slice(0, 1).map(({ subject }) => subject), asked };
}

const maxFolderFiles = 20;

function filesOf({ files }: Folder, graph: CodeGraph | undefined): AnalysisSubject[] {
  return files.slice(0, maxFolderFiles).map(({ path, hash, language }) => {
    const symbol = graph?.firstIn(path);
    const place = { name: path, kind: 'file', path, start: 1, end: Math.max(1, symbol?.end ?? 1) } as const;
    return { ...(symbol && { id: symbol.id }), ...place, hash, language, head: '' };
  });
}

const maxHeadLines = 12;

function subjectOf(
  { path, symbol, found }: Place,
  files: ReadonlyMap<FilePath, AnalyzedFile>,
  graph: CodeGraph | undefined,
): AnalysisSubject[] {
  const file = files.get(path);
  if (file === undefined) return [];
  const { hash, language, lines } = file;
  const of = { path, hash, language };
  const head = (start: number, end: number) =>
    lines.slice(start - 1, Math.min(end, start + maxHeadLines - 1)).join('\n');
  if (symbol === undefined && found !== undefined) {
    const { start, end, definition } = found;
    if (definition === undefined) return [{ ...of, name: path, kind: 'module', start, end, head: '' }];
    const { qualified: name, kind, headEnd } = definition;
    return [{ ...of, name, kind, start, end, head: head(start, headEnd) }];
  }
  if (symbol === undefined || symbol.kind === 'module')
    return [
      {
        ...(symbol && { id: symbol.id }),
        ...of,
        name: path,
        kind: 'file',
        start: 1,
        end: Math.max(1, lines.length),
        head: '',
      },
    ];
  const { id, start, end } = symbol;
  // The graph's own definitions have no others.
  const kind = symbol.kind as GraphSymbolKind;
  const own = file.behaviour?.functions.find(
    (one) =>
      one.start <= start && end <= one.end && one.path !== '' && one.end - one.start <= end - start + 5,
  );
  const headEnd = own && own.headEnd >= start ? own.headEnd : start;
  const name = graph ? nameOf(graph, id) : symbol.name;
  return [{ id, ...of, name, kind, start, end, head: head(start, headEnd) }];
}
