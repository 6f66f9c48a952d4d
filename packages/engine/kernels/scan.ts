/**
 * Scan of int8 vectors: dot products with one query, and the k rows of the highest cosine.
 * AssemblyScript, compiled by tools/build-kernels.ts to src/vectors/scan-kernel.generated.ts. Addresses are bytes of a shared
 * memory whose layout is the caller's (src/vectors/); nothing is allocated here and nothing is kept between calls.
 *
 * Rows lie in groups of four, eight values of each row in turn, so that four rows share each load of the query and memory is
 * read in one stream. A row has `dims` values, a multiple of 16. The query is int16, so that only the rows are rounded to 8 bits; the caller chooses its scale such that no sum
 * leaves int32: dims * 128 * max|query| < 2^31.
 */

/** Four dot products with the query: lane i is row i of the group. */
// @ts-ignore: decorator
@inline
function dotFour(group: usize, dims: usize, query: usize): v128 {
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  let c = i32x4.splat(0);
  let d = i32x4.splat(0);
  const end = group + (dims << 2);
  // One address and constant offsets: the baseline compiler does not find them by itself.
  do {
    const low = v128.load(query);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(group), low));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(group, 8), low));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<i8>(group, 16), low));
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load_ext<i8>(group, 24), low));
    const high = v128.load(query, 16);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(group, 32), high));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(group, 40), high));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<i8>(group, 48), high));
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load_ext<i8>(group, 56), high));
    query += 32;
    group += 64;
  } while (group < end);
  // Transposed addition: lanes of a, b, c, d to one sum each.
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

/**
 * Brings rows that lie one after the other into groups, and writes 1 / |row| as f32 to `inverseNorms`, 0 for a row of zeros.
 * No sum of squares leaves int32 up to 131,071 dimensions.
 */
export function place(source: usize, groups: u32, dims: usize, target: usize, inverseNorms: usize): void {
  const rows = groups << 2;
  for (let row: u32 = 0; row < rows; row++) {
    const first = target + <usize>(row >> 2) * (dims << 2) + ((row & 3) << 3);
    let sum = i32x4.splat(0);
    for (let at: usize = 0; at < dims; at += 8) {
      store<u64>(first + (at << 2), load<u64>(source + at));
      const part = v128.load_ext<i8>(source + at);
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(part, part));
    }
    source += dims;
    const square = addLanes(sum);
    store<f32>(inverseNorms + ((<usize>row) << 2), square == 0 ? 0 : <f32>(1.0 / Math.sqrt(<f64>square)));
  }
}

// @ts-ignore: decorator
@inline
function addLanes(sum: v128): i32 {
  return (
    i32x4.extract_lane(sum, 0) +
    i32x4.extract_lane(sum, 1) +
    i32x4.extract_lane(sum, 2) +
    i32x4.extract_lane(sum, 3)
  );
}

/** A heap has its size (u32), then `k` scores (f32), then `k` numbers (u32). The root is the worst kept. */
// @ts-ignore: decorator
@inline
function scoreAt(heap: usize, at: u32): f32 {
  return load<f32>(heap + ((<usize>at) << 2), 4);
}

// @ts-ignore: decorator
@inline
function numberAt(heap: usize, k: u32, at: u32): u32 {
  return load<u32>(heap + ((<usize>(k + at)) << 2), 4);
}

// @ts-ignore: decorator
@inline
function put(heap: usize, k: u32, at: u32, score: f32, number: u32): void {
  store<f32>(heap + ((<usize>at) << 2), score, 4);
  store<u32>(heap + ((<usize>(k + at)) << 2), number, 4);
}

/** Of equal scores the higher number is worse, so that the result does not depend on the order of the scan. */
// @ts-ignore: decorator
@inline
function worse(score: f32, number: u32, than: f32, thanNumber: u32): bool {
  return score < than || (score == than && number > thanNumber);
}

