/**
 * Which merge brought a commit to the line of first parents that ends in HEAD: there the pull request is named. One pass over
 * the newest commits, kept until HEAD moves.
 */
import { type GitOptions, readGit } from './run-git.ts';

export interface Carriers {
  /**
   * Commits without an entry lie on the line themselves, or are older than what is looked at.
   * @throws ConexusError cancelled
   */
  of(head: string, commits: readonly string[], options: GitOptions): Promise<ReadonlyMap<string, string>>;
}

/** Newest commits that are looked at: about 100 bytes each while they are read, 10 MB kept at most. */
const MAX_COMMITS = 50_000;

export function createCarriers(): Carriers {
  let kept: { readonly head: string; readonly carriers: ReadonlyMap<string, string> } | undefined;
  return {
    async of(head, commits, options) {
      if (kept?.head !== head) {
        const text = await readGit(
          'rev-list',
          ['--parents', `--max-count=${MAX_COMMITS}`, head, '--'],
          options,
        );
        kept = { head, carriers: carriersOf(head, text ?? '') };
      }
      const { carriers } = kept;
      return new Map(
        commits.flatMap((commit) => {
          const carrier = carriers.get(commit);
          return carrier === undefined ? [] : [[commit, carrier] as const];
        }),
      );
    },
  };
}

/** `revisions`: a line `commit parent…` for each. */
function carriersOf(head: string, revisions: string): ReadonlyMap<string, string> {
  const parents = new Map<string, readonly string[]>();
  for (const line of revisions.split('\n')) {
    const [commit, ...rest] = line.split(' ');
    if (commit) parents.set(commit, rest);
  }
  const line: string[] = [];
  for (let at: string | undefined = head; at !== undefined && parents.has(at); at = parents.get(at)?.[0])
    line.push(at);
  const onLine = new Set(line);
  const carriers = new Map<string, string>();
  // The oldest merge that reaches a commit brought it.
  for (const merge of line.reverse()) {
    const open = [...(parents.get(merge)?.slice(1) ?? [])];
    for (let commit = open.pop(); commit !== undefined; commit = open.pop()) {
      if (onLine.has(commit) || carriers.has(commit)) continue;
      carriers.set(commit, merge);
      open.push(...(parents.get(commit) ?? []));
    }
  }
  return carriers;
}
