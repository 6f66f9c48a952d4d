/** Queries by meaning, put together: the built-in model makes the query's vector, the workspace's vectors answer it. */
import type { ModelFile } from '../embedding/model-file.ts';
import { embedQuery, type WeightedTerm } from '../embedding/pooling.ts';
import type { StaticModel } from '../embedding/static-model.ts';
import type { IndexView } from '../lexical/index-view.ts';
import { pathTerms } from '../lexical/path-index.ts';
import type { FilePath } from '../model/file.ts';
import type { MeaningIndex, QueryMeaning } from '../query/meaning.ts';
import type { VectorSpace } from '../vectors/vector-space.ts';
import { cosinesOf, nearChunks } from './near-chunks.ts';
import type { WorkspaceVectors } from './vectors.ts';

/** `hasLearned`: the model was taught this repository. */
export function createMeaning(
  file: ModelFile,
  vectors: WorkspaceVectors,
  view: IndexView,
  hasLearned: boolean,
): MeaningIndex {
  const vectorOf = createPathVectors();
  return {
    enabled: true,
    async meaningOf(plan) {
      const model = file.model();
      const { words, share } = spokenWords(
        model,
        plan.terms.filter(({ extra }) => !extra),
        hasLearned,
      );
      const query = embedQuery(model, words);
      if (query.every((value) => value === 0)) return undefined;
      const meaning = meaningOf(
        model,
        words,
        query,
        (path) => vectorOf(model, path),
        view,
        await vectors.current(),
      );
      return share === 1 ? meaning : weakened(meaning, share);
    },
  };
}

/**
 * What of a query the model can speak of, and the share of its weight. One pair of a hundred that the shipped weights were trained on has a
 * query in Chinese, Japanese or Korean: compared by them, such words are found worse than by words alone, by far. A model that has learned the
 * repository has vectors of the words it uses, and is better than words alone; of other words it knows single characters. Measured
 * in docs/adr/0014-meaning-in-ranking.md.
 */
function spokenWords(model: StaticModel, terms: readonly WeightedTerm[], hasLearned: boolean) {
  const foreign = terms.filter(({ term }) => !isPlain(term));
  if (foreign.length === 0) return { words: terms, share: 1 };
  const weightOf = (list: readonly WeightedTerm[]) => list.reduce((sum, { weight }) => sum + weight, 0);
  const own = model.words.length * model.dims;
  const isWord = (offset: number) => offset >= 0 && offset < own;
  const unknown = foreign.filter(({ term }) => !hasLearned || !isWord(model.offsetOf(term)));
  const share = 1 - weightOf(unknown) / weightOf(terms);
  return { words: hasLearned ? terms : terms.filter(({ term }) => isPlain(term)), share };
}

const isPlain = (term: string) => !/[^\0-\x7f]/.test(term);

/** Cosines times a share; the order of the nearest stays what it is. */
const weakened = (meaning: QueryMeaning, share: number): QueryMeaning => ({
  ...meaning,
  similarity: (docs) => meaning.similarity(docs).map((cosine) => cosine * share),
  pathSimilarity: (path) => meaning.pathSimilarity(path) * share,
});

/** A text has few telling words; the most weighty are the first. */
const MAX_WORDS = 24;

function meaningOf(
  model: StaticModel,
  words: readonly WeightedTerm[],
  query: Float32Array,
  pathVector: (path: FilePath) => Float32Array,
  view: IndexView,
  space: VectorSpace,
): QueryMeaning {
  const { nearest, cosineOf } = nearChunks(query, view, space);
  return {
    nearest,
    similarity: (docs) => Float32Array.from(docs, cosineOf),
    wordSimilarity(docs) {
      const telling = words.slice(0, MAX_WORDS);
      const cosines = cosinesOf(docs, view, space);
      const sums = new Float32Array(docs.length);
      for (const { term } of telling) {
        const near = cosines(embedQuery(model, [{ term, weight: 1 }]));
        for (let i = 0; i < sums.length; i++)
          sums[i] = (sums[i] as number) + Math.sqrt(Math.max(0, near[i] as number)) / telling.length;
      }
      return sums;
    },
    pathSimilarity(path) {
      const vector = pathVector(path);
      let sum = 0;
      for (let i = 0; i < vector.length; i++) sum += (vector[i] as number) * (query[i] as number);
      return sum;
    },
  };
}

/** Vectors of paths that are kept, 512 bytes each. Emptied when full. */
const MAX_PATHS = 1 << 14;

/** Every candidate is asked for its path: making the vector each time took twice as long as all else of a small query. */
function createPathVectors(): (model: StaticModel, path: FilePath) => Float32Array {
  const kept = new Map<FilePath, Float32Array>();
  let of: StaticModel | undefined;
  return (model, path) => {
    if (of !== model || kept.size >= MAX_PATHS) kept.clear();
    of = model;
    let vector = kept.get(path);
    if (!vector) {
      vector = embedQuery(
        model,
        pathTerms(path).map((term) => ({ term, weight: 1 })),
      );
      kept.set(path, vector);
    }
    return vector;
  };
}
