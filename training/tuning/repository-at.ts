// A repository of the corpus at the commit that its tuning queries ask about.
import { openGitHistory } from '../../packages/engine/src/adapters/history/git-history.ts';
import { type GitObjects, openGitObjects } from '../../packages/engine/src/adapters/history/git-objects.ts';
import { type Choice, chooseBase } from '../../packages/engine/src/evaluation/choose-base.ts';
import { isWanted, type SourceFile, sourceOf, textOf } from '../extract/source-files.ts';

const MAX_FILES = 100_000;

export interface RepositoryAt extends Choice {
  /** Code and tests, parsed, in the order of their paths. */
  readonly sources: readonly SourceFile[];
}

/** The newest commit after which `wanted` commits can be asked about. @throws Error where there is no such commit */
export async function repositoryAt(
  root: string,
  skip: readonly string[],
  wanted: number,
): Promise<RepositoryAt> {
  const objects = openGitObjects(root);
  const history = openGitHistory(root, { modifiedOnly: true });
  const choice = await chooseBase(
    {
      firstParents: (limit) => objects.firstParents(limit),
      parentsSince: (until, limit) => objects.parentsSince(until, limit),
      modifiedSince: (until, limit) => history.commits({ limit, until }),
      tree: async (commit) => (await objects.tree(commit, MAX_FILES)) ?? [],
    },
    wanted,
  );
  if (choice === undefined) throw new Error(`${root} has no history`);
  return { ...choice, sources: await readSources(objects, choice, skip) };
}

async function readSources(
  objects: GitObjects,
  { files }: Choice,
  skip: readonly string[],
): Promise<SourceFile[]> {
  const paths = new Map(
    files.filter(({ path }) => isWanted(path, skip)).map(({ path, blob }) => [blob, path]),
  );
  const sources: SourceFile[] = [];
  for await (const { blob, bytes } of objects.blobs([...paths.keys()])) {
    const path = paths.get(blob) ?? '';
    const text = textOf(path, bytes);
    const source = text === undefined ? undefined : await sourceOf(path, text);
    if (source !== undefined) sources.push(source);
  }
  return sources.sort((a, b) => (a.path < b.path ? -1 : 1));
}
