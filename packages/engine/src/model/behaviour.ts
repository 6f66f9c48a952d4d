/**
 * What one file says about the behaviour of its definitions: what is thrown, caught, written, read from outside and run beside.
 * Derived from bytes and language alone; every fact has the lines that show it. What cannot be seen in the file is not in here.
 */
import type { LanguageId } from './file.ts';

/** 1-based, inclusive. */
export interface FactLines {
  readonly start: number;
  readonly end: number;
}

export const EFFECT_KINDS = [
  'network',
  'files',
  'processes',
  'database',
  'storage',
  'logs',
  'metrics',
  'output',
  'input',
  'time',
  'randomness',
] as const;
export type EffectKind = (typeof EFFECT_KINDS)[number];

/**
 * What a handler does with what it caught. `swallowed`: nothing. `logged`: it only logs. `rethrown`: its last statement throws.
 * `may_rethrow`: it throws somewhere inside.
 * `retried`: it stands in a loop that its `try` leaves on success, and goes round again. `ends`: it ends the process.
 * `returned`: its last statement returns, `continued`: goes on with the next round of a loop. `handled`: anything else.
 */
export type CatchOutcome =
  | 'swallowed'
  | 'logged'
  | 'rethrown'
  | 'may_rethrow'
  | 'retried'
  | 'ends'
  | 'returned'
  | 'continued'
  | 'handled';

/** `propagates`: an error that a callee gave is given on (`?`, `return err`). */
export type RaiseWay = 'throws' | 'panics' | 'returns' | 'propagates';

export type ConfigSource = 'environment' | 'property' | 'flag' | 'setting' | 'feature';

export type ConcurrencyKind =
  | 'async'
  | 'awaits'
  | 'joins'
  | 'spawns'
  | 'schedules'
  | 'locks'
  | 'sends'
  | 'receives'
  | 'selects'
  | 'synchronizes'
  | 'creates';

/** An assignment on the way to a result: `to` is made from `from`. */
export interface FlowStep extends FactLines {
  readonly to: string;
  /** The right side as written, cut. */
  readonly from: string;
}

/** `at`: number of the function in `functions`. */
export type BehaviourFact = FactLines & { readonly at: number } & (
    | { readonly kind: 'raise'; readonly way: RaiseWay; readonly what: string }
    | {
        readonly kind: 'catch';
        /** Types as written; empty: anything. */
        readonly types: readonly string[];
        readonly outcome: CatchOutcome;
        /** Of Go and Rust: what is tested for an error, not a block that catches. */
        readonly isTest: boolean;
      }
    | {
        readonly kind: 'write';
        /** As written, e.g. `self.items[k]`. */
        readonly target: string;
        readonly of: 'field' | 'module' | 'closure' | 'argument';
        /** In a constructor: the first value. */
        readonly isInitial: boolean;
        readonly isRemoved: boolean;
      }
    | {
        readonly kind: 'config';
        readonly source: ConfigSource;
        readonly name?: string;
        readonly callee: string;
      }
    | { readonly kind: 'concurrency'; readonly what: ConcurrencyKind; readonly text: string }
    | {
        readonly kind: 'effect';
        readonly effect: EffectKind;
        /** The callee as written. */
        readonly callee: string;
        /** The name outside the workspace, e.g. `requests.get`; undefined where only the look of the callee says it. */
        readonly name?: string;
      }
    | {
        readonly kind: 'parameter';
        readonly name: string;
        readonly type?: string;
        readonly standard?: string;
      }
    | {
        readonly kind: 'result';
        readonly way: 'returns' | 'yields';
        /** As written, cut. */
        readonly text: string;
        /** Assignments that lead to it, last first, as far as each name is assigned once. */
        readonly steps: readonly FlowStep[];
        /** Parameters that reach it by these. */
        readonly parameters: readonly string[];
      }
    | { readonly kind: 'pattern'; readonly pattern: string; readonly subject: string; readonly why: string }
  );

export interface BehaviourFunction extends FactLines {
  /** As `FunctionFacts.path`: enclosing classes and functions and its own name, `''` for the module. */
  readonly path: string;
  readonly name: string;
  /** Last line of the header. */
  readonly headEnd: number;
  /** Type of the result as written. */
  readonly result?: string;
  readonly isAsync: boolean;
  /** Named path of the class that holds it, '' for none. */
  readonly owner: string;
  readonly isConstructor: boolean;
}

export interface BehaviourClass extends FactLines {
  readonly path: string;
  readonly bases: readonly string[];
}

export interface BehaviourImport extends FactLines {
  /** Module as the file names it. */
  readonly module: string;
}

export interface BehaviourFacts {
  readonly language: LanguageId;
  /** The first is the module: its top-level code. */
  readonly functions: readonly BehaviourFunction[];
  readonly classes: readonly BehaviourClass[];
  readonly imports: readonly BehaviourImport[];
  /** In order of lines. */
  readonly facts: readonly BehaviourFact[];
  /** 0 for a file that was read whole; what stands around an error may be missing. */
  readonly errorCount: number;
}
