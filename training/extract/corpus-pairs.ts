// All pairs of one repository, within its quota of each kind.
import {
  createPairSetBuilder,
  type PairKind,
  type PairSet,
} from '../../packages/engine/src/embedding/pair-set.ts';
import { pathTerms } from '../../packages/engine/src/lexical/path-index.ts';
import { createBags } from './bags.ts';
import { codePairs, type RawPair } from './code-pairs.ts';
import { commitPairs, readCommits } from './commit-pairs.ts';
import { linePairs } from './line-pairs.ts';
import { type LinkedFile, markdownPairs } from './markdown-pairs.ts';
import { corpusPaths, isMarkdown, isWanted, readSource, readText, type SourceFile } from './source-files.ts';

/** Pairs of a kind that one repository may give, so that none dominates. */
export type Quota = Readonly<Record<PairKind, number>>;

export const QUOTA: Quota = {
  docstring: 4000,
  name: 3000,
  commit: 4000,
  issue: 1500,
  markdown: 500,
  test: 1500,
  comment: 1500,
  path: 1000,
};

/** Files are read until the quotas of what they give are full; this bounds repositories that give little of one kind. */
const MAX_FILES = 1000;
const MAX_COMMITS = 3500;
/** One query may have this many answers: hunks of one commit. */
const MAX_SAME_QUERY = 3;
const FROM_FILES: readonly PairKind[] = ['docstring', 'name', 'comment', 'issue'];

export interface CorpusPlace {
  readonly repo: string;
  readonly root: string;
  readonly skip: readonly string[];
}

export async function corpusPairs({ repo, root, skip }: CorpusPlace, quota: Quota = QUOTA): Promise<PairSet> {
  const builder = createPairSetBuilder();
  const bags = createBags();
  const counts = new Map<PairKind, number>();
  const asked = new Map<string, number>();
  const isFull = (kind: PairKind): boolean => (counts.get(kind) ?? 0) >= quota[kind];
  const add = ({ kind, query, doc, path }: RawPair): void => {
    if (isFull(kind)) return;
    const terms = bags.queryOf(query);
    const key = terms.join(' ');
    const before = asked.get(key) ?? 0;
    if (before >= (kind === 'commit' ? MAX_SAME_QUERY : 1)) return;
    const pair = {
      group: repo,
      kind,
      query: terms,
      doc: bags.docOf(doc),
      path: path === '' ? [] : pathTerms(path),
    };
    if (!builder.add(pair)) return;
    asked.set(key, before + 1);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  };

  for await (const commit of readCommits(root, MAX_COMMITS)) {
    for (const pair of commitPairs(commit, (path) => isWanted(path, skip))) add(pair);
    if (isFull('commit')) break;
  }
  const paths = corpusPaths(root, skip);
  const links: LinkedFile[] = [];
  for (const file of paths.filter(isMarkdown)) {
    const text = isFull('markdown') ? undefined : readText(root, file);
    if (text === undefined) continue;
    const found = markdownPairs(file, text);
    found.pairs.forEach(add);
    links.push(...found.links);
  }
  const known = new Set(paths);
  const linked = Map.groupBy(links, (link) => link.target);
  const sources = paths.filter((file) => !isMarkdown(file)).slice(0, MAX_FILES);
  for (const file of new Set([...[...linked.keys()].filter((target) => known.has(target)), ...sources])) {
    if (FROM_FILES.every(isFull)) break;
    const source = await readSource(root, file);
    if (source === undefined) continue;
    for (const pair of [...codePairs(source), ...linePairs(source)]) add(pair);
    for (const link of linked.get(file) ?? []) add(linkPair(source, link));
  }
  return builder.finish();
}

/** A guide's sentence with the head of the file it points to. */
function linkPair(source: SourceFile, { query, target }: LinkedFile): RawPair {
  const last = source.chunks.find((chunk) => chunk.symbol >= 0) ?? source.chunks[0];
  const body = source.lines.slice(0, Math.min(60, last?.end ?? 60)).join('\n');
  return { kind: 'markdown', query, doc: { body }, path: target };
}
