/** Locate: the files for a task, each with its best lines and the reasons, each reason naming its evidence. */
import type { CommitVote } from '../lexical/commit-index.ts';
import type { FilePath } from '../model/file.ts';
import type { LocateAnswer, LocatedFile, LocateRequest, SearchHit, SearchRequest } from '../model/search.ts';
import { sharedTail } from './mention-scores.ts';
import type { PathMention } from './mentions.ts';
import { planQuery, type QueryPlan } from './plan-query.ts';
import type { RankedHit } from './rank.ts';
import { explainHit } from './rank.ts';
import { type ChangedTogether, liftRelated, type Related, relatedFiles } from './related-files.ts';
import {
  absencesOf,
  noteOf,
  planView,
  type QueryIndex,
  rankQuery,
  type SearchResult,
  select,
} from './run-search.ts';
import { type RankWeights, WEIGHTS } from './weights.ts';

export interface LocateIndex extends QueryIndex {
  commitVotes(plan: QueryPlan): ReadonlyMap<FilePath, CommitVote>;
  changedTogether: ChangedTogether;
}

export type LocateResult = Omit<LocateAnswer, 'freshness' | 'ms'> & Pick<SearchResult, 'stale' | 'absences'>;

export async function runLocate(
  index: LocateIndex,
  request: LocateRequest,
  weights: RankWeights = WEIGHTS.locate,
  signal?: AbortSignal,
): Promise<LocateResult> {
  const plan = planQuery(request.task, 'task', index.ubiquitous());
  const asSearch: SearchRequest = { ...request, query: request.task, fold: false };
  const chunks = await rankQuery(index, asSearch, plan, weights, true, signal);
  const files = firstOfEachFile(chunks.ranked);
  const related = relatedFiles(index.view, files, index.changedTogether);
  const query = { ...chunks, ranked: liftRelated(files, related, weights) };
  const selection = await select(index, query, asSearch);
  const votes = index.commitVotes(plan);
  const byPath = new Map(query.ranked.map((hit) => [hit.file.path, hit]));
  const hits = selection.hits.map((hit) => {
    const source = byPath.get(hit.path) as RankedHit;
    return locatedFile(
      hit,
      source,
      plan,
      { vote: votes.get(hit.path), related: related.get(hit.path) },
      request.explain ? weights : undefined,
    );
  });
  return {
    hits,
    omitted: selection.omitted,
    stale: selection.stale,
    notes: [...noteOf(query.retrieved.meaningNote), ...noteOf(chunks.lines?.missing)],
    // Of a task words that nothing has are no news.
    absences: hits.length === 0 ? absencesOf(index, chunks, request.filter) : [],
    ...(request.explain ? { plan: planView(plan, query.retrieved) } : {}),
  };
}

export function firstOfEachFile(ranked: readonly RankedHit[]): RankedHit[] {
  const seen = new Set<number>();
  return ranked.filter((hit) => !seen.has(hit.file.id) && seen.add(hit.file.id));
}

/** What history says of a file. */
interface Past {
  readonly vote: CommitVote | undefined;
  readonly related: Related | undefined;
}

function locatedFile(
  hit: SearchHit,
  source: RankedHit,
  plan: QueryPlan,
  past: Past,
  explain: RankWeights | undefined,
): LocatedFile {
  return {
    ...hit,
    reasons: reasonsOf(hit, source, plan, past),
    ...(explain ? { terms: explainHit(source, explain) } : {}),
  };
}

/** A vote below this share of the strongest is not worth a sentence. */
const TELLING_VOTE = 0.15;

function reasonsOf(
  hit: SearchHit,
  { features, file }: RankedHit,
  plan: QueryPlan,
  { vote, related }: Past,
): string[] {
  const reasons: string[] = [];
  const frame = frameOf(plan, file.path);
  if (features.trace > 0 && frame) {
    const line = lineWithin(plan, hit, frame) ?? frame.line;
    reasons.push(`in the stack trace${line === undefined ? '' : `, line ${line}`}`);
  }
  if (features.mention > 0) reasons.push('named in the text');
  if (features.definition > 0 || features.foldedDefinition > 0)
    reasons.push(`defines ${hit.symbol ?? 'a name in the text'}`);
  if (features.path > 0.05) reasons.push('its path fits the words');
  if (features.coverage > 0)
    reasons.push(`lines ${hit.start}-${hit.end} have ${Math.round(features.coverage * 100)} % of the words`);
  if (vote && vote.vote >= TELLING_VOTE) {
    reasons.push(
      `changed by similar commit ${vote.commit.hash.slice(0, 10)} "${oneLine(vote.commit.subject)}"`,
    );
  }
  if (related && related.score >= TELLING_VOTE) reasons.push(related.reason);
  if (file.kind === 'test') reasons.push('a test');
  return reasons;
}

/** Of several frames in files of one name, the one whose folders fit. */
function frameOf(plan: QueryPlan, path: FilePath): PathMention | undefined {
  let best: PathMention | undefined;
  let most = 0;
  for (const mention of plan.paths) {
    const shared = mention.inTrace ? sharedTail(mention.path.split('/'), path.split('/')) : 0;
    if (shared > most) [best, most] = [mention, shared];
  }
  return best;
}

/** Of the lines that the trace names of the file, one that the hit shows. */
function lineWithin(
  { places }: QueryPlan,
  { start, end }: SearchHit,
  { path }: PathMention,
): number | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return places.find((place) => place.path.endsWith(name) && place.start >= start && place.start <= end)
    ?.start;
}

const oneLine = (text: string) => (text.length > 80 ? `${text.slice(0, 77)}...` : text).replace(/\s+/g, ' ');
