/**
 * The arithmetic of contrastive training: bags of rows, matrix products, softmax both ways, Adam.
 * AssemblyScript, compiled by tools/build-kernels.ts to src/embedding/train/train-kernel.generated.ts. Addresses are bytes of a
 * memory whose layout is the caller's (src/embedding/train/); strides and counts are in floats. Nothing is allocated here and
 * nothing is kept between calls. No fused multiply-add, so that results are equal on every machine.
 */

/** Rows of A, columns of B, depth of one block: a block of B (256 x 256) stays in the second-level cache. */
const DEPTH: u32 = 256;

/** Four rows of A, interleaved: out[k * 4 + r] = a[r * row + k * column]. */
function packRows(a: usize, row: usize, column: usize, depth: u32, out: usize): void {
  for (let k: u32 = 0; k < depth; k++) {
    store<f32>(out, load<f32>(a));
    store<f32>(out, load<f32>(a + row), 4);
    store<f32>(out, load<f32>(a + 2 * row), 8);
    store<f32>(out, load<f32>(a + 3 * row), 12);
    a += column;
    out += 16;
  }
}

/** Eight columns of B, interleaved: out[k * 8 + c] = b[k * row + c * column]. */
function packColumns(b: usize, row: usize, column: usize, depth: u32, out: usize): void {
  if (column == 4) {
    for (let k: u32 = 0; k < depth; k++) {
      v128.store(out, v128.load(b));
      v128.store(out, v128.load(b, 16), 16);
      b += row;
      out += 32;
    }
    return;
  }
  for (let k: u32 = 0; k < depth; k++) {
    for (let c: usize = 0; c < 8; c++) store<f32>(out + (c << 2), load<f32>(b + c * column));
    b += row;
    out += 32;
  }
}

/** C[4 x 8] = or += packed A[4 x depth] times packed B[depth x 8]. `row`: bytes between rows of C. */
function product4x8(a: usize, b: usize, depth: u32, c: usize, row: usize, add: bool): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (let k: u32 = 0; k < depth; k++) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
    const a0 = v128.load_splat<f32>(a);
    c00 = f32x4.add(c00, f32x4.mul(a0, left));
    c01 = f32x4.add(c01, f32x4.mul(a0, right));
    const a1 = v128.load_splat<f32>(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(a1, left));
    c11 = f32x4.add(c11, f32x4.mul(a1, right));
    const a2 = v128.load_splat<f32>(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(a2, left));
    c21 = f32x4.add(c21, f32x4.mul(a2, right));
    const a3 = v128.load_splat<f32>(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(a3, left));
    c31 = f32x4.add(c31, f32x4.mul(a3, right));
    a += 16;
    b += 32;
  }
  put8(c, c00, c01, add);
  put8(c + row, c10, c11, add);
  put8(c + 2 * row, c20, c21, add);
  put8(c + 3 * row, c30, c31, add);
}

// @ts-ignore: decorator
@inline
function put8(at: usize, left: v128, right: v128, add: bool): void {
  if (add) {
    left = f32x4.add(left, v128.load(at));
    right = f32x4.add(right, v128.load(at, 16));
  }
  v128.store(at, left);
  v128.store(at, right, 16);
}

/**
 * C = A B for A of m x k and B of k x n, each given by the strides of its rows and columns, so that a transpose costs nothing;
 * C has rows of `cRow` and adjacent columns. m is a multiple of 4, n of 8. `scratch`: 256 * (n + 4) floats.
 */
export function multiply(
  m: u32, n: u32, k: u32,
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize,
  c: usize, cRow: usize,
  scratch: usize,
): void {
  aRow <<= 2;
  aColumn <<= 2;
  bRow <<= 2;
  bColumn <<= 2;
  cRow <<= 2;
  const columns = scratch + ((DEPTH * 4) << 2);
  for (let from: u32 = 0; from < k; from += DEPTH) {
    const depth = min(DEPTH, k - from);
    for (let j: u32 = 0; j < n; j += 8) {
      packColumns(b + from * bRow + j * bColumn, bRow, bColumn, depth, columns + ((j * depth) << 2));
    }
    for (let i: u32 = 0; i < m; i += 4) {
      packRows(a + i * aRow + from * aColumn, aRow, aColumn, depth, scratch);
      for (let j: u32 = 0; j < n; j += 8) {
        product4x8(scratch, columns + ((j * depth) << 2), depth, c + i * cRow + (j << 2), cRow, from > 0);
      }
    }
  }
}

