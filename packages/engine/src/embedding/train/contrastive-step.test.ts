import { expect, test } from 'vitest';
import { type Bags, type Batch, createContrastiveStep } from './contrastive-step.ts';
import { createRandom } from './random.ts';

const rows = 20;
const dims = 16;
const batch = 8;
const shape = { rows, dims, widths: [16, 8], batch, entries: 100, scale: 5 };

function randomBags(seed: number): Bags {
  const random = createRandom(seed);
  const from = [0];
  const list: number[] = [];
  const weights: number[] = [];
  for (let b = 0; b < batch; b++) {
    for (let t = random.below(4) + 1; t > 0; t--) {
      list.push(random.below(rows));
      weights.push(random.next() + 0.5);
    }
    from.push(list.length);
  }
  return { from: Uint32Array.from(from), rows: Uint32Array.from(list), weights: Float32Array.from(weights) };
}

const sample: Batch = { queries: randomBags(1), documents: randomBags(2), masked: [3, 3 * batch, 17] };

function filledStep() {
  const step = createContrastiveStep(shape);
  const random = createRandom(3);
  for (let i = 0; i < step.table.length; i++) step.table[i] = random.normal();
  return step;
}

/** The loss as the paper has it, in double precision. */
function plainLoss(table: Float32Array, { queries, documents, masked }: Batch): number {
  const sums = ({ from, rows: list, weights }: Bags, width: number) =>
    Array.from({ length: batch }, (_, b) => {
      const sum = new Float64Array(width);
      for (let t = from[b] ?? 0; t < (from[b + 1] ?? 0); t++) {
        for (let i = 0; i < width; i++)
          sum[i]! += (weights[t] ?? 0) * (table[(list[t] ?? 0) * dims + i] ?? 0);
      }
      const norm = Math.hypot(...sum);
      return sum.map((x) => x / norm);
    });
  let loss = 0;
  for (const width of shape.widths) {
    const [q, d] = [sums(queries, width), sums(documents, width)];
    const logits = q.map((a, i) =>
      d.map((b, j) =>
        masked.includes(i * batch + j)
          ? Number.NEGATIVE_INFINITY
          : shape.scale * a.reduce((s, x, k) => s + x * (b[k] ?? 0), 0),
      ),
    );
    for (let i = 0; i < batch; i++) {
      const row = logits[i]!.reduce((s, x) => s + Math.exp(x), 0);
      const column = logits.reduce((s, x) => s + Math.exp(x[i]!), 0);
      loss += (Math.log(row) + Math.log(column) - 2 * logits[i]![i]!) / 2 / batch / shape.widths.length;
    }
  }
  return loss;
}

test('the loss is symmetric InfoNCE, averaged over the widths', () => {
  const step = filledStep();
  expect(step.accumulate(sample)).toBeCloseTo(plainLoss(step.table, sample), 4);
});

test('the gradient agrees with finite differences', () => {
  const step = filledStep();
  step.accumulate(sample);
  const gradient = step.gradient.slice();
  const table = step.table.slice();
  const delta = 1e-3;
  let largest = 0;
  for (let i = 0; i < table.length; i++) {
    const moved = (by: number) => {
      const copy = table.slice();
      copy[i] = (copy[i] as number) + by;
      return plainLoss(copy, sample);
    };
    const expected = (moved(delta) - moved(-delta)) / (2 * delta);
    expect(Math.abs((gradient[i] as number) - expected)).toBeLessThan(2e-4);
    largest = Math.max(largest, Math.abs(expected));
  }
  expect(largest).toBeGreaterThan(0.01);
});

test('steps lower the loss and leave no gradient behind; untouched rows stay', () => {
  const step = filledStep();
  const used = new Set([...sample.queries.rows, ...sample.documents.rows]);
  const before = step.table.slice();
  const first = step.accumulate(sample);
  step.update(0.01);
  expect(step.gradient.every((x) => x === 0)).toBe(true);
  for (let i = 0; i < 50; i++) {
    step.accumulate(sample);
    step.update(0.01);
  }
  expect(step.accumulate(sample)).toBeLessThan(first / 2);
  for (let row = 0; row < rows; row++) {
    const moved = step.table
      .subarray(row * dims, (row + 1) * dims)
      .some((x, i) => x !== before[row * dims + i]);
    expect(moved).toBe(used.has(row));
  }
});

test('an empty bag and a table of zeros give numbers', () => {
  const step = createContrastiveStep(shape);
  const empty: Bags = {
    from: new Uint32Array(batch + 1),
    rows: new Uint32Array(0),
    weights: new Float32Array(0),
  };
  expect(step.accumulate({ queries: empty, documents: sample.documents, masked: [] })).toBeCloseTo(
    Math.log(batch),
    4,
  );
  step.update(0.01);
  expect(step.table.every(Number.isFinite)).toBe(true);
});
