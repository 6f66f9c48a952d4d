/** What every scenario is given and gives back. Must not know any scenario. */

export interface BenchContext {
  /** Folder of checked-out repositories to measure on; never written to. */
  readonly corpora: string;
  /** Folder for indexes and copies, removed afterwards. */
  readonly work: string;
  /** Size knob: 1 is the committed size; smaller values are for trying a scenario out. */
  readonly scale: number;
  log(line: string): void;
}

/** One judged figure: `value` against `target`. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Upper bound; undefined for a figure that is stated, not judged. */
  readonly target?: number;
  /** The same of the baseline in this run, where there is one. */
  readonly baseline?: number;
  readonly note?: string;
}

export interface ScenarioResult {
  /** One sentence: what was measured, on what. */
  readonly about: string;
  readonly figures: readonly Figure[];
  /** Everything measured, for the JSON beside the summary. */
  readonly details: unknown;
}

export interface Scenario {
  readonly name: string;
  run(context: BenchContext): Promise<ScenarioResult>;
}
