/**
 * Which items of two sequences a short edit script removes and adds: E. Myers, "An O(ND) Difference Algorithm" (1986), in
 * linear space from both ends. Sequences with little in common are cut at the furthest point reached after about
 * `sqrt(items)` edits, at least 256, so that the time stays near-linear: the script is then correct, but not the shortest. Pure.
 */

interface Box {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

const MIN_COST = 256;

/** Calls `removed` and `added` with the index of each item that has no partner in the other sequence; in no order. */
export function editScript(
  a: Int32Array,
  b: Int32Array,
  removed: (index: number) => void,
  added: (index: number) => void,
): void {
  const diagonals = a.length + b.length + 3;
  const forward = new Int32Array(diagonals);
  const backward = new Int32Array(diagonals);
  const maxCost = Math.max(MIN_COST, Math.floor(Math.sqrt(diagonals)));
  const open: Box[] = [{ fromA: 0, toA: a.length, fromB: 0, toB: b.length }];
  for (let box = open.pop(); box; box = open.pop()) {
    let { fromA, toA, fromB, toB } = box;
    while (fromA < toA && fromB < toB && a[fromA] === b[fromB]) {
      fromA++;
      fromB++;
    }
    while (fromA < toA && fromB < toB && a[toA - 1] === b[toB - 1]) {
      toA--;
      toB--;
    }
    if (fromA === toA) for (let i = fromB; i < toB; i++) added(i);
    else if (fromB === toB) for (let i = fromA; i < toA; i++) removed(i);
    else {
      const [atA, atB] = splitPoint(a, b, { fromA, toA, fromB, toB }, forward, backward, maxCost);
      open.push({ fromA, toA: atA, fromB, toB: atB }, { fromA: atA, toA, fromB: atB, toB });
    }
  }
}

/** A point on a short path through the box. Diagonal `d` holds the points with `atA - atB = d`; its index is `d + b.length + 1`. */
function splitPoint(
  a: Int32Array,
  b: Int32Array,
  { fromA, toA, fromB, toB }: Box,
  forward: Int32Array,
  backward: Int32Array,
  maxCost: number,
): readonly [number, number] {
  const zero = b.length + 1;
  const [lowest, highest] = [fromA - toB, toA - fromB];
  const [top, bottom] = [fromA - fromB, toA - toB];
  const isOdd = ((top - bottom) & 1) !== 0;
  let [lowF, highF, lowB, highB] = [top, top, bottom, bottom];
  forward[zero + top] = fromA;
  backward[zero + bottom] = toA;
  for (let cost = 1; ; cost++) {
    if (lowF > lowest) forward[zero + --lowF - 1] = -1;
    else lowF++;
    if (highF < highest) forward[zero + ++highF + 1] = -1;
    else highF--;
    for (let d = highF; d >= lowF; d -= 2) {
      const below = forward[zero + d - 1] as number;
      const above = forward[zero + d + 1] as number;
      let x = below >= above ? below + 1 : above;
      while (x < toA && x - d < toB && a[x] === b[x - d]) x++;
      forward[zero + d] = x;
      if (isOdd && lowB <= d && d <= highB && (backward[zero + d] as number) <= x) return [x, x - d];
    }
    if (lowB > lowest) backward[zero + --lowB - 1] = 0x7fffffff;
    else lowB++;
    if (highB < highest) backward[zero + ++highB + 1] = 0x7fffffff;
    else highB--;
    for (let d = highB; d >= lowB; d -= 2) {
      const below = backward[zero + d - 1] as number;
      const above = backward[zero + d + 1] as number;
      let x = below < above ? below : above - 1;
      while (x > fromA && x - d > fromB && a[x - 1] === b[x - d - 1]) x--;
      backward[zero + d] = x;
      if (!isOdd && lowF <= d && d <= highF && x <= (forward[zero + d] as number)) return [x, x - d];
    }
    if (cost >= maxCost) {
      return furthest(
        { fromA, toA, fromB, toB },
        (d) => forward[zero + d] as number,
        [lowF, highF],
        (d) => backward[zero + d] as number,
        [lowB, highB],
      );
    }
  }
}

type Reach = (diagonal: number) => number;

/** The point with most of the way behind it, from either end. */
function furthest(
  { fromA, toA, fromB, toB }: Box,
  forward: Reach,
  [lowF, highF]: readonly [number, number],
  backward: Reach,
  [lowB, highB]: readonly [number, number],
): readonly [number, number] {
  let best: readonly [number, number] = [fromA, fromB];
  let most = 0;
  for (let d = highF; d >= lowF; d -= 2) {
    const x = Math.min(forward(d), toA, toB + d);
    const done = x - fromA + (x - d - fromB);
    if (done > most) [best, most] = [[x, x - d], done];
  }
  for (let d = highB; d >= lowB; d -= 2) {
    const x = Math.max(backward(d), fromA, fromB + d);
    const done = toA - x + (toB - (x - d));
    if (done > most) [best, most] = [[x, x - d], done];
  }
  return best;
}
