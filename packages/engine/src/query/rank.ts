/** Candidates -> ranked hits: weighs the named terms, demotes kinds and traits, spreads hits over files. */
import type { FileRecord, ViewSegment } from '../lexical/index-view.ts';
import type { FileKind, FileTrait } from '../model/file.ts';
import type { ScoreTerm } from '../model/search.ts';
import { textTable } from '../model/text-table.ts';
import { FEATURES, type Features, weighted } from './features.ts';
import type { QueryPlan } from './plan-query.ts';
import type { Candidate } from './retrieve.ts';
import type { RankWeights } from './weights.ts';

export interface RankedHit {
  readonly doc: number;
  readonly segment: ViewSegment;
  readonly file: FileRecord;
  readonly score: number;
  readonly features: Features;
  /** Product of the demotions that apply. */
  readonly demotion: number;
  /** Of the score: what the order within its file gave or took, and what decided it. */
  readonly order: number;
  readonly orderedBy?: 'line' | 'eachWord';
}

/** Lines of a hit's chunk, from 1, both included. */
export function chunkLines({ doc, segment }: Pick<RankedHit, 'doc' | 'segment'>): {
  readonly start: number;
  readonly end: number;
} {
  const { start: starts, lines } = segment.docs;
  const local = doc - segment.docBase;
  const start = starts[local] as number;
  return { start, end: start + (lines[local] as number) - 1 };
}

/** What the query asks for by name is not demoted: "test", "docs", "changelog", "example". */
export interface Wishes {
  readonly kinds: ReadonlySet<FileKind>;
  readonly traits: ReadonlySet<FileTrait>;
}

const KIND_WORDS = textTable<FileKind>({
  test: 'test',
  spec: 'test',
  fixtur: 'test',
  readm: 'doc',
  doc: 'doc',
  document: 'doc',
  markdown: 'doc',
  config: 'config',
  configur: 'config',
  workflow: 'config',
  dockerfil: 'config',
  makefil: 'config',
});
const TRAIT_WORDS = textTable<FileTrait>({
  changelog: 'changelog',
  vendor: 'vendored',
  legaci: 'legacy',
  exampl: 'example',
  demo: 'example',
  generat: 'generated',
});

export function wishesOf(plan: QueryPlan, kinds: readonly FileKind[] = []): Wishes {
  const wanted = new Set(kinds);
  const traits = new Set<FileTrait>();
  // In a report such words are mostly about something else.
  if (plan.kind !== 'report') {
    for (const { term } of plan.terms) {
      const kind = KIND_WORDS[term];
      const trait = TRAIT_WORDS[term];
      if (kind) wanted.add(kind);
      if (trait) traits.add(trait);
    }
  }
  return { kinds: wanted, traits };
}

export function rank(candidates: readonly Candidate[], weights: RankWeights, wishes: Wishes): RankedHit[] {
  const hits: RankedHit[] = [];
  for (const { doc, segment, file, shape, features } of candidates) {
    const demotion = demotionOf(file, weights, wishes) * weights.shapes[shape];
    hits.push({
      doc,
      segment,
      file,
      features,
      demotion,
      order: 0,
      score: weighted(features, weights) * demotion,
    });
  }
  // None has it where chunks are not compared by meaning and no lines are named.
  const isAlike = hits.every(({ features }) => orderOf(features, weights) === 0);
  const ordered = isAlike ? hits : orderWithinFiles(hits, weights);
  return spread(ordered.sort(byScore), weights.repeat);
}

/**
 * The scores of a file's chunks stay what they are, and so does the file's place; which chunk has which of them is decided
 * with `eachWord` and `line`. Measured: beside the choice between functions of a file the first is worth little, and harms
 * questions about a whole file (docs/adr/0021).
 */
function orderWithinFiles(hits: readonly RankedHit[], weights: RankWeights): RankedHit[] {
  const byFile = Map.groupBy(hits, ({ file }) => file.id);
  return [...byFile.values()].flatMap((group) => {
    if (group.length === 1 || group.every(({ features }) => orderOf(features, weights) === 0)) return group;
    const best = [...group].sort(byScore);
    const orderedBy = group.some(({ features }) => features.line > 0) ? 'line' : 'eachWord';
    const withWords = ({ score, features, demotion }: RankedHit) =>
      score + orderOf(features, weights) * demotion;
    return [...best]
      .sort((a, b) => withWords(b) - withWords(a))
      .map((hit, i) => {
        const { score } = best[i] as RankedHit;
        return { ...hit, score, order: score - hit.score, orderedBy };
      });
  });
}

const orderOf = ({ eachWord, line }: Features, weights: RankWeights): number =>
  weights.eachWord * eachWord + weights.line * line;

/** Ties by path and place, so that equal scores keep one order. */
function byScore(a: RankedHit, b: RankedHit): number {
  return (
    b.score - a.score || (a.file.path < b.file.path ? -1 : a.file.path > b.file.path ? 1 : a.doc - b.doc)
  );
}

/** The named terms of a score, for `explain`: their sum times `demotion` is the score before spreading. */
export function explainHit(hit: RankedHit, weights: RankWeights): ScoreTerm[] {
  const terms = FEATURES.map((name) => ({ name, value: weights[name] * hit.features[name] }));
  const order = { name: hit.orderedBy ?? 'eachWord', value: hit.order / hit.demotion };
  return [...[...terms, order].filter(({ value }) => value !== 0), { name: 'demotion', value: hit.demotion }];
}

/** What kind and traits of a file make of any score. */
export function demotionOf(file: FileRecord, weights: RankWeights, wishes: Wishes): number {
  // A kind that was asked for stands no lower than code.
  const own = weights.kinds[file.kind];
  let factor = wishes.kinds.has(file.kind) ? Math.max(own, weights.kinds.code) : own;
  for (const trait of file.traits) if (!wishes.traits.has(trait)) factor *= weights.traits[trait];
  return factor;
}

/** The second hit of a file counts `repeat` times, the third `repeat` squared: more files in the first page. */
function spread(hits: readonly RankedHit[], repeat: number): RankedHit[] {
  if (repeat === 1) return [...hits];
  const seen = new Map<number, number>();
  const spreadOut = hits.map((hit) => {
    const before = seen.get(hit.file.id) ?? 0;
    seen.set(hit.file.id, before + 1);
    return before === 0 ? hit : { ...hit, score: hit.score * repeat ** before };
  });
  return spreadOut.sort(byScore);
}
