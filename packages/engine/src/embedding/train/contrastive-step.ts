/**
 * One step of contrastive learning: a batch of pairs -> loss and gradient of the table of vectors -> Adam.
 *
 * Symmetric InfoNCE: each query must find its document among the batch's, each document its query, by cosine times `scale`.
 * With several widths (Matryoshka: Kusupati et al. 2022) the first 64 dimensions are trained to rank by themselves, and so on;
 * the losses are averaged. Knows no pairs and no terms: bags of rows.
 */
import { createArena } from './train-kernel.ts';

/** Bag `b` is the sum of `weights[t]` times row `rows[t]` for t in `from[b] .. from[b + 1]`. */
export interface Bags {
  readonly from: Uint32Array;
  readonly rows: Uint32Array;
  readonly weights: Float32Array;
}

export interface Batch {
  readonly queries: Bags;
  readonly documents: Bags;
  /** Entries `query * batch + document` that are no negatives: the same question or the same answer again. */
  readonly masked: readonly number[];
}

export interface StepShape {
  readonly rows: number;
  /** A multiple of 8. */
  readonly dims: number;
  /** Leading dimensions that rank by themselves, each a multiple of 8 and at most `dims`. */
  readonly widths: readonly number[];
  /** Pairs of a batch, a multiple of 8. */
  readonly batch: number;
  /** Entries of the bags of one side at most. */
  readonly entries: number;
  readonly scale: number;
}

export interface ContrastiveStep {
  /** rows x dims. */
  readonly table: Float32Array;
  /** rows x dims; zeros after an update. */
  readonly gradient: Float32Array;
  /** Adds the batch's gradient; returns its mean loss in nats. */
  accumulate(batch: Batch): number;
  /** Adam on the rows touched since the last update. */
  update(rate: number): void;
}

const MASKED = -1e30;
const DEPTH = 256;

export function createContrastiveStep(shape: StepShape): ContrastiveStep {
  const { rows, dims, widths, batch } = shape;
  const memory = layOut(shape);
  const { kernel, floats, integers, at } = memory;
  for (let row = 0; row < rows; row++) floats.state.fill(1, row * 4 + 1, row * 4 + 3);
  const touched = createTouchedRows(rows, integers.touched);

  const gather = (bags: Bags, name: 'query' | 'doc') => {
    const [from, list, weights] = [`${name}From`, `${name}Rows`, `${name}Weights`] as const;
    integers[from].set(bags.from);
    integers[list].set(bags.rows);
    floats[weights].set(bags.weights);
    touched.add(bags.rows);
    kernel.sumBags(batch, at[from], at[list], at[weights], at.table, dims, at[name]);
    floats[`${name}Gradient`].fill(0);
  };
  const scatter = (name: 'query' | 'doc') => {
    const [from, list, weights] = [at[`${name}From`], at[`${name}Rows`], at[`${name}Weights`]];
    kernel.scatterBags(batch, from, list, weights, at.gradient, dims, at[`${name}Gradient`]);
  };

  return {
    table: floats.table,
    gradient: floats.gradient,
    accumulate({ queries, documents, masked }) {
      gather(queries, 'query');
      gather(documents, 'doc');
      let loss = 0;
      for (const width of widths) loss += rankBy(width, masked, memory, shape);
      scatter('query');
      scatter('doc');
      return loss;
    },
    update(rate) {
      kernel.adamRows(touched.take(), at.touched, dims, at.table, at.gradient, at.moment, at.state, rate);
    },
  };
}

function layOut({ rows, dims, batch, entries }: StepShape) {
  const side = batch * dims;
  return createArena({
    table: rows * dims,
    gradient: rows * dims,
    moment: rows * dims,
    state: rows * 4,
    touched: rows,
    queryFrom: batch + 1,
    queryRows: entries,
    queryWeights: entries,
    docFrom: batch + 1,
    docRows: entries,
    docWeights: entries,
    query: side,
    doc: side,
    queryGradient: side,
    docGradient: side,
    queryUnit: side,
    docUnit: side,
    unitGradient: side,
    queryInverse: batch,
    docInverse: batch,
    cosines: batch * batch,
    rowSums: batch,
    columnSums: batch,
    scratch: DEPTH * (Math.max(batch, dims) + 4),
  });
}

/** The loss by the first `width` dimensions, divided by the number of widths; adds its gradient by the sums of the bags. */
function rankBy(
  width: number,
  masked: readonly number[],
  { kernel, floats, at }: ReturnType<typeof layOut>,
  { dims, batch, widths, scale }: StepShape,
): number {
  const {
    queryUnit,
    docUnit,
    queryInverse,
    docInverse,
    cosines,
    unitGradient,
    rowSums,
    columnSums,
    scratch,
  } = at;
  const share = 1 / widths.length;
  kernel.normalise(batch, width, at.query, dims, queryUnit, queryInverse);
  kernel.normalise(batch, width, at.doc, dims, docUnit, docInverse);
  kernel.multiply(batch, batch, width, queryUnit, width, 1, docUnit, 1, width, cosines, batch, scratch);
  let hits = 0;
  for (let i = 0; i < batch; i++) hits += floats.cosines[i * batch + i] as number;
  for (const entry of masked) floats.cosines[entry] = MASKED;
  kernel.exponentiate(cosines, batch, scale, rowSums, columnSums);
  let logs = 0;
  for (let i = 0; i < batch; i++) {
    logs += Math.log(floats.rowSums[i] as number) + Math.log(floats.columnSums[i] as number);
  }
  kernel.entropyGradient(cosines, batch, scale / batch, rowSums, columnSums);
  kernel.multiply(batch, width, batch, cosines, batch, 1, docUnit, width, 1, unitGradient, width, scratch);
  kernel.normaliseGradient(
    batch,
    width,
    unitGradient,
    queryUnit,
    queryInverse,
    share,
    at.queryGradient,
    dims,
  );
  kernel.multiply(batch, width, batch, cosines, 1, batch, queryUnit, width, 1, unitGradient, width, scratch);
  kernel.normaliseGradient(batch, width, unitGradient, docUnit, docInverse, share, at.docGradient, dims);
  return (share * (logs / 2 - scale * hits)) / batch;
}

/** Rows touched, each once, in the order they were first met. */
function createTouchedRows(rows: number, list: Uint32Array) {
  const seen = new Uint8Array(rows);
  let count = 0;
  return {
    add(more: Uint32Array) {
      for (let i = 0; i < more.length; i++) {
        const row = more[i] as number;
        if (seen[row] === 1) continue;
        seen[row] = 1;
        list[count++] = row;
      }
    },
    /** How many there were; forgets them, the list stays until the next is added. */
    take(): number {
      const taken = count;
      for (let i = 0; i < taken; i++) seen[list[i] as number] = 0;
      count = 0;
      return taken;
    },
  };
}
