/** A short part of `npm run fuzz`: the real processes, hostile messages out of a fixed seed. */
import { expect, it } from 'vitest';
import { hostileMessage } from '../testing/fuzz/hostile-messages.ts';
import { runFuzzOverHttp, runFuzzOverStdio } from '../testing/fuzz/run-fuzz.ts';

const PLAN = { seed: 20_261_123, from: 0, patienceMs: 30_000 };

it('hostile requests over HTTP get one sound answer each, and the server lives', async () => {
  const { faults, isAlive, outcomes } = await runFuzzOverHttp({ ...PLAN, count: 2_000 });
  expect(faults).toEqual([]);
  expect(isAlive).toBe(true);
  // Most are worked on, many are refused: a generator that only met the guard would prove nothing.
  expect(outcomes['200']).toBeGreaterThan(400);
  expect(outcomes['400']).toBeGreaterThan(400);
}, 120_000);

it('hostile lines over standard input harm neither the process nor its standard output', async () => {
  const { faults, isAlive, outcomes } = await runFuzzOverStdio({ ...PLAN, count: 1_000 });
  expect(faults).toEqual([]);
  expect(isAlive).toBe(true);
  expect(outcomes['alive']).toBe(20);
  expect(outcomes['result']).toBeGreaterThan(100);
}, 120_000);

it('a message can be made again from seed and number', () => {
  expect(hostileMessage(7, 12_345)).toEqual(hostileMessage(7, 12_345));
  expect(hostileMessage(7, 12_345)).not.toEqual(hostileMessage(8, 12_345));
});
