/** Queries against a view, and the same scores computed from the documents alone. Not part of the engine. */
import { type Bm25fParameters, createScorer, idf, type LexicalScores, type WeightedTerm } from '../bm25f.ts';
import { FIELDS, type Field, MAX_LENGTH, MAX_TF } from '../fields.ts';
import type { IndexView } from '../index-view.ts';
import { createPostingCache } from '../posting-cache.ts';
import { readPostings } from '../read-postings.ts';
import { termsOf } from '../tokenize.ts';
import type { Blob, Doc } from './small-index.ts';

export const someParameters: Bm25fParameters = {
  k1: 1.4,
  weights: { body: 1, signature: 2, doc: 1.5, scope: 0.7, name: 5 },
  b: { body: 0.75, signature: 0.5, doc: 0.6, scope: 0.1, name: 0.3 },
  fileK1: 4,
  fileB: 0.6,
};

export async function scoreView(
  view: IndexView,
  terms: readonly WeightedTerm[],
  parameters: Bm25fParameters = someParameters,
  allowed?: Uint8Array,
): Promise<LexicalScores> {
  const names = terms.map(({ term }) => term);
  const postings = await readPostings(view, names, createPostingCache(1 << 20));
  return createScorer().score(view, terms, postings, parameters, allowed);
}

/** Score of each live document as `path#chunk`, and of each file as `path`; of copies the first path stands for all. */
export function readable(view: IndexView, scores: LexicalScores): Map<string, number> {
  const found = new Map<string, number>();
  const pathOf = (slot: number) => view.fileById(view.fileOfSlot(slot))?.path ?? `dead slot ${slot}`;
  scores.docs.forEach((doc, i) => {
    const segment = view.segmentOfDoc(doc);
    const local = doc - segment.docBase;
    const chunk = local - (segment.firstDoc[segment.blobOf[local] as number] as number);
    found.set(`${pathOf(scores.slotOf[i] as number)}#${chunk}`, scores.score[doc] as number);
  });
  for (const slot of scores.slots) found.set(pathOf(slot), scores.fileScore[slot] as number);
  return found;
}

interface Counted {
  readonly tf: Readonly<Record<Field, (term: string) => number>>;
  readonly length: Readonly<Record<Field, number>>;
  has(term: string): boolean;
}

function countDoc(doc: Doc): Counted {
  const fields = FIELDS.map((field) => {
    const { words, wholes } = termsOf(doc[field] ?? '');
    const all = [...words, ...wholes];
    const tf = (term: string) => Math.min(MAX_TF, all.filter((other) => other === term).length);
    return { field, tf, length: Math.min(MAX_LENGTH, words.length) };
  });
  return {
    tf: Object.fromEntries(fields.map(({ field, tf }) => [field, tf])) as Counted['tf'],
    length: Object.fromEntries(fields.map(({ field, length }) => [field, length])) as Counted['length'],
    has: (term) => fields.some(({ tf }) => tf(term) > 0),
  };
}

/** BM25F as its formula reads, from the documents: no postings, no segments, no tables. */
export function scoreDocuments(
  blobs: ReadonlyMap<string, Blob>,
  terms: readonly WeightedTerm[],
  { k1, weights, b, fileK1, fileB }: Bm25fParameters,
  isAllowed: (path: string) => boolean = () => true,
): Map<string, number> {
  const files = [...blobs].map(([path, blob]) => ({ path, docs: blob.map(countDoc) }));
  const docs = files.flatMap((file) => file.docs);
  const sum = (numbers: readonly number[]) => numbers.reduce((a, c) => a + c, 0);
  const average = (field: Field) =>
    Math.max(1, sum(docs.map((doc) => doc.length[field])) / Math.max(1, docs.length));
  const lengthOf = (list: readonly Counted[]) => sum(list.flatMap((doc) => Object.values(doc.length)));
  const averageFile = Math.max(1, lengthOf(docs) / Math.max(1, files.length));
  const found = new Map<string, number>();
  const add = (key: string, value: number) => found.set(key, (found.get(key) ?? 0) + value);
  for (const { term, weight } of terms) {
    const frequency = docs.filter((doc) => doc.has(term)).length;
    const factor = weight * idf(docs.length, frequency);
    for (const file of files) {
      if (!isAllowed(file.path)) continue;
      let raw = 0;
      file.docs.forEach((doc, i) => {
        if (!doc.has(term)) return;
        const weighted = FIELDS.map((field) => weights[field] * doc.tf[field](term));
        const norms = FIELDS.map((field) => 1 - b[field] + (b[field] * doc.length[field]) / average(field));
        const tf = sum(weighted.map((value, field) => value / (norms[field] as number)));
        raw += sum(weighted);
        add(`${file.path}#${i}`, (factor * tf * (k1 + 1)) / (k1 + tf));
      });
      if (raw === 0) continue;
      const tf = raw / (1 - fileB + (fileB * lengthOf(file.docs)) / averageFile);
      add(file.path, (factor * tf * (fileK1 + 1)) / (fileK1 + tf));
    }
  }
  return found;
}

/** Keys that differ, with both values; empty when all agree within `tolerance` of the larger. */
export function differences(
  a: ReadonlyMap<string, number>,
  b: ReadonlyMap<string, number>,
  tolerance = 1e-5,
): string[] {
  const lines: string[] = [];
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const left = a.get(key);
    const right = b.get(key);
    const isClose =
      left !== undefined &&
      right !== undefined &&
      Math.abs(left - right) <= tolerance * Math.max(1e-6, Math.abs(left), Math.abs(right));
    if (!isClose) lines.push(`${key}: ${left} / ${right}`);
  }
  return lines;
}
