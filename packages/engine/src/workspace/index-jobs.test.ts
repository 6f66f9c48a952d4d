import { describe, expect, it } from 'vitest';
import type { IndexOptions } from '../engine.ts';
import { ConexusError } from '../model/errors.ts';
import type { IndexReport } from '../model/search.ts';
import { createIndexJobs } from './index-jobs.ts';

const report = (complete: boolean): IndexReport => ({
  files: 1,
  indexed: 1,
  reused: 0,
  removed: 0,
  chunks: 1,
  bytes: 1,
  skipped: {},
  parseErrors: 0,
  byLanguage: {},
  generation: 1,
  ms: 1,
  complete,
});

/** Work that ends when told to, or when it is cancelled. */
function manual() {
  const runs: { readonly options: IndexOptions; finish(): void; fail(error: Error): void }[] = [];
  const work = (options: IndexOptions) =>
    new Promise<IndexReport>((resolve, reject) => {
      options.signal?.addEventListener('abort', () => resolve(report(false)));
      runs.push({ options, finish: () => resolve(report(true)), fail: reject });
    });
  return { runs, jobs: createIndexJobs(work) };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof ConexusError ? error.code : `${error}`),
  );

describe('jobs of indexing', () => {
  it('run one at a time; who comes later joins', async () => {
    const { runs, jobs } = manual();
    const job = jobs.start();
    expect(jobs.start().id).toBe(job.id);
    const joined = jobs.run({});
    const single = jobs.run({ paths: ['a.ts'] });
    await tick();
    expect(runs).toHaveLength(1);
    runs[0]?.finish();
    expect([await joined, await single]).toEqual([report(true), report(true)]);
    expect(jobs.get(job.id)).toMatchObject({ state: 'done', report: report(true) });
    expect(jobs.running).toBe(false);
  });

  it('do not join one that does less than is asked for', async () => {
    const { runs, jobs } = manual();
    jobs.start();
    const rebuilt = jobs.run({ rebuild: true });
    await tick();
    expect(runs).toHaveLength(1);
    runs[0]?.finish();
    await tick();
    expect(runs[1]?.options.rebuild).toBe(true);
    const full = jobs.run({ rebuild: true });
    runs[1]?.finish();
    await Promise.all([rebuilt, full]);
    expect(runs).toHaveLength(2);
    const paths = jobs.run({ paths: ['a.ts'] });
    const others = jobs.run({ paths: ['b.ts'] });
    await tick();
    runs[2]?.finish();
    await paths;
    await tick();
    expect(runs[3]?.options.paths).toEqual(['b.ts']);
    runs[3]?.finish();
    await others;
  });

  it('end when the last who asked gives up, and only then', async () => {
    const { runs, jobs } = manual();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = jobs.run({ signal: one.signal });
    const second = jobs.run({ signal: two.signal });
    await tick();
    one.abort();
    expect(await codeOf(first)).toBe('cancelled');
    expect(jobs.running).toBe(true);
    two.abort();
    expect(await second).toEqual(report(false));
    expect(jobs.get()?.state).toBe('cancelled');
    expect(runs[0]?.options.signal?.aborted).toBe(true);
  });

  it('that were started to run on their own do not end with those who waited', async () => {
    const { runs, jobs } = manual();
    jobs.start();
    const controller = new AbortController();
    const waiting = jobs.run({ signal: controller.signal });
    await tick();
    controller.abort();
    expect(await codeOf(waiting)).toBe('cancelled');
    expect(jobs.running).toBe(true);
    runs[0]?.finish();
    await jobs.close();
    expect(jobs.get()?.state).toBe('done');
  });

  it('tell progress to those who listen', async () => {
    const work = async ({ onProgress }: IndexOptions) => {
      for (const filesDone of [1, 2]) {
        onProgress?.({
          phase: 'indexing',
          filesDone,
          filesTotal: 2,
          bytesDone: 0,
          bytesTotal: 0,
          elapsedMs: 0,
        });
      }
      return report(true);
    };
    const jobs = createIndexJobs(work);
    const seen: number[] = [];
    await jobs.run({ onProgress: ({ filesDone }) => seen.push(filesDone) });
    expect(seen).toEqual([1, 2]);
    expect(jobs.get()?.progress.filesDone).toBe(2);
  });

  it('say why they failed, without the words of others', async () => {
    const { runs, jobs } = manual();
    const failing = codeOf(jobs.run({}));
    await tick();
    runs[0]?.fail(new Error('ENOSPC /secret/path'));
    expect(await failing).toContain('ENOSPC');
    expect(jobs.get()).toMatchObject({ state: 'failed', error: 'internal error' });
    const told = codeOf(jobs.run({}));
    await tick();
    runs[1]?.fail(new ConexusError('store_full', 'The disk is full.', 'Free some space.'));
    expect(await told).toBe('store_full');
    expect(jobs.get()).toMatchObject({ state: 'failed', error: 'The disk is full. Free some space.' });
  });

  it('are cancelled by their handle, and only by it', async () => {
    const { jobs } = manual();
    expect(jobs.get()).toBeUndefined();
    expect(jobs.cancel()).toBeUndefined();
    const { id } = jobs.start();
    expect(jobs.cancel('other')).toBeUndefined();
    await tick();
    expect(jobs.get(id)?.state).toBe('running');
    expect(jobs.cancel(id)?.id).toBe(id);
    await tick();
    expect(jobs.get(id)?.state).toBe('cancelled');
  });
});
