/** The compiled scan (packages/engine/kernels/scan.ts) on a memory. Knows addresses, not what lies there. */
import { wasm } from './scan-kernel.generated.ts';

/** All addresses are bytes; what they point to is described at the source. */
export interface ScanKernel {
  place(source: number, groups: number, dims: number, target: number, inverseNorms: number): void;
  scan(part: number, query: number, heap: number, k: number, least: number): number;
  dot(row: number, dims: number, query: number): number;
}

let compiled: WebAssembly.Module | undefined;

/** Compiles on first use: about a millisecond. `memory` must be shared, with a maximum of 65,536 pages. */
export function instantiateScan(memory: WebAssembly.Memory): ScanKernel {
  compiled ??= new WebAssembly.Module(Buffer.from(wasm, 'base64'));
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as ScanKernel;
}
