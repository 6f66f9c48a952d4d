import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AuditEvent } from '../access/audit-chain.ts';
import type { RequestEnd } from '../observe/request-events.ts';
import { auditObserver } from './audit-observer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const end = (principal: string, more: Partial<RequestEnd> = {}): RequestEnd => ({
  id: '1',
  door: 'rest',
  principal,
  remote: '::1',
  status: 429,
  outcome: 'limited',
  error: 'overloaded',
  ms: 1,
  requestBytes: 0,
  responseBytes: 0,
  ...more,
});

it('refusals of one asker are counted for a while after the first, those of others and answers are told each', () => {
  const written: AuditEvent[] = [];
  const { ended, close } = auditObserver({ write: (event) => void written.push(event) });
  const told = () =>
    written.splice(0).map(({ event, principal, status, count }) => [event, principal, status, count]);
  for (let i = 0; i < 500; i++) ended?.(end('key:a'));
  ended?.(end('key:b'));
  for (let i = 0; i < 3; i++) ended?.(end('key:a', { status: 200, outcome: 'ok', error: undefined }));
  expect(told()).toEqual([
    ['call', 'key:a', 429, undefined],
    ['call', 'key:b', 429, undefined],
    ...Array(3).fill(['call', 'key:a', 200, undefined]),
  ]);
  vi.advanceTimersByTime(10_000);
  expect(told()).toEqual([['refused', 'key:a', 429, 499]]);
  for (let i = 0; i < 3; i++) ended?.(end('key:a'));
  close();
  expect(told()).toEqual([
    ['call', 'key:a', 429, undefined],
    ['refused', 'key:a', 429, 2],
  ]);
  vi.advanceTimersByTime(60_000);
  expect(told()).toEqual([]);
});
