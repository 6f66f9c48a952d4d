/** The training kernel over one memory of fixed size. Knows no model: arrays by name, and the kernel's functions. */
import { wasm } from './train-kernel.generated.ts';

/** See packages/engine/kernels/train.ts. Addresses are bytes, strides and counts are values. */
export interface TrainKernel {
  multiply(
    ...args: [
      m: number,
      n: number,
      k: number,
      a: number,
      aRow: number,
      aColumn: number,
      b: number,
      bRow: number,
      bColumn: number,
      c: number,
      cRow: number,
      scratch: number,
    ]
  ): void;
  exponentiate(s: number, n: number, scale: number, rowSums: number, columnSums: number): void;
  entropyGradient(e: number, n: number, factor: number, rowSums: number, columnSums: number): void;
  sumBags: BagFunction;
  scatterBags: BagFunction;
  normalise(
    ...args: [count: number, width: number, rows: number, stride: number, out: number, inverse: number]
  ): void;
  normaliseGradient(
    ...args: [
      count: number,
      width: number,
      gradient: number,
      unit: number,
      inverse: number,
      weight: number,
      into: number,
      stride: number,
    ]
  ): void;
  adamRows(
    ...args: [
      count: number,
      rows: number,
      dims: number,
      table: number,
      gradient: number,
      moment: number,
      state: number,
      rate: number,
    ]
  ): void;
}

type BagFunction = (
  ...args: [
    count: number,
    from: number,
    rows: number,
    weights: number,
    table: number,
    dims: number,
    out: number,
  ]
) => void;

export interface Arena<Name extends string> {
  readonly kernel: TrainKernel;
  readonly floats: Readonly<Record<Name, Float32Array>>;
  /** The same memory as unsigned integers. */
  readonly integers: Readonly<Record<Name, Uint32Array>>;
  /** Where each array begins, in bytes. */
  readonly at: Readonly<Record<Name, number>>;
}

const PAGE = 65536;
/** Arrays begin where a cache line does. */
const LINE = 16;

/** Lays out arrays of these lengths, in values of four bytes, all zero. @throws RangeError when there is no such memory */
export function createArena<Name extends string>(lengths: Readonly<Record<Name, number>>): Arena<Name> {
  const names = Object.keys(lengths) as Name[];
  const at = {} as Record<Name, number>;
  let length = LINE;
  for (const name of names) {
    at[name] = length * 4;
    length += Math.ceil(lengths[name] / LINE) * LINE;
  }
  const pages = Math.ceil((length * 4) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: PAGE });
  const instance = new WebAssembly.Instance(compiled(), { env: { memory } });
  const floats = {} as Record<Name, Float32Array>;
  const integers = {} as Record<Name, Uint32Array>;
  for (const name of names) {
    floats[name] = new Float32Array(memory.buffer, at[name], lengths[name]);
    integers[name] = new Uint32Array(memory.buffer, at[name], lengths[name]);
  }
  return { kernel: instance.exports as unknown as TrainKernel, floats, integers, at };
}

let kernelModule: WebAssembly.Module | undefined;
const compiled = () => (kernelModule ??= new WebAssembly.Module(Buffer.from(wasm, 'base64')));
