/**
 * Past commits as a small search index: which files did commits with a message like this text change?
 * Ancestors of HEAD only; messages and paths, never file text. Small enough to be held whole (about 400 bytes a commit).
 */

import type { FilePath } from '../model/file.ts';
import { blankSecrets } from '../model/secrets.ts';
import type { Commit } from '../ports/history.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { BITS, FIELD_COUNT, MAX_TF } from './fields.ts';
import { mergeSegments } from './merge-segments.ts';
import type { Postings } from './posting-bits.ts';
import { createSegmentBuilder } from './segment-builder.ts';
import { type EncodedSegment, findInPage, pageOf } from './segment-format.ts';
import { type DocTable, decodeHeader } from './segment-header.ts';

export interface CommitRecord {
  readonly hash: string;
  readonly time: number;
  readonly subject: string;
  readonly paths: readonly FilePath[];
}

export interface CommitVote {
  /** 1 for the file with most votes. */
  readonly vote: number;
  /** The commit that spoke most for the file. */
  readonly commit: CommitRecord;
}

export interface CommitIndex {
  readonly head: string;
  readonly count: number;
  /** Newest first. */
  readonly commits: readonly CommitRecord[];
  /** Postings of the messages, a document a commit: the subject as `name`, the body as `body`. */
  readonly messages: { readonly documents: number; readonly pages: readonly Uint8Array[] };
  votes(
    terms: readonly { readonly term: string; readonly weight: number }[],
  ): ReadonlyMap<FilePath, CommitVote>;
  /** Files most often changed together with this one: share of its commits that changed them, best first. */
  changedTogether(path: FilePath): readonly { readonly path: FilePath; readonly share: number }[];
}

/** Newest commits kept; older ones say little about today's files (research/embed.md used 7,000). */
export const MAX_COMMITS = 8000;
/** A commit that touches more files than this (a reformat, a rename) says nothing about any of them. */
const MAX_PATHS = 40;
const MAX_BODY = 1500;
/** Commits that vote. */
const VOTERS = 60;
const K1 = 1.5;
const B = 0.5;
const SUBJECT_WEIGHT = 2;

export async function encodeCommits(head: string, commits: AsyncIterable<Commit>): Promise<Uint8Array> {
  const builder = createSegmentBuilder();
  const kept: Commit[] = [];
  for await (const commit of commits) {
    if (commit.paths.length === 0 || commit.paths.length > MAX_PATHS) continue;
    const body = blankSecrets(commit.body).slice(0, MAX_BODY);
    const subject = blankSecrets(commit.subject);
    const fields = { name: subject, scope: '', signature: '', doc: '', body };
    builder.addBlob([
      { start: 1, end: 1, symbol: -1, kind: undefined, fields, definitions: [], ownDefinition: false },
    ]);
    kept.push({ ...commit, subject });
  }
  return writeCommits(head, kept, builder.finish());
}

/**
 * Commits made since `older` was encoded, and those of `older` without the `lost`: what encoding all of them anew gives, but
 * for the order of commits with equal scores.
 * @throws RangeError, SyntaxError on bytes that `encodeCommits` did not write
 */
export function mergeCommits(newer: Uint8Array, older: Uint8Array, lost: ReadonlySet<string>): CommitIndex {
  const [added, before] = [readCommits(newer), readCommits(older)];
  if (added.commits.length === 0 && lost.size === 0) return indexOf({ ...before, head: added.head });
  const known = new Set(added.commits.map(({ hash }) => hash));
  const kept: CommitRecord[] = [];
  const without = new Set<number>();
  before.commits.forEach((commit, ordinal) => {
    const isWanted = !lost.has(commit.hash) && !known.has(commit.hash);
    if (isWanted && added.commits.length + kept.length < MAX_COMMITS) kept.push(commit);
    else without.add(ordinal);
  });
  const { segment } = mergeSegments([
    { segment: added.segment, without: new Set() },
    { segment: before.segment, without },
  ]);
  return indexOf({ head: added.head, commits: [...added.commits, ...kept], segment });
}

