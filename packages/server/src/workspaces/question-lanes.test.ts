/** Lanes: in order, within their width, and left at once by who gives up. */
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../errors.ts';
import { openTestServer, type TestServer } from '../testing/serve.ts';
import { openLane } from './question-lanes.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

describe('a lane', () => {
  it('lets in as many as it is wide, in the order in which they came, whatever they end with', async () => {
    const lane = openLane(3);
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    const ends = Array.from({ length: 40 }, (_, i) =>
      lane.run(async () => {
        begun.push(i);
        most = Math.max(most, ++running);
        await turn();
        running--;
        if (i % 5 === 0) throw new Error(`ends badly ${i}`);
        return i;
      }, undefined),
    );
    const settled = await Promise.allSettled(ends);
    expect(begun).toEqual([...begun].sort((a, b) => a - b));
    expect(most).toBe(3);
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(8);
    expect(await lane.run(async () => 'free again', undefined)).toBe('free again');
  });

  it('is left at once by who gives up while waiting, who then never runs', async () => {
    const lane = openLane(1);
    let open = (): void => undefined;
    const first = lane.run(() => new Promise<void>((resolve) => (open = resolve)), undefined);
    const controller = new AbortController();
    let hasRun = false;
    const second = lane.run(async () => void (hasRun = true), controller.signal);
    const third = lane.run(async () => 'third', undefined);
    const late = new UserError('timeout', 'Too late.', 'Ask for less.');
    controller.abort(late);
    await expect(second).rejects.toBe(late);
    await expect(lane.run(async () => undefined, AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    });
    open();
    await first;
    expect(await third).toBe('third');
    expect(hasRun).toBe(false);
  });
});

describe('a lane with a bound', () => {
  const lasting = (ms: number) => () => new Promise<void>((resolve) => setTimeout(resolve, ms));

  it('refuses who would wait longer by what questions have lasted, at once, and lets in again afterwards', async () => {
    let refused = 0;
    const lane = openLane(2, { waitMs: 200, refused: () => void refused++ });
    for (let i = 0; i < 30; i++) await lane.run(lasting(20), undefined);
    const came = performance.now();
    const ends = await Promise.allSettled(
      Array.from({ length: 60 }, async () => {
        await lane.run(lasting(20), undefined).catch((error: unknown) => {
          expect(performance.now() - came).toBeLessThan(100);
          throw error;
        });
        return performance.now() - came;
      }),
    );
    const answered = ends.filter(({ status }) => status === 'fulfilled');
    // 200 ms are ten questions of 20 ms, two at a time; a busy machine makes them last longer.
    expect(answered.length).toBeGreaterThan(2);
    expect(answered.length).toBeLessThan(30);
    expect(refused).toBe(60 - answered.length);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'overloaded', retryAfterMs: 1_000, advice: /^Try again in 1 s/ },
    });
    await lane.run(lasting(1), undefined);
  });

  it('lets go whose turn has not come after twice as long, because one before him takes long', async () => {
    const lane = openLane(1, { waitMs: 60 });
    const long = lane.run(lasting(600), undefined);
    const came = performance.now();
    await expect(lane.run(lasting(1), undefined)).rejects.toMatchObject({ code: 'overloaded' });
    expect(performance.now() - came).toBeGreaterThan(110);
    expect(performance.now() - came).toBeLessThan(500);
    await long;
    expect(await lane.run(async () => 'free again', undefined)).toBe('free again');
  });

  it('takes one that lasted long for an exception', async () => {
    const lane = openLane(1, { waitMs: 250 });
    for (let i = 0; i < 10; i++) await lane.run(lasting(10), undefined);
    await lane.run(lasting(1_000), undefined);
    await Promise.all([1, 2].map(() => lane.run(lasting(10), undefined)));
  });
});

describe('a server', () => {
  it('runs one heavy question at a time, and answers light ones meanwhile', async () => {
    server = await openTestServer({ repositories: { shop: { queryMs: 300 } } });
    const { post } = server;
    const started = performance.now();
    const ms = async (path: string, body: object) => {
      const { status } = await post(path, body);
      expect(status).toBe(200);
      return performance.now() - started;
    };
    const heavy = [1, 2, 3].map(() => ms('/v1/analyze_implementation', { target: 'session' }));
    const light = ms('/v1/search_codebase', { query: 'session' });
    const state = ms('/v1/status', {});
    const ends = await Promise.all(heavy);
    expect(Math.max(...ends)).toBeGreaterThan(890);
    expect(await light).toBeLessThan(Math.max(...ends));
    expect(await state).toBeLessThan(Math.min(...ends));
  });
});
