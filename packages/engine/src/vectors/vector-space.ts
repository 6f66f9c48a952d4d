export type RowMask = Uint8Array;
export interface VectorSpace {
  blocks(): number[];
  has(id: number): boolean;
  addBlock(id: number, rows: Int8Array): void;
  dropBlock(id: number): void;
  search(
    query: Float32Array,
    k: number,
    mask: (block: number) => RowMask | undefined,
  ): { block: number; row: number; score: number }[];
  score(query: Float32Array, block: number, row: number): number;
}
export function createVectorSpace({ dims }: { dims: number }): VectorSpace {
  const blocks = new Map<number, Int8Array>();
  const cos = (q: Float32Array, rows: Int8Array, row: number) => {
    let s = 0,
      n = 0;
    for (let i = 0, at = row * dims; i < dims; i++, at++) {
      const v = rows[at] as number;
      s += v * (q[i] as number);
      n += v * v;
    }
    return n === 0 ? 0 : s / Math.sqrt(n);
  };
  return {
    blocks: () => [...blocks.keys()],
    has: (id) => blocks.has(id),
    addBlock: (id, rows) => void blocks.set(id, rows),
    dropBlock: (id) => void blocks.delete(id),
    score: (q, b, row) => cos(q, blocks.get(b) as Int8Array, row),
    search(q, k, mask) {
      const all: { block: number; row: number; score: number }[] = [];
      for (const [block, rows] of blocks) {
        const m = mask(block);
        for (let row = 0; row < rows.length / dims; row++)
          if (!m || m[row]) all.push({ block, row, score: cos(q, rows, row) });
      }
      return all.sort((a, b) => b.score - a.score).slice(0, k);
    },
  };
}
export function rowMask(n: number, test: (row: number) => boolean): RowMask {
  const m = new Uint8Array(n);
  for (let i = 0; i < n; i++) if (test(i)) m[i] = 1;
  return m;
}
