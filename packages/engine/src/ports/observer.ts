/** What watches the engine at work: durations of stages and ends of index jobs. Gets no text of a request or a file. */
import type { JobStatus } from '../model/search.ts';

/**
 * `refresh`: changes drained, tree compared. `exact`: ripgrep. `lexical`: postings scored. `vector`: nearest by meaning. `history`: votes of
 * past commits. `outline`: outlines read from the store. `graph`: the graph of code made ready.
 */
export const STAGES = ['refresh', 'exact', 'lexical', 'vector', 'history', 'outline', 'graph'] as const;
export type Stage = (typeof STAGES)[number];

export interface IndexJobEnd {
  readonly root: string;
  /** `full`: there was no complete index. */
  readonly kind: 'full' | 'incremental' | 'rebuild' | 'paths';
  readonly status: JobStatus;
  readonly ms: number;
}

export interface Observer {
  /** Runs `work` and gives what it gives; a promise ends the stage when it is settled. Must not throw of its own. */
  stage<T>(stage: Stage, work: () => T): T;
  /**
   * A stage ended in a thread that answers questions; told where the answer arrives. `startedAt`: in ms since 1970; undefined: it was of no
   * question.
   */
  staged?(stage: Stage, ms: number, startedAt: number | undefined): void;
  indexed?(end: IndexJobEnd): void;
  /** A pass of an analysis ended; names are those of its sections and steps. */
  passed?(pass: string, ms: number): void;
}

export const noObserver: Observer = { stage: (_stage, work) => work() };
