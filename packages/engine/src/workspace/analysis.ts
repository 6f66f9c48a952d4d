/** Reports on code of a workspace: what an analysis reads is put together here, and made again when files change under it. */
import { analyze } from '../analysis/implementation/analyze.ts';
import type { CurrentFile } from '../analysis/implementation/check-claims.ts';
import type { AnalyzedFile, Folder, FolderFile } from '../analysis/implementation/context.ts';
import type { FoundPlace } from '../analysis/implementation/subjects.ts';
import type { CallOptions } from '../engine.ts';
import { contentHash } from '../indexing/batch.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import type { AnalysisAnswer, AnalysisRequest } from '../model/analysis.ts';
import type { BehaviourFacts } from '../model/behaviour.ts';
import { ConexusError } from '../model/errors.ts';
import type { ContentHash, FilePath } from '../model/file.ts';
import { decodeText, splitLines } from '../model/skip-rules.ts';
import type { Observer } from '../ports/observer.ts';
import type { Source } from '../ports/source.ts';
import { questionPlaces } from '../query/question-places.ts';
import type { LocateIndex } from '../query/run-locate.ts';
import { behaviourLanguages, readBehaviour } from '../syntax/behaviour/read-behaviour.ts';
import { loadLanguage } from '../syntax/parse-file.ts';
import { documentedPlace, missingFile, refuseMissingLines } from './asked-place.ts';
import type { WorkspaceGraph } from './graph.ts';
import { isNotReady } from './not-ready.ts';
import type { Found, WorkspaceReading } from './reading.ts';

interface AnalysisOf {
  readonly source: Source;
  readonly live: LiveIndex;
  readonly reading: WorkspaceReading;
  readonly graph: WorkspaceGraph;
  readonly index: LocateIndex;
  readonly observer: Observer;
}

/** Facts of behaviour that are kept, by content: about 20 KB a file. */
const maxKept = 100;
/** That a question leads to. */
const maxPlaces = 5;

export function openWorkspaceAnalysis({ source, live, reading, graph, index, observer }: AnalysisOf): {
  analyze(request: AnalysisRequest, options?: CallOptions): Promise<AnalysisAnswer>;
} {
  const kept = new Map<ContentHash, BehaviourFacts | undefined>();

  const behaviourOf = async (text: string, language: string, hash: ContentHash) => {
    if (!behaviourLanguages.includes(language)) return undefined;
    const key = `${language} ${hash}`;
    if (!kept.has(key)) {
      await loadLanguage(language);
      const [oldest] = kept.keys();
      if (kept.size >= maxKept && oldest !== undefined) kept.delete(oldest);
      kept.set(key, readBehaviour(text, language));
    }
    return kept.get(key);
  };

  const read = async (path: FilePath): Promise<AnalyzedFile | undefined> => {
    const record = live.view.file(path);
    const bytes = source.read(path)?.bytes;
    if (record === undefined || bytes === undefined) return undefined;
    const text = decodeText(bytes);
    const hash = contentHash(bytes);
    const { language, kind } = record;
    const behaviour = await behaviourOf(text, language, hash);
    return { path, hash, language, kind, lines: splitLines(text), behaviour };
  };

  const locate = async (question: string, signal: AbortSignal | undefined): Promise<FoundPlace[]> => {
    const places = await questionPlaces(index, question, maxPlaces, signal);
    return places.map(({ definition, ...place }) => ({
      ...place,
      ...(definition && { definition: { ...definition.symbol, qualified: definition.qualified } }),
    }));
  };

  const make = async (asked: AnalysisRequest, options: CallOptions | undefined) => {
    const { target } = asked;
    if (target !== undefined) refuseMissingLines(index, target);
    const request = target === undefined ? asked : { ...asked, target: documentedPlace(index, target) };
    let pending: readonly FilePath[] = [];
    let building: Found['building'];
    const made = await analyze(
      {
        graph: async () => {
          try {
            const known = await graph.codeGraph(options);
            pending = known.pending;
            return { graph: known.graph };
          } catch (error) {
            if (!isNotReady(error)) throw error;
            building = { progress: graph.progress() };
            return { graph: undefined, why: `${error.message} ${error.advice}` };
          }
        },
        isFile: (path) => live.view.file(path) !== undefined,
        folderAt: (path) => folderAt(live.view, path),
        locate(question) {
          const missing = missingFile(index, question);
          if (missing) throw new ConexusError('path_not_found', missing.message, missing.advice);
          return locate(question, options?.signal);
        },
        read,
        current: currentFiles(source),
        signal: options?.signal,
      },
      request,
    );
    for (const { name, ms } of made.steps) observer.passed?.(name, ms);
    return { ...made, pending, ...(building && { building }) };
  };

  return {
    analyze: (request, options) => reading.answer(() => make(request, options), options),
  };
}

/** Of a larger folder the first files are looked at. */
const maxFolderFiles = 2_000;

function folderAt(view: LiveIndex['view'], path: FilePath): Folder | undefined {
  if (path === '') return undefined;
  const files: FolderFile[] = [];
  for (const file of view.files()) if (file.path.startsWith(`${path}/`)) files.push(file);
  if (files.length === 0) return undefined;
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { path, files: files.slice(0, maxFolderFiles), fileCount: files.length };
}

/** Files as they are on disk, each read once for one check. */
function currentFiles(source: Source): (path: FilePath) => CurrentFile | undefined {
  const files = new Map<FilePath, CurrentFile | undefined>();
  return (path) => {
    if (!files.has(path)) {
      const bytes = source.read(path)?.bytes;
      files.set(path, bytes && { hash: contentHash(bytes), lines: splitLines(decodeText(bytes)) });
    }
    return files.get(path);
  };
}
