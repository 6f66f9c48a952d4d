/**
 * One question to several repositories of a shared server, one ranked answer. Gets only those that the asker may read. One that fails, or is not
 * done in its share of the time, is named and does not break the answer of the others. Knows no operation.
 */
import type { SearchHit } from '@conexus/engine';
import type { FreshnessOutput, SearchOutput } from '@conexus/sdk/contract';
import type { SafeError } from '../errors.ts';
import { invalidArgument, UserError } from '../errors.ts';
import { readJointCursor, writeJointCursor } from './cursor.ts';
import { withDeadline } from './deadline.ts';
import { coveredShares, mergeRankings } from './merge-rankings.ts';
import type { CallContext, NamedProvider } from './operation.ts';
import type { RankedResult } from './ranked.ts';
import { generationNotes } from './ranked.ts';
import type { Question, RequestArguments } from './ranked-request.ts';
import { requestFor } from './ranked-request.ts';

/** Of one call; what else is asked of the server waits no longer for it. */
const ASKED_AT_ONCE = 2;
/** Of the deadline of the call: what has not answered then is named as late, and the others' answer leaves in time. */
const TIME_SHARE = 0.6;

type Answer = RankedResult['answer'];
type Asked = NonNullable<SearchOutput['repositories']>[number];

type Part =
  | { readonly name: string; readonly answer: Answer; readonly notes: readonly string[] }
  | { readonly name: string; readonly error: SafeError };

interface AcrossCall {
  readonly repositories: readonly NamedProvider[];
  readonly args: RequestArguments;
  readonly ctx: CallContext;
}

