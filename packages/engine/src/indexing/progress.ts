/** Counts work done and estimates the time left from the bytes done so far. */
import type { IndexProgress } from '../model/search.ts';

export interface ProgressMeter {
  readonly current: IndexProgress;
  phase(phase: IndexProgress['phase']): void;
  total(files: number, bytes: number): void;
  done(files: number, bytes: number): void;
}

/** An estimate from less work than this would jump about. */
const MIN_SHARE = 0.02;

export function createProgressMeter(report: (progress: IndexProgress) => void = () => {}): ProgressMeter {
  const started = performance.now();
  let phase: IndexProgress['phase'] = 'walking';
  let filesDone = 0;
  let filesTotal = 0;
  let bytesDone = 0;
  let bytesTotal = 0;
  const snapshot = (): IndexProgress => {
    const elapsedMs = performance.now() - started;
    const share = bytesTotal > 0 ? bytesDone / bytesTotal : 0;
    const known = (phase === 'indexing' || phase === 'facts') && share >= MIN_SHARE;
    return {
      phase,
      filesDone,
      filesTotal,
      bytesDone,
      bytesTotal,
      elapsedMs,
      ...(known ? { remainingMs: (elapsedMs * (1 - share)) / share } : {}),
    };
  };
  return {
    get current() {
      return snapshot();
    },
    phase(next) {
      phase = next;
      report(snapshot());
    },
    total(files, bytes) {
      filesTotal = files;
      bytesTotal = bytes;
      report(snapshot());
    },
    done(files, bytes) {
      filesDone += files;
      bytesDone += bytes;
      report(snapshot());
    },
  };
}
