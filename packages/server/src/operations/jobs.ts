/** Waiting for an index job without owning it: the job outlives the call. Knows no transport. */
import type { IndexProgress, JobStatus, Workspace } from '@conexus/engine';

export interface WaitOptions {
  readonly signal: AbortSignal;
  /** Give up waiting after this; the job goes on. */
  readonly maxMs: number;
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
}

const POLL_MS = 50;

/** The job's last state: finished, or still running when the time is over or the caller went away. */
export async function waitForJob(
  workspace: Workspace,
  job: JobStatus,
  options: WaitOptions,
): Promise<JobStatus> {
  const end = performance.now() + options.maxMs;
  let current = job;
  let told = '';
  while (current.state === 'running' && performance.now() < end && !options.signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    current = workspace.job(job.id) ?? current;
    const now = `${current.progress.phase} ${current.progress.filesDone} ${current.progress.bytesDone}`;
    if (now !== told) options.onProgress?.(current.progress);
    told = now;
  }
  return current;
}
