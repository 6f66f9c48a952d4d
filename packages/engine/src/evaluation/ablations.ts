/** The ranking with one kind of evidence taken away: what each of them is worth on this repository. A table over the weights. */
import type { RankWeights } from '../query/weights.ts';

export interface Ablation {
  readonly name: string;
  /** What is taken away. */
  readonly says: string;
  change(weights: RankWeights): RankWeights;
}

type NumberWeight = {
  [K in keyof RankWeights]: RankWeights[K] extends number ? K : never;
}[keyof RankWeights];

const without =
  (...names: readonly NumberWeight[]): Ablation['change'] =>
  (weights) => ({ ...weights, ...Object.fromEntries(names.map((name) => [name, 0])) });

const allOnes = <K extends string>(table: Readonly<Record<K, number>>): Readonly<Record<K, number>> =>
  Object.fromEntries(Object.keys(table).map((key) => [key, 1])) as Readonly<Record<K, number>>;

export const ABLATIONS: readonly Ablation[] = [
  { name: 'no-history', says: 'past commits with a similar message', change: without('history') },
  {
    name: 'no-related',
    says: 'files changed together, and tests with what they test',
    change: without('related'),
  },
  { name: 'no-path', says: 'words in the path of a file', change: without('path') },
  {
    name: 'no-definition',
    says: 'definitions of names in the text',
    change: without('definition', 'foldedDefinition'),
  },
  {
    name: 'no-meaning',
    says: 'likeness of meaning by the built-in model',
    change: without('meaning', 'eachWord', 'pathMeaning'),
  },
  { name: 'no-name', says: 'words in the name of a definition', change: without('name') },
  { name: 'no-mention', says: 'files named outright, and stack traces', change: without('mention', 'trace') },
  { name: 'no-file', says: 'words anywhere in the same file', change: without('file') },
  { name: 'no-coverage', says: 'share of the words found in one place', change: without('coverage') },
  {
    name: 'no-demotion',
    says: 'lower ranks for tests, documents, generated code and the like',
    change: (weights) => ({ ...weights, kinds: allOnes(weights.kinds), traits: allOnes(weights.traits) }),
  },
];
