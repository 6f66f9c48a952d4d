/** The graph of a workspace's code as it stands now; made again only when a file that matters has changed. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isConfiguration, maxConfigurationBytes, readFacts } from './analysis/call-graph.ts';
import type { CallOptions } from './engine.ts';
import { createCodeGraph } from './graph/code-graph.ts';
import type { GraphData } from './graph/graph-data.ts';
import { type FileFacts, resolveGraph } from './graph/resolve.ts';
import { contentHash } from './indexing/batch.ts';
import type { LiveIndex } from './indexing/live-index.ts';
import type { FileRecord } from './lexical/index-view.ts';
import type { UnreadFile } from './model/call-graph.ts';
import type { CodeGraph } from './model/code-graph.ts';
import { ConexusError } from './model/errors.ts';
import type { FilePath } from './model/file.ts';
import type { Freshness } from './model/search.ts';
import type { Source } from './ports/source.ts';
import { referenceLanguages } from './syntax/references/read-references.ts';
import type { WorkspaceReading } from './workspace-reading.ts';

export interface GraphParts {
  readonly source: Source;
  readonly live: LiveIndex;
  readonly reading: WorkspaceReading;
  readonly maxFileBytes: number;
}

export interface WorkspaceGraph {
  /** @throws ConexusError cancelled */
  codeGraph(options?: CallOptions): Promise<{ readonly graph: CodeGraph; readonly freshness: Freshness }>;
}

interface Built {
  /** Paths, bytes and languages that it was made of. */
  readonly signature: string;
  readonly data: GraphData;
  readonly files: readonly FileRecord[];
  readonly unread: readonly UnreadFile[];
}

export function openWorkspaceGraph({ source, live, reading, maxFileBytes }: GraphParts): WorkspaceGraph {
  let built: Built | undefined;
  let known: { readonly version: number; readonly graph: CodeGraph } | undefined;

  const graphOf = async (signal: AbortSignal | undefined) => {
    const { version, generation } = live;
    if (known?.version === version && known.graph.generation === generation)
      return { graph: known.graph, stale: [], notes: [] };
    const files = [...live.view.files()].filter(isPartOfGraph).sort((a, b) => (a.path < b.path ? -1 : 1));
    const signature = files.map(({ path, hash, language }) => `${path}\0${hash}\0${language}`).join('\n');
    if (built?.signature !== signature) {
      const { stale, ...made } = await build(files, signal);
      if (stale.length > 0) {
        const graph = createCodeGraph(made.data, made.files, { generation, unread: made.unread });
        return { graph, stale, notes: [] };
      }
      built = { signature, ...made };
    }
    const graph = createCodeGraph(built.data, built.files, { generation, unread: built.unread });
    known = { version, graph };
    return { graph, stale: [], notes: [] };
  };

  const build = async (records: readonly FileRecord[], signal: AbortSignal | undefined) => {
    const found: FileFacts[] = [];
    const files: FileRecord[] = [];
    const unread: UnreadFile[] = [];
    const stale: FilePath[] = [];
    const configurations = new Map<FilePath, string>();
    for (const record of records) {
      const { path, hash, language } = record;
      // Queries and timers have their turns between files.
      await nextTurn();
      if (signal?.aborted) throw new ConexusError('cancelled', 'The graph was cancelled.', 'Ask again.');
      const bytes = source.read(path)?.bytes;
      if (bytes === undefined || contentHash(bytes) !== hash) {
        stale.push(path);
        continue;
      }
      if (isConfiguration(path)) {
        if (bytes.length <= maxConfigurationBytes) configurations.set(path, new TextDecoder().decode(bytes));
        continue;
      }
      const { facts, reason } = await readFacts(path, bytes, language, maxFileBytes);
      if (reason !== undefined) unread.push({ path, reason });
      if (facts === undefined) continue;
      found.push({ path, facts });
      files.push(record);
    }
    return { data: resolveGraph(found, { configurations }), files, unread, stale };
  };

  return {
    async codeGraph(options) {
      const { graph, freshness } = await reading.answer(() => graphOf(options?.signal), options);
      return { graph, freshness };
    },
  };
}

function isPartOfGraph({ path, language }: FileRecord): boolean {
  return referenceLanguages.includes(language) || isConfiguration(path);
}
