/** Pairs of a set -> the bags of a batch: terms become weighted rows. Knows no vectors. */
import { BITS, FIELD_COUNT, FIELDS, MAX_TF } from '../../model/packed-frequencies.ts';
import type { PairSet } from '../pair-set.ts';
import { termWeight } from '../pooling.ts';
import type { Bags, Batch } from './contrastive-step.ts';
import type { Random } from './random.ts';
import type { TermRows } from './term-rows.ts';

export interface BagOptions {
  /** Weight of each path term of a document. */
  readonly pathWeight: number;
  /** How often a document goes without its name, and without its path: neither may do all the work. */
  readonly dropName: number;
  readonly dropPath: number;
  /** Factor of terms that are no words of the vocabulary. */
  readonly unknownWeight: number;
}

/** Entries of one bag at most: what lies beyond is left out. */
export const MAX_BAG = 512;

const NAME_BITS = MAX_TF << (FIELDS.indexOf('name') * BITS);
const WITHOUT_NAME = ((1 << (FIELD_COUNT * BITS)) - 1) & ~NAME_BITS;

export interface Bagger {
  /** The batch of these pairs; valid until the next call. */
  batchOf(members: Uint32Array): Batch;
}

/** `capacity`: pairs of a batch. */
export function createBagger(
  pairs: PairSet,
  terms: TermRows,
  options: BagOptions,
  random: Random,
  capacity: number,
): Bagger {
  const queries = createBagList(terms, options.unknownWeight, capacity);
  const documents = createBagList(terms, options.unknownWeight, capacity);
  const prints = fingerprints(pairs);

  const addPair = (pair: number) => {
    for (let i = pairs.queryFrom[pair] as number; i < (pairs.queryFrom[pair + 1] as number); i++) {
      queries.add(pairs.queryTerms[i] as number, QUERY_WEIGHTS[pairs.queryCounts[i] as number] as number);
    }
    queries.end();
    const mask = random.next() < options.dropName ? WITHOUT_NAME : -1;
    for (let i = pairs.docFrom[pair] as number; i < (pairs.docFrom[pair + 1] as number); i++) {
      const tf = (pairs.docTfs[i] as number) & mask;
      if (tf !== 0) documents.add(pairs.docTerms[i] as number, termWeight(tf));
    }
    if (random.next() >= options.dropPath) {
      for (let i = pairs.pathFrom[pair] as number; i < (pairs.pathFrom[pair + 1] as number); i++) {
        documents.add(pairs.pathTerms[i] as number, options.pathWeight);
      }
    }
    documents.end();
  };

  return {
    batchOf(members) {
      queries.clear();
      documents.clear();
      for (const pair of members) addPair(pair);
      return { queries: queries.bags(), documents: documents.bags(), masked: maskedEntries(members, prints) };
    },
  };
}

/** `1 + ln count` of a query's term. */
const QUERY_WEIGHTS = Float64Array.from({ length: 256 }, (_, count) => 1 + Math.log(Math.max(1, count)));

function createBagList(terms: TermRows, unknownWeight: number, capacity: number) {
  const from = new Uint32Array(capacity + 1);
  const rows = new Uint32Array(capacity * MAX_BAG);
  const weights = new Float32Array(capacity * MAX_BAG);
  let bag = 0;
  let length = 0;
  let limit = MAX_BAG;
  return {
    add(term: number, weight: number) {
      const first = terms.from[term] as number;
      const last = terms.from[term + 1] as number;
      const share = terms.shares[term] as number;
      const own = share === 1 ? weight : weight * share * unknownWeight;
      for (let i = first; i < last && length < limit; i++) {
        rows[length] = terms.rows[i] as number;
        weights[length++] = own;
      }
    },
    end() {
      from[++bag] = length;
      limit = length + MAX_BAG;
    },
    clear() {
      bag = 0;
      length = 0;
      limit = MAX_BAG;
    },
    bags: (): Bags => ({
      from: from.subarray(0, bag + 1),
      rows: rows.subarray(0, length),
      weights: weights.subarray(0, length),
    }),
  };
}

interface Fingerprints {
  readonly query: Uint32Array;
  readonly doc: Uint32Array;
}

/** 32 bits of the terms of each query and each chunk: the same question asked twice has two right answers. */
function fingerprints(pairs: PairSet): Fingerprints {
  const hash = (from: Uint32Array, terms: Uint32Array) =>
    Uint32Array.from({ length: pairs.kindOf.length }, (_, pair) => {
      let h = 0x811c9dc5;
      for (let i = from[pair] as number; i < (from[pair + 1] as number); i++) {
        h = Math.imul(h ^ (terms[i] as number), 0x01000193);
        h ^= h >>> 15;
      }
      return h >>> 0;
    });
  return { query: hash(pairs.queryFrom, pairs.queryTerms), doc: hash(pairs.docFrom, pairs.docTerms) };
}

function maskedEntries(members: Uint32Array, prints: Fingerprints): number[] {
  const masked: number[] = [];
  const count = members.length;
  for (const print of [prints.query, prints.doc]) {
    const seen = new Map<number, number[]>();
    members.forEach((pair, i) => {
      const same = seen.get(print[pair] as number);
      if (!same) {
        seen.set(print[pair] as number, [i]);
        return;
      }
      for (const j of same) masked.push(i * count + j, j * count + i);
      same.push(i);
    });
  }
  return masked;
}
