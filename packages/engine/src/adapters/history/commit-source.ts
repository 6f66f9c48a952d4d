/** Commits as things that were written about code. Messages, times and paths; never file text. */
import type { FilePath } from '../../model/file.ts';
import type { Commit } from '../../ports/history.ts';
import type { FileRemoval, ItemQuery, RelatedSource, SourceItem } from '../../ports/related-source.ts';
import { createCarriers } from './carriers.ts';
import { type GitPlace, readGitPlace } from './git-place.ts';
import { createLogReader, isOrdinaryPath, LOG_FLAGS } from './log-format.ts';
import { findRename } from './renames.ts';
import { type GitOptions, readGit, streamGit } from './run-git.ts';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_IDS = 2_000;
const ABBREVIATED = /^[0-9a-f]{7,64}$/;
const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

const FLAGS = [...LOG_FLAGS, '--relative'];
/** Merges, too, with what they changed of their first parent: that is where a pull request is named. */
const WITH_MERGES = ['--no-max-parents', '--diff-merges=first-parent'];

/** `root` is an absolute real path; it may be a subfolder of a repository. */
export function openCommitSource(root: string): RelatedSource {
  const carriers = createCarriers();
  const optionsOf = (signal: AbortSignal | undefined): GitOptions => ({
    root,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    signal,
  });
  const items = async (ids: readonly string[], signal?: AbortSignal) => {
    const hashes = ids.filter((id) => HASH.test(id)).slice(0, MAX_IDS);
    const options = optionsOf(signal);
    const place = hashes.length > 0 ? await readGitPlace(options) : undefined;
    if (!place) return new Map<string, SourceItem>();
    const args = [...WITH_MERGES, '--no-walk=unsorted', '--ignore-missing', '--stdin'];
    const [commits, carriedBy] = await Promise.all([
      list(place, args, { limit: hashes.length }, { ...options, input: `${hashes.join('\n')}\n` }),
      carriers.of(place.head, hashes, options),
    ]);
    return new Map(commits.map((commit) => [commit.hash, itemOf(commit, carriedBy.get(commit.hash))]));
  };
  return {
    name: 'git',
    items,
    async abbreviated(start, signal) {
      if (!ABBREVIATED.test(start)) return undefined;
      const asked = ['--verify', '--quiet', `${start}^{commit}`];
      const hash = (await readGit('rev-parse', asked, optionsOf(signal)))?.trim() ?? '';
      // A branch may have such a name.
      return hash.startsWith(start) ? (await items([hash], signal)).get(hash) : undefined;
    },
    async naming(texts, query) {
      const greps = texts
        .filter((text) => text !== '' && !/[\n\0]/.test(text))
        .map((text) => `--grep=${text}`);
      const options = optionsOf(query.signal);
      const place = greps.length > 0 ? await readGitPlace(options) : undefined;
      if (!place) return [];
      // No path: git would leave out the merges that took one side as it was.
      const args = [...WITH_MERGES, '--fixed-strings', '--regexp-ignore-case', ...greps, place.head, '--'];
      const commits = await list(place, args, query, options);
      return commits
        .filter(({ paths }) => place.prefix === '' || paths.length > 0)
        .map((commit) => itemOf(commit));
    },
    async touching(path, query) {
      const options = optionsOf(query.signal);
      const place = await readGitPlace(options);
      const commits = place ? await list(place, [place.head, '--', path], query, options) : [];
      return commits.map((commit) => itemOf(commit));
    },
    async removal(path, signal) {
      const options = optionsOf(signal);
      const place = isOrdinaryPath(path) ? await readGitPlace(options) : undefined;
      return place && readRemoval(path, place, options);
    },
  };
}

async function list(
  { isShallow }: GitPlace,
  args: readonly string[],
  { limit, since }: Omit<ItemQuery, 'signal'>,
  options: GitOptions,
): Promise<readonly Commit[]> {
  const range = since === undefined ? [] : [`--since=@${Math.floor(since)}`];
  // In a shallow clone the oldest commits would claim to have made every file.
  const settings = [`log.showRoot=${String(!isShallow)}`];
  const all = [`--max-count=${Math.floor(limit)}`, ...FLAGS, ...range, ...args];
  const reader = createLogReader();
  const commits: Commit[] = [];
  for await (const chunk of streamGit('log', all, { ...options, settings }))
    commits.push(...reader.push(chunk));
  const last = reader.end();
  return last ? [...commits, last] : commits;
}

async function readRemoval(
  path: FilePath,
  place: GitPlace,
  options: GitOptions,
): Promise<FileRemoval | undefined> {
  const [commit] = await list(place, ['--diff-filter=D', place.head, '--', path], { limit: 1 }, options);
  if (!commit) return undefined;
  const parent =
    (await readGit('rev-parse', ['--verify', '--quiet', `${commit.hash}^1`], options))?.trim() ?? '';
  // Turned round: the name afterwards is where the file came from, seen from before.
  const question = { parent: commit.hash, commit: parent, path, prefix: place.prefix };
  return {
    item: itemOf(commit),
    renamedTo: HASH.test(parent) ? await findRename(question, options) : undefined,
  };
}

const MERGE = /^(?:Merge[d ]|Automatic merge)/;

function itemOf({ hash, time, subject, body, paths }: Commit, carrier?: string): SourceItem {
  return {
    id: hash,
    kind: MERGE.test(subject) ? 'merge' : 'commit',
    title: subject,
    body,
    time,
    paths,
    links: carrier === undefined ? [] : [{ kind: 'carried_by', id: carrier }],
    provenance: { source: 'git', reference: hash },
  };
}
