import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskBytes, maskOfRuns } from './row-mask.ts';

test('a mask of runs has the bits of its allowed runs and no other', () => {
  const runs = fc.array(fc.record({ rows: fc.nat(40), allowed: fc.boolean() }), { maxLength: 30 });
  fc.assert(
    fc.property(runs, (all) => {
      const bounds = Int32Array.from([0, ...all.map((_, i) => sum(all.slice(0, i + 1)))]);
      const mask = maskOfRuns(bounds, (run) => all[run]?.allowed === true);
      const expected = all.flatMap(({ rows, allowed }) => new Array<boolean>(rows).fill(allowed));
      expect(mask.length).toBe(maskBytes(expected.length));
      const bits = [...mask].flatMap((byte) => [0, 1, 2, 3, 4, 5, 6, 7].map((i) => ((byte >> i) & 1) === 1));
      expect(bits.slice(0, expected.length)).toEqual(expected);
      expect(bits.slice(expected.length)).not.toContain(true);
    }),
  );
});

const sum = (runs: readonly { readonly rows: number }[]) => runs.reduce((total, { rows }) => total + rows, 0);
