import { expect, test } from 'vitest';
import { instantiateScan } from './scan-kernel.ts';

test('rows are placed in groups, eight values of each in turn, with exact inverse norms', () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
  const kernel = instantiateScan(memory);
  const source = new Int8Array(memory.buffer, 0, 64);
  source.fill(-128, 0, 16).fill(127, 32, 48).fill(1, 48, 49);
  kernel.place(0, 1, 16, 2048, 1024);
  const norms = [...new Float32Array(memory.buffer, 1024, 4)];
  expect(norms).toEqual([1 / 512, 0, Math.fround(1 / 508), 1]);
  const placed = new Int8Array(memory.buffer, 2048, 64);
  const eights = Array.from({ length: 8 }, (_, i) => placed[8 * i]);
  expect(eights).toEqual([-128, 0, 127, 1, -128, 0, 127, 0]);
});