/** Keeps the row if it is among the k best so far. Returns the score below which nothing is kept from now on. */
function offer(heap: usize, k: u32, score: f32, number: u32): f32 {
  const size = load<u32>(heap);
  let at: u32 = 0;
  if (size < k) {
    at = size;
    store<u32>(heap, size + 1);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentScore = scoreAt(heap, parent);
      const parentNumber = numberAt(heap, k, parent);
      if (!worse(score, number, parentScore, parentNumber)) break;
      put(heap, k, at, parentScore, parentNumber);
      at = parent;
    }
    put(heap, k, at, score, number);
    return size + 1 < k ? -Infinity : scoreAt(heap, 0);
  }
  if (!worse(scoreAt(heap, 0), numberAt(heap, k, 0), score, number)) return scoreAt(heap, 0);
  for (;;) {
    let child: u32 = 2 * at + 1;
    if (child >= k) break;
    if (
      child + 1 < k &&
      worse(scoreAt(heap, child + 1), numberAt(heap, k, child + 1), scoreAt(heap, child), numberAt(heap, k, child))
    )
      child++;
    const childScore = scoreAt(heap, child);
    const childNumber = numberAt(heap, k, child);
    if (!worse(childScore, childNumber, score, number)) break;
    put(heap, k, at, childScore, childNumber);
    at = child;
  }
  put(heap, k, at, score, number);
  return scoreAt(heap, 0);
}

/** Rows that lie together, as the caller writes them to memory: seven words of 32 bits. */
@unmanaged
class Part {
  /** Groups of four rows. Rows that only fill the last group have NaN as inverse norm and are never kept. */
  rows: usize;
  inverseNorms: usize;
  /** One bit a row, lowest first, set when the row may be found; 0 for all. */
  mask: usize;
  groups: u32;
  /** Of the first row. */
  number: u32;
  /** Bytes of a row. */
  dims: usize;
  /** Becomes 1, after everything else that a scan of the part writes. */
  done: u32;
}

/**
 * Offers rows to a heap, each with `dot * inverse norm` as its score: the cosine times the length of the query. k > 0.
 * Rows that score less than `least` are left out; k rows are known that score as much. Returns the same for what follows.
 */
export function scan(part: Part, query: usize, heap: usize, k: u32, least: f32): f32 {
  let floor = least;
  if (load<u32>(heap) == k && scoreAt(heap, 0) > floor) floor = scoreAt(heap, 0);
  let rows = part.rows;
  let inverseNorms = part.inverseNorms;
  let number = part.number;
  const mask = part.mask;
  const groups = part.groups;
  const dims = part.dims;
  const stride = dims << 2;
  for (let group: u32 = 0; group < groups; group++) {
    const allowed: u32 = mask ? (load<u8>(mask + (group >> 1)) >> ((group & 1) << 2)) & 15 : 15;
    if (allowed) {
      const dots = dotFour(rows, dims, query);
      const scores = f32x4.mul(f32x4.convert_i32x4_s(dots), v128.load(inverseNorms));
      const kept = (<u32>i32x4.bitmask(f32x4.ge(scores, f32x4.splat(floor)))) & allowed;
      if (kept) {
        let root: f32 = -Infinity;
        if (kept & 1) root = offer(heap, k, f32x4.extract_lane(scores, 0), number);
        if (kept & 2) root = offer(heap, k, f32x4.extract_lane(scores, 1), number + 1);
        if (kept & 4) root = offer(heap, k, f32x4.extract_lane(scores, 2), number + 2);
        if (kept & 8) root = offer(heap, k, f32x4.extract_lane(scores, 3), number + 3);
        if (root > floor) floor = root;
      }
    }
    rows += stride;
    inverseNorms += 16;
    number += 4;
  }
  atomic.store<u32>(changetype<usize>(part), 1, offsetof<Part>('done'));
  return floor;
}

/** The dot product with the query of one row, whose first value lies at `row`. */
export function dot(row: usize, dims: usize, query: usize): i32 {
  let sum = i32x4.splat(0);
  for (let at: usize = 0; at < dims; at += 8)
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load_ext<i8>(row + (at << 2)), v128.load(query + (at << 1))));
  return addLanes(sum);
}
