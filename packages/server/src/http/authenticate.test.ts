import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { keyAuthenticator, networkOf } from './authenticate.ts';

describe('the addresses of one network', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::1', '0:0:0:0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::6', '2001:db8:1:2'],
    ['2001:db8::', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['unknown', 'unknown'],
  ])('%s counts as %s', (remote, network) => {
    expect(networkOf(remote)).toBe(network);
  });
});

describe('wrong keys', () => {
  afterEach(() => void vi.useRealTimers());
  const open = () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    let denied = 0;
    const { check } = keyAuthenticator({ find: () => undefined }, undefined, () => void denied++);
    const request = { headers: { authorization: 'Bearer wrong' } } as unknown as IncomingMessage;
    const status = (remote: string) =>
      check(request, remote).then(
        () => 200,
        (error: { status: number }) => error.status,
      );
    return { status, denied: () => denied };
  };

  it('of one network of IPv6 are slowed down together', async () => {
    const { status, denied } = open();
    const statuses = await Promise.all(
      Array.from({ length: 100 }, (_, i) => status(`2001:db8:1:2::${i.toString(16)}`)),
    );
    expect(statuses.filter((each) => each === 401)).toHaveLength(20);
    expect(statuses.filter((each) => each === 429)).toHaveLength(80);
    expect(denied()).toBe(20);
    expect(await status('2001:db8:1:3::1')).toBe(401);
  });

  it('from however many networks leave a bounded number of records a second', async () => {
    const { status, denied } = open();
    for (let i = 0; i < 5_000; i++) await status(`10.${i >> 8}.${i & 255}.1`);
    expect(denied()).toBe(1_000);
    vi.advanceTimersByTime(1_000);
    for (let i = 0; i < 100; i++) await status(`11.0.${i}.1`);
    expect(denied()).toBe(1_020);
  });
});
