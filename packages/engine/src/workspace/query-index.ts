/** What the query stages read: the live index, outlines from the store, text from the disk, votes of past commits. */
import { contentHash } from '../indexing/batch.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import { createScorer } from '../lexical/bm25f.ts';
import type { CommitIndex } from '../lexical/commit-index.ts';
import { createPostingCache } from '../lexical/posting-cache.ts';
import { addTo } from '../model/add-to.ts';
import { ConexusError } from '../model/errors.ts';
import type { ContentHash, FilePath } from '../model/file.ts';
import { decodeText, splitLines } from '../model/skip-rules.ts';
import type { Reranker } from '../ports/embedder.ts';
import type { Grep } from '../ports/grep.ts';
import type { Source } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';
import type { PatternMatches } from '../query/exact-matches.ts';
import type { MeaningIndex } from '../query/meaning.ts';
import type { QueryPlan } from '../query/plan-query.ts';
import type { LocateIndex } from '../query/run-locate.ts';
import { ubiquitousTerms } from '../query/ubiquitous-terms.ts';

/** Of a quoted string or pattern: lines beyond these change no first page. */
const MAX_PATTERN_LINES = 2_000;
const PATTERN_TIMEOUT_MS = 5_000;
/** Encoded outlines kept; decoded, they take several times as much. */
const OUTLINE_CACHE_BYTES = 8 << 20;
/** Text whose lines are kept; as strings they take two to three times as much. */
const LINE_CACHE_BYTES = 4 << 20;

export interface QueryIndexParts {
  readonly source: Source;
  readonly store: Store;
  readonly grep: Grep;
  readonly postingCacheBytes: number;
  readonly reranker?: Reranker | undefined;
}

export function createQueryIndex(
  parts: QueryIndexParts,
  live: LiveIndex,
  history: () => CommitIndex | undefined,
  meaning: MeaningIndex,
): LocateIndex {
  const cache = createPostingCache(parts.postingCacheBytes);
  const scorer = createScorer();
  const linesOf = lineReader();
  let common: { readonly files: number; readonly terms: ReadonlySet<string> } | undefined;
  let lastVotes: { plan: QueryPlan; votes: ReturnType<CommitIndex['votes']> } | undefined;
  const commitVotes = (plan: QueryPlan) => {
    if (lastVotes?.plan !== plan) lastVotes = { plan, votes: history()?.votes(plan.terms) ?? new Map() };
    return lastVotes.votes;
  };
  return {
    view: live.view,
    get version() {
      return live.version;
    },
    cache,
    scorer,
    meaning,
    reranker: parts.reranker,
    commitVotes,
    changedTogether: (path) => history()?.changedTogether(path) ?? [],
    historyVotes: (plan) => new Map([...commitVotes(plan)].map(([path, { vote }]) => [path, vote])),
    read(path) {
      const read = parts.source.read(path);
      if (!read) return undefined;
      const hash = contentHash(read.bytes);
      return {
        hash,
        get lines() {
          return linesOf(hash, read.bytes);
        },
      };
    },
    outlines: outlineReader(parts.store, live),
    suspect: (paths) => live.suspect(paths),
    ubiquitous() {
      // Counting languages is work per file: done again only when the workspace has grown or shrunk by a tenth.
      const files = live.view.fileCount;
      if (!common || Math.abs(files - common.files) > common.files / 10)
        common = { files, terms: ubiquitousTerms(live.view) };
      return common.terms;
    },
    findLines: (...query) => findLines(parts.grep, ...query),
  };
}

/** Where ripgrep is missing, a search goes on with the words of the pattern and says so. */
async function findLines(
  grep: Grep,
  pattern: string,
  regex: boolean,
  accepts: (path: FilePath) => boolean,
  signal: AbortSignal | undefined,
): Promise<PatternMatches> {
  const limits = { maxMatches: MAX_PATTERN_LINES, timeoutMs: PATTERN_TIMEOUT_MS };
  try {
    return await grep.search({ pattern, regex, accepts, ...limits, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (!(error instanceof ConexusError) || error.code !== 'ripgrep_missing') throw error;
    const missing = `Exact lines were not looked up, the hits share the words: ${error.message} ${error.advice}`;
    return { matches: [], truncated: false, missing };
  }
}

/** Lines by content: the files of a small repository come up again and again, and splitting takes longer than reading. */
function lineReader(): (hash: ContentHash, bytes: Uint8Array) => readonly string[] {
  const kept = new Map<ContentHash, { readonly lines: readonly string[]; readonly size: number }>();
  let size = 0;
  return (hash, bytes) => {
    const known = kept.get(hash);
    kept.delete(hash);
    const entry = known ?? { lines: splitLines(decodeText(bytes)), size: bytes.length };
    kept.set(hash, entry);
    if (!known) size += entry.size;
    for (const [oldest, { size: freed }] of kept) {
      if (size <= LINE_CACHE_BYTES || oldest === hash) break;
      kept.delete(oldest);
      size -= freed;
    }
    return entry.lines;
  };
}

/** Outlines of the overlay, of the cache or of the store, in the order asked. */
function outlineReader(store: Store, live: LiveIndex): LocateIndex['outlines'] {
  const kept = new Map<number, Uint8Array>();
  let keptBytes = 0;
  const keep = (id: number, bytes: Uint8Array) => {
    keptBytes += bytes.length - (kept.get(id)?.length ?? 0);
    kept.set(id, bytes);
    for (const [oldest, { length }] of kept) {
      if (keptBytes <= OUTLINE_CACHE_BYTES) break;
      kept.delete(oldest);
      keptBytes -= length;
    }
  };
  return async (paths) => {
    const found = new Map<FilePath, Uint8Array>();
    const missing = new Map<number, FilePath[]>();
    for (const path of paths) {
      const overlay = live.overlayOutline(path);
      const id = live.blobRecord(path)?.id;
      const known = overlay ?? (id === undefined ? undefined : kept.get(id));
      if (known) found.set(path, known);
      else if (id !== undefined) addTo(missing, id, path);
    }
    if (missing.size > 0) {
      const ids = [...missing.keys()];
      const bytes = await store.readOutlines(ids);
      ids.forEach((id, i) => {
        keep(id, bytes[i] as Uint8Array);
        for (const path of missing.get(id) as FilePath[]) found.set(path, bytes[i] as Uint8Array);
      });
    }
    return paths.map((path) => found.get(path));
  };
}
