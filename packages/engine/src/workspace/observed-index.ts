/** The index as queries read it, with each of its stages told to the observer: the stages themselves know nothing of it. */
import { noObserver, type Observer } from '../ports/observer.ts';
import type { MeaningIndex, QueryMeaning } from '../query/meaning.ts';
import type { LocateIndex } from '../query/run-locate.ts';
import type { WorkspaceGraph } from './graph.ts';

export function observedIndex(index: LocateIndex, observer: Observer): LocateIndex {
  if (observer === noObserver) return index;
  const { scorer } = index;
  return Object.defineProperties(
    {
      ...index,
      scorer: { ...scorer, score: (...args) => observer.stage('lexical', () => scorer.score(...args)) },
      meaning: observedMeaning(index.meaning, observer),
      commitVotes: (plan) => observer.stage('history', () => index.commitVotes(plan)),
      outlines: (paths) => observer.stage('outline', () => index.outlines(paths)),
      findLines: (...args) => observer.stage('exact', () => index.findLines(...args)),
    } satisfies LocateIndex,
    // Moves with the view: read through.
    { version: { get: () => index.version, enumerable: true } },
  ) as LocateIndex;
}

export function observedGraph(graph: WorkspaceGraph, observer: Observer): WorkspaceGraph {
  if (observer === noObserver) return graph;
  return { ...graph, codeGraph: (options) => observer.stage('graph', () => graph.codeGraph(options)) };
}

function observedMeaning(meaning: MeaningIndex, observer: Observer): MeaningIndex {
  return {
    get enabled() {
      return meaning.enabled;
    },
    async meaningOf(plan, signal) {
      const found = await observer.stage('vector', () => meaning.meaningOf(plan, signal));
      return found && observedNearest(found, observer);
    },
  };
}

function observedNearest(found: QueryMeaning, observer: Observer): QueryMeaning {
  return {
    ...found,
    nearest: (count, allowed) => observer.stage('vector', () => found.nearest(count, allowed)),
  };
}
