/** Scores by file id in flat arrays: a map of a hundred thousand files costs more to fill than they take to find. */

/** What a map from file id to score gives to those who only read. */
export interface FileScores extends Iterable<readonly [file: number, score: number]> {
  get(file: number): number | undefined;
  readonly size: number;
  values(): Iterable<number>;
}

export interface DenseFileScores extends FileScores {
  add(file: number, score: number): void;
  /** Divides all scores. */
  divide(by: number): void;
}

/** File ids are below `limit`. Scores are added up; one of exactly zero counts as none. */
export function createFileScores(limit: number): DenseFileScores {
  const scores = new Float64Array(limit);
  const files = new Int32Array(limit);
  let size = 0;
  return {
    get size() {
      return size;
    },
    get: (file) => scores[file] || undefined,
    add(file, score) {
      if (score === 0) return;
      if (scores[file] === 0) files[size++] = file;
      scores[file] = (scores[file] as number) + score;
    },
    divide(by) {
      for (let i = 0; i < size; i++) {
        const file = files[i] as number;
        scores[file] = (scores[file] as number) / by;
      }
    },
    values() {
      const values = new Float64Array(size);
      for (let i = 0; i < size; i++) values[i] = scores[files[i] as number] as number;
      return values;
    },
    *[Symbol.iterator]() {
      for (let i = 0; i < size; i++) {
        const file = files[i] as number;
        yield [file, scores[file] as number];
      }
    },
  };
}