/** e^x to about 1e-7, for x between -87 and 88. Cephes: 2^n times a polynomial on [-ln2/2, ln2/2]. */
// @ts-ignore: decorator
@inline
function exponential(x: v128): v128 {
  x = f32x4.max(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

/** S (n x n) becomes e^(scale * S); the sums of its rows and columns are written. n is a multiple of 4. */
export function exponentiate(s: usize, n: u32, scale: f32, rowSums: usize, columnSums: usize): void {
  memory.fill(columnSums, 0, n << 2);
  const factor = f32x4.splat(scale);
  for (let i: u32 = 0; i < n; i++) {
    let sum = f32x4.splat(0);
    for (let j: u32 = 0; j < n << 2; j += 16) {
      const e = exponential(f32x4.mul(v128.load(s + j), factor));
      v128.store(s + j, e);
      sum = f32x4.add(sum, e);
      v128.store(columnSums + j, f32x4.add(v128.load(columnSums + j), e));
    }
    store<f32>(rowSums + (i << 2), addLanes(sum));
    s += n << 2;
  }
}

// @ts-ignore: decorator
@inline
function addLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/**
 * Gradient of the symmetric cross entropy by the cosines: E[i, j] becomes
 * factor * (E[i, j] / 2 * (1 / rowSum[i] + 1 / columnSum[j]) - (i == j)). Overwrites the sums by their inverses.
 */
export function entropyGradient(e: usize, n: u32, factor: f32, rowSums: usize, columnSums: usize): void {
  const half = factor * 0.5;
  for (let at: usize = 0; at < n << 2; at += 4) {
    store<f32>(rowSums + at, half / load<f32>(rowSums + at));
    store<f32>(columnSums + at, half / load<f32>(columnSums + at));
  }
  for (let i: u32 = 0; i < n; i++) {
    const row = v128.load_splat<f32>(rowSums + (i << 2));
    for (let j: u32 = 0; j < n << 2; j += 16) {
      v128.store(e + j, f32x4.mul(v128.load(e + j), f32x4.add(row, v128.load(columnSums + j))));
    }
    store<f32>(e + (i << 2), load<f32>(e + (i << 2)) - factor);
    e += n << 2;
  }
}

/**
 * Bags of weighted rows: out[b] = sum over t in from[b] .. from[b + 1] of weights[t] * table[rows[t]].
 * `from` and `rows` are u32, `weights` f32; dims is a multiple of 4.
 */
export function sumBags(
  count: u32, from: usize, rows: usize, weights: usize, table: usize, dims: usize, out: usize,
): void {
  const size = dims << 2;
  for (let b: u32 = 0; b < count; b++) {
    memory.fill(out, 0, size);
    const end = load<u32>(from, 4);
    for (let t = load<u32>(from); t < end; t++) {
      addRow(out, table + (<usize>load<u32>(rows + (<usize>t << 2))) * size, load<f32>(weights + (<usize>t << 2)), size);
    }
    from += 4;
    out += size;
  }
}

/** The way back: table[rows[t]] += weights[t] * out[b], in order of t. */
export function scatterBags(
  count: u32, from: usize, rows: usize, weights: usize, table: usize, dims: usize, out: usize,
): void {
  const size = dims << 2;
  for (let b: u32 = 0; b < count; b++) {
    const end = load<u32>(from, 4);
    for (let t = load<u32>(from); t < end; t++) {
      addRow(table + (<usize>load<u32>(rows + (<usize>t << 2))) * size, out, load<f32>(weights + (<usize>t << 2)), size);
    }
    from += 4;
    out += size;
  }
}

// @ts-ignore: decorator
@inline
function addRow(into: usize, row: usize, weight: f32, size: usize): void {
  const factor = f32x4.splat(weight);
  for (let i: usize = 0; i < size; i += 16) {
    v128.store(into + i, f32x4.add(v128.load(into + i), f32x4.mul(v128.load(row + i), factor)));
  }
}

/**
 * out[r, 0 .. width] = rows[r, 0 .. width] / norm, and the inverse norms; a row of zeros stays zeros. `stride`: floats between
 * rows of the input; rows of the output are `width` apart. width is a multiple of 4.
 */
export function normalise(count: u32, width: usize, rows: usize, stride: usize, out: usize, inverse: usize): void {
  const size = width << 2;
  for (let r: u32 = 0; r < count; r++) {
    let sum = f32x4.splat(0);
    for (let i: usize = 0; i < size; i += 16) {
      const x = v128.load(rows + i);
      sum = f32x4.add(sum, f32x4.mul(x, x));
    }
    const squares = addLanes(sum);
    const share: f32 = squares > 0 ? 1 / sqrt<f32>(squares) : 0;
    store<f32>(inverse, share);
    const factor = f32x4.splat(share);
    for (let i: usize = 0; i < size; i += 16) v128.store(out + i, f32x4.mul(v128.load(rows + i), factor));
    rows += stride << 2;
    out += size;
    inverse += 4;
  }
}

/** Through the normalisation: into[r] += weight * inverse[r] * (g[r] - (g[r] . unit[r]) unit[r]), on the first `width` dims. */
export function normaliseGradient(
  count: u32, width: usize, gradient: usize, unit: usize, inverse: usize, weight: f32, into: usize, stride: usize,
): void {
  const size = width << 2;
  for (let r: u32 = 0; r < count; r++) {
    let sum = f32x4.splat(0);
    for (let i: usize = 0; i < size; i += 16) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(gradient + i), v128.load(unit + i)));
    }
    const along = f32x4.splat(addLanes(sum));
    const factor = f32x4.splat(weight * load<f32>(inverse));
    for (let i: usize = 0; i < size; i += 16) {
      const across = f32x4.sub(v128.load(gradient + i), f32x4.mul(along, v128.load(unit + i)));
      v128.store(into + i, f32x4.add(v128.load(into + i), f32x4.mul(factor, across)));
    }
    gradient += size;
    unit += size;
    inverse += 4;
    into += stride << 2;
  }
}