/** @throws UserError when no repository answers: what the first one said */
export async function rankedAcross(
  operation: string,
  { repositories, args, ctx }: AcrossCall,
  question: Question,
): Promise<RankedResult> {
  const started = performance.now();
  const scope = `${operation}@${repositories.map(({ name }) => name).join(',')}`;
  const position =
    args.cursor === undefined ? undefined : readJointCursor(scope, args, args.cursor, repositories.length);
  const offsets = position?.offsets ?? repositories.map(() => 0);
  const parts = await askEach(repositories, ctx, (provider, i, signal) =>
    askOne(provider, withoutContext(args), offsets[i] ?? 0, question, { ...ctx, signal }),
  );
  const answered = parts.flatMap((part) => ('answer' in part ? [part] : []));
  if (answered.length === 0) throw failureOf(parts);

  const shares = coveredShares(parts.map((part) => ('answer' in part ? part.answer.plan : undefined)));
  const lists = parts.map((part, i) => ({
    hits: 'answer' in part ? (part.answer.hits as readonly SearchHit[]) : [],
    factor: shares[i] ?? 1,
  }));
  const merged = mergeRankings(lists, args.limit);
  const hits = merged.map(({ hit, list }) => namedHit(hit, parts[list]?.name ?? '', shares[list] ?? 1, args));
  const generation = answered.reduce((sum, { answer }) => sum + answer.freshness.generation, 0);
  const found = lists.reduce((sum, list) => sum + list.hits.length, 0);
  const omitted = answered.reduce((sum, { answer }) => sum + answer.omitted.hits, found - merged.length);

  const cursorAfter = (shown: number): string | undefined => {
    const next = nextOffsets(parts, offsets, merged.slice(0, shown));
    return next.every((offset, i) => offset <= (offsets[i] ?? 0))
      ? undefined
      : writeJointCursor(scope, args, { offsets: next, generation });
  };
  return {
    asked: question.asked,
    answer: {
      hits,
      freshness: answered.map(({ answer }) => answer.freshness).reduce(leastFresh),
      omitted: { hits: omitted, reason: reasonOf(answered, found > merged.length, omitted) },
      notes: answered.flatMap(({ name, answer }) => answer.notes.map((note) => `${name}: ${note}`)),
      ms: performance.now() - started,
    },
    offset: offsets.reduce((sum, offset) => sum + offset, 0),
    args,
    notes: [
      ...answered.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`)),
      ...generationNotes(position, { generation }),
      ...contextNotes(args),
    ],
    repositories: parts
      .map(askedOf)
      .sort((a, b) => Number(b.state === 'failed') - Number(a.state === 'failed')),
    cursorAfter,
  };
}

function failureOf(parts: readonly Part[]): Error {
  const [error] = parts.flatMap((part) => ('error' in part ? [part.error] : []));
  return error === undefined
    ? new Error('several repositories were asked, and there are none')
    : new UserError(error.code, error.message, error.advice);
}

/** A few at a time, all within one share of the deadline. */
async function askEach(
  repositories: readonly NamedProvider[],
  ctx: CallContext,
  ask: (provider: NamedProvider, index: number, signal: AbortSignal) => Promise<Part>,
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  const waiting = repositories.entries();
  const end = performance.now() + (repositories[0]?.settings.deadlineMs ?? 0) * TIME_SHARE;
  const worker = async (): Promise<void> => {
    for (const [i, provider] of waiting) {
      try {
        parts[i] = await withDeadline(Math.max(1, end - performance.now()), ctx.signal, (signal) =>
          ask(provider, i, signal),
        );
      } catch (thrown) {
        // Who gave up wants no part of the answer.
        if (ctx.signal.aborted || ctx.wordError === undefined) throw thrown;
        parts[i] = { name: provider.name, error: ctx.wordError(thrown) };
      }
    }
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, worker));
  return parts;
}

async function askOne(
  provider: NamedProvider,
  args: RequestArguments,
  offset: number,
  { ask }: Question,
  ctx: CallContext,
): Promise<Part> {
  const workspace = await provider.ready(ctx);
  // The plan says which of the query's terms a repository has.
  const request = { ...requestFor(workspace, args, offset), explain: true };
  const answer = await ask(workspace, request, ctx.signal);
  return { name: provider.name, answer, notes: provider.notes() };
}

/** A file of one repository means nothing in another. */
function withoutContext(args: RequestArguments): RequestArguments {
  return { ...args, active_file: undefined, open_files: undefined };
}

function contextNotes({ active_file, open_files }: RequestArguments): string[] {
  if (active_file === undefined && open_files === undefined) return [];
  return [
    'active_file and open_files were not looked at: they are of one repository, and none is named by "repo"',
  ];
}

/** @throws UserError invalid_argument */
export function refuseLike(like: string | undefined): void {
  if (like === undefined) return;
  throw invalidArgument('"like" names lines of one repository', 'Give "repo": the repository they are in.');
}

function namedHit(
  { terms, ...hit }: SearchHit,
  repo: string,
  share: number,
  { explain }: RequestArguments,
): SearchHit & { readonly repo: string } {
  return {
    ...hit,
    repo,
    score: hit.score * share,
    ...(explain && terms !== undefined && { terms: [...terms, { name: 'repository', value: share }] }),
  };
}

/** Where each list goes on after the hits that were shown. */
function nextOffsets(
  parts: readonly Part[],
  offsets: readonly number[],
  shown: readonly { readonly list: number }[],
): readonly number[] {
  return parts.map((part, i) => {
    const offset = offsets[i] ?? 0;
    if (!('answer' in part)) return offset;
    const taken = shown.filter(({ list }) => list === i).length;
    const { hits, omitted } = part.answer;
    return taken < hits.length ? offset + taken : (omitted.nextOffset ?? offset + taken);
  });
}

const LAG: readonly FreshnessOutput['state'][] = ['fresh', 'pending', 'building'];

function leastFresh(a: Answer['freshness'], b: Answer['freshness']): Answer['freshness'] {
  return LAG.indexOf(b.state) > LAG.indexOf(a.state) ? b : a;
}

function reasonOf(
  answered: readonly { readonly answer: Answer }[],
  isCut: boolean,
  omitted: number,
): Answer['omitted']['reason'] {
  if (omitted === 0) return 'none';
  const reasons = answered.map(({ answer }) => answer.omitted.reason);
  return !isCut && reasons.includes('max_tokens') ? 'max_tokens' : 'limit';
}

function askedOf(part: Part): Asked {
  if ('answer' in part) return { name: part.name, state: part.answer.freshness.state };
  const { code, message } = part.error;
  return { name: part.name, state: 'failed', error: { code, message } };
}
