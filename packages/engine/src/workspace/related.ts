/** What belongs to a place in the code, asked of a workspace: the parts of `related/` put together, and how long one waits for the graph. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from '../engine.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import { ConexusError } from '../model/errors.ts';
import type { RelatedAnswer, RelatedRequest } from '../model/related.ts';
import type { IndexProgress } from '../model/search.ts';
import type { KnownGraph, NoGraph, RelatedParts } from '../related/parts.ts';
import { runRelated } from '../related/run-related.ts';
import type { WorkspaceGraph } from './graph.ts';
import type { WorkspaceHistory } from './history.ts';
import { isNotReady } from './not-ready.ts';
import type { Found, WorkspaceReading } from './reading.ts';

export interface RelatedQuestionParts extends Omit<RelatedParts, 'commits' | 'graph'> {
  readonly live: LiveIndex;
  readonly history: WorkspaceHistory;
  readonly reading: WorkspaceReading;
  readonly graph: WorkspaceGraph;
}

/** A first graph of a huge repository takes longer than a call may; the other sections are worth an answer without it. */
const GRAPH_PATIENCE_MS = 10_000;

const NO_GRAPH =
  'Who calls it is not known: the graph of calls could not be made, or not in time. Ask again; a search for the name in quotes shows where it stands.';

const noGraph = (why: string): NoGraph => ({ graph: undefined, why });

export function relatedQuestion(parts: RelatedQuestionParts) {
  const { live, history, reading, graph } = parts;
  const knownGraph = async (
    options: CallOptions,
    onBuilding: (progress: IndexProgress | undefined) => void,
  ): Promise<KnownGraph | NoGraph> => {
    // A thread that runs out of memory over a huge repository is no reason to say nothing of history and documents.
    const asked = graph.codeGraph(options).catch((error: unknown) => {
      if (options.signal?.aborted || (error instanceof ConexusError && error.code === 'store_corrupt'))
        throw error;
      if (!isNotReady(error)) return noGraph(NO_GRAPH);
      onBuilding(graph.progress());
      return noGraph(`Who calls it is not known yet. ${error.message} ${error.advice}`);
    });
    asked.catch(() => {});
    // A process that ends with its answer waits: it would begin anew each time.
    const isLate = live.isWatching() ? sleep(GRAPH_PATIENCE_MS, undefined, { ref: false }) : undefined;
    const answer = await (isLate ? Promise.race([asked, isLate]) : asked);
    if (!answer) return noGraph(NO_GRAPH);
    return 'why' in answer ? answer : { graph: answer.graph, pendingCount: answer.freshness.pendingCount };
  };
  return (request: RelatedRequest, options?: CallOptions): Promise<RelatedAnswer> => {
    return reading.answer(async () => {
      let building: Found['building'];
      const related: RelatedParts = {
        ...parts,
        commits: () => history.commits,
        graph: () =>
          knownGraph(options ?? {}, (progress) => {
            building = { progress };
          }),
      };
      const found = await runRelated(related, request, options?.signal);
      return { ...found, ...(building && { building }) };
    }, options) as Promise<RelatedAnswer>;
  };
}