/**
 * Adam on the rows that have a gradient, which is cleared: first moments for each value, the second for the row as a whole.
 * `state`, four floats a row: second moment, beta1^t, beta2^t of this row's own t, unused. `rows` is a list of u32.
 */
export function adamRows(
  count: u32, rows: usize, dims: usize, table: usize, gradient: usize, moment: usize, state: usize, rate: f32,
): void {
  const size = dims << 2;
  const beta1: f32 = 0.9;
  const beta2: f32 = 0.999;
  for (let r: u32 = 0; r < count; r++) {
    const row = <usize>load<u32>(rows + (<usize>r << 2));
    const g = gradient + row * size;
    const m = moment + row * size;
    const e = table + row * size;
    const own = state + (row << 4);
    let sum = f32x4.splat(0);
    for (let i: usize = 0; i < size; i += 16) {
      const x = v128.load(g + i);
      sum = f32x4.add(sum, f32x4.mul(x, x));
    }
    const second = beta2 * load<f32>(own) + (1 - beta2) * (addLanes(sum) / <f32>dims);
    const power1 = load<f32>(own, 4) * beta1;
    const power2 = load<f32>(own, 8) * beta2;
    store<f32>(own, second);
    store<f32>(own, power1, 4);
    store<f32>(own, power2, 8);
    const deviation = sqrt<f32>(second / (1 - power2)) + 1e-12;
    const step = f32x4.splat(-rate / (1 - power1) / deviation);
    for (let i: usize = 0; i < size; i += 16) {
      const first = f32x4.add(
        f32x4.mul(v128.load(m + i), f32x4.splat(beta1)),
        f32x4.mul(v128.load(g + i), f32x4.splat(1 - beta1)),
      );
      v128.store(m + i, first);
      v128.store(g + i, f32x4.splat(0));
      v128.store(e + i, f32x4.add(v128.load(e + i), f32x4.mul(step, first)));
    }
  }
}