function writeCommits(
  head: string,
  commits: readonly CommitRecord[],
  { header, pages }: EncodedSegment,
): Uint8Array {
  const pathIds = new Map<FilePath, number>();
  const rows = commits.map(({ hash, time, subject, paths }) => [
    hash,
    time,
    subject.slice(0, 300),
    paths.map((path) => idOf(pathIds, path)),
  ]);
  const writer = new ByteWriter(1 << 16);
  writer.string(JSON.stringify({ head, paths: [...pathIds.keys()], commits: rows }));
  writer.varint(header.length);
  writer.bytes(header);
  writer.varint(pages.length);
  for (const page of pages) {
    writer.varint(page.length);
    writer.bytes(page);
  }
  return writer.take();
}

function idOf(ids: Map<FilePath, number>, path: FilePath): number {
  let id = ids.get(path);
  if (id === undefined) ids.set(path, (id = ids.size));
  return id;
}

interface CommitsJson {
  readonly head: string;
  readonly paths: readonly FilePath[];
  readonly commits: readonly (readonly [
    hash: string,
    time: number,
    subject: string,
    paths: readonly number[],
  ])[];
}

/** The commit that the bytes are of. @throws RangeError, SyntaxError as `decodeCommits` */
export function headOfCommits(bytes: Uint8Array): string {
  return readCommits(bytes).head;
}

interface EncodedCommits {
  readonly head: string;
  readonly commits: readonly CommitRecord[];
  readonly segment: EncodedSegment;
}

function readCommits(bytes: Uint8Array): EncodedCommits {
  const reader = new ByteReader(bytes);
  const json = JSON.parse(reader.string()) as CommitsJson;
  if (!isWhole(json)) throw new RangeError('commits do not add up');
  const header = reader.bytes(reader.varint());
  const pages = Array.from({ length: reader.varint() }, () => reader.bytes(reader.varint()));
  const commits = json.commits.map<CommitRecord>(([hash, time, subject, ids]) => ({
    hash,
    time,
    subject,
    paths: ids.map((id) => json.paths[id] as FilePath),
  }));
  return { head: json.head, commits, segment: { header, pages } };
}

/** @throws RangeError, SyntaxError on bytes that `encodeCommits` did not write */
export function decodeCommits(bytes: Uint8Array): CommitIndex {
  return indexOf(readCommits(bytes));
}

function indexOf({ head, commits, segment }: EncodedCommits): CommitIndex {
  const search = createCommitSearch(segment, commits.length);
  let byPath: Map<FilePath, number[]> | undefined;
  return {
    head,
    count: commits.length,
    commits,
    messages: { documents: commits.length, pages: segment.pages },
    votes: (terms) => collectVotes(commits, search(terms)),
    changedTogether(path) {
      byPath ??= commitsByPath(commits);
      return together(commits, byPath.get(path) ?? [], path);
    },
  };
}

function isWhole(json: Partial<CommitsJson> | null): boolean {
  const { head, paths, commits } = json ?? {};
  if (typeof head !== 'string' || !Array.isArray(paths) || !Array.isArray(commits)) return false;
  const isRow = (row: unknown) =>
    Array.isArray(row) &&
    typeof row[0] === 'string' &&
    typeof row[1] === 'number' &&
    typeof row[2] === 'string' &&
    Array.isArray(row[3]) &&
    row[3].every((id) => typeof paths[id] === 'string');
  return commits.every(isRow);
}

type CommitScores = readonly { readonly commit: number; readonly score: number }[];

