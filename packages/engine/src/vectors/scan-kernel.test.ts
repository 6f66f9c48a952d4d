import { expect, test } from 'vitest';
import { instantiateScan } from './scan-kernel.ts';

test('inverse norms: exact to f32, 0 for a row of zeros, extreme values', () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
  const kernel = instantiateScan(memory);
  const rows = new Int8Array(memory.buffer, 0, 64);
  rows.fill(-128, 0, 16).fill(127, 32, 48).fill(1, 48, 49);
  kernel.invertNorms(0, 16, 4, 1024);
  const norms = [...new Float32Array(memory.buffer, 1024, 4)];
  expect(norms).toEqual([1 / 512, 0, Math.fround(1 / 508), 1]);
});
