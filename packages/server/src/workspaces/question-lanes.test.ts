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