/** BM25 over messages, the subject counting more. */
function createCommitSearch(segment: EncodedSegment, count: number) {
  const { docs, pageTerms } = decodeHeader(segment.header);
  if (docs.count !== count) throw new RangeError('commits and their index differ in number');
  const averageLength = average(docs);
  const cache = new Map<string, Postings | undefined>();
  const lookup = (term: string) => {
    if (cache.has(term)) return cache.get(term);
    const page = segment.pages[pageOf(pageTerms, term)];
    const postings = page && findInPage(page, term);
    if (cache.size > 20_000) cache.clear();
    cache.set(term, postings);
    return postings;
  };
  return (terms: readonly { readonly term: string; readonly weight: number }[]): CommitScores => {
    const scores = new Float64Array(docs.count);
    for (const { term, weight } of terms) {
      const postings = lookup(term);
      if (!postings) continue;
      const frequency = postings.docs.length;
      const factor = weight * Math.log(1 + (docs.count - frequency + 0.5) / (frequency + 0.5));
      for (let i = 0; i < frequency; i++) {
        const doc = postings.docs[i] as number;
        const packed = postings.tfs[i] as number;
        const tf = (packed & MAX_TF) + SUBJECT_WEIGHT * (packed >>> (BITS * (FIELD_COUNT - 1)));
        const norm = 1 - B + (B * lengthOf(docs, doc)) / averageLength;
        scores[doc] = (scores[doc] as number) + (factor * tf * (K1 + 1)) / (tf + K1 * norm);
      }
    }
    return [...scores.keys()]
      .filter((doc) => (scores[doc] as number) > 0)
      .map((commit) => ({ commit, score: scores[commit] as number }))
      .sort((a, b) => b.score - a.score || a.commit - b.commit)
      .slice(0, VOTERS);
  };
}

const lengthOf = (docs: DocTable, doc: number) =>
  (docs.lengths[doc] as number) + (docs.lengths[(FIELD_COUNT - 1) * docs.count + doc] as number);

function average(docs: DocTable): number {
  let sum = 0;
  for (let doc = 0; doc < docs.count; doc++) sum += lengthOf(docs, doc);
  return Math.max(1, sum / Math.max(1, docs.count));
}

/** A commit votes by the square of its likeness, shared among the files it changed. */
function collectVotes(commits: readonly CommitRecord[], scores: CommitScores): Map<FilePath, CommitVote> {
  const best = scores[0]?.score ?? 1;
  const sums = new Map<FilePath, { sum: number; most: number; commit: CommitRecord }>();
  for (const { commit: index, score } of scores) {
    const commit = commits[index] as CommitRecord;
    const vote = (score / best) ** 2 / Math.sqrt(commit.paths.length);
    for (const path of commit.paths) {
      const known = sums.get(path);
      if (!known) sums.set(path, { sum: vote, most: vote, commit });
      else {
        known.sum += vote;
        if (vote > known.most) {
          known.most = vote;
          known.commit = commit;
        }
      }
    }
  }
  const top = Math.max(1e-9, ...[...sums.values()].map(({ sum }) => sum));
  return new Map([...sums].map(([path, { sum, commit }]) => [path, { vote: sum / top, commit }]));
}

function commitsByPath(commits: readonly CommitRecord[]): Map<FilePath, number[]> {
  const byPath = new Map<FilePath, number[]>();
  commits.forEach(({ paths }, index) => {
    for (const path of paths) {
      const list = byPath.get(path);
      if (list) list.push(index);
      else byPath.set(path, [index]);
    }
  });
  return byPath;
}

const MIN_TOGETHER = 2;

function together(commits: readonly CommitRecord[], indexes: readonly number[], path: FilePath) {
  const counts = new Map<FilePath, number>();
  for (const index of indexes) {
    for (const other of (commits[index] as CommitRecord).paths) {
      if (other !== path) counts.set(other, (counts.get(other) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count >= MIN_TOGETHER)
    .map(([other, count]) => ({ path: other, share: count / indexes.length }))
    .sort((a, b) => b.share - a.share || (a.path < b.path ? -1 : 1))
    .slice(0, 20);
}
