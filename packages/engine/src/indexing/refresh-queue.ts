/** Refreshes of the live index, one at a time: what one is asked for, and who shares it. Must not know how it is done. */

import type { FilePath } from '../model/file.ts';

export interface RefreshOptions {
  /** Changes that take longer are reported as pending and read in the background. */
  readonly deadlineMs?: number;
  /** Only follow what others published: while the first index is being built there is nothing to compare with. */
  readonly followOnly?: boolean;
  /** For a question that was asked already and comes next: its own refresh need not look again. Reads no changed file. */
  readonly ahead?: boolean;
  /** Look at suspected paths only, not for other changes. */
  readonly suspectsOnly?: boolean;
}

export interface RefreshReport {
  readonly pending: readonly FilePath[];
  readonly checkedBy: 'watcher' | 'scan';
  readonly checkMs: number;
}

export interface RefreshQueue<Report> {
  /** Of requests that arrive while one runs, all share the next: it sees every change made before any of them. */
  refresh(options?: RefreshOptions): Promise<Report>;
  /** Resolves when the one that is running has ended, however. */
  idle(): Promise<void>;
}

export function createRefreshQueue<Report>(
  run: (options: RefreshOptions) => Promise<Report>,
): RefreshQueue<Report> {
  let running: Promise<Report> | undefined;
  let queued: Promise<Report> | undefined;
  let queuedOptions: RefreshOptions = {};
  const start = (options: RefreshOptions) => {
    queued = undefined;
    running = run(options).finally(() => {
      running = undefined;
    });
    return running;
  };
  return {
    refresh(options = {}) {
      if (queued) {
        queuedOptions = widest(queuedOptions, options);
        return queued;
      }
      if (!running) return start(options);
      queuedOptions = options;
      const startQueued = () => start(queuedOptions);
      queued = running.then(startQueued, startQueued);
      return queued;
    },
    async idle() {
      await running?.catch(() => {});
    },
  };
}

/** One refresh serves all that wait for it, so it does what the most demanding of them asked. */
function widest(a: RefreshOptions, b: RefreshOptions): RefreshOptions {
  const deadlines = [a.deadlineMs, b.deadlineMs].filter((deadline) => deadline !== undefined);
  return {
    ahead: (a.ahead ?? false) && (b.ahead ?? false),
    followOnly: (a.followOnly ?? false) && (b.followOnly ?? false),
    suspectsOnly: [a, b].every((options) => options.followOnly || options.suspectsOnly),
    ...(deadlines.length > 0 ? { deadlineMs: Math.max(...deadlines) } : {}),
  };
}
