/** Commits as things that were written about code. Messages, times and paths; never file text. */
import type { FilePath } from '../../model/file.ts';
import type { Commit } from '../../ports/history.ts';
import type { FileRemoval, ItemQuery, RelatedSource, SourceItem } from '../../ports/related-source.ts';
import { createCarriers } from './carriers.ts';
import { createLogReader, isOrdinaryPath, LOG_FLAGS } from './log-format.ts';
import { findRename } from './renames.ts';
import { type GitOptions, readGit, streamGit } from './run-git.ts';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_IDS = 2_000;
const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

const FLAGS = [...LOG_FLAGS, '--relative'];
/** Merges, too, with what they changed of their first parent: that is where a pull request is named. */
const WITH_MERGES = ['--no-max-parents', '--diff-merges=first-parent'];

/** `root` is an absolute real path; it may be a subfolder of a repository. */
export function openCommitSource(root: string): RelatedSource {
  const carriers = createCarriers({ root, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
  const optionsOf = (signal: AbortSignal | undefined): GitOptions => ({
    root,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    signal,
  });

  const place = async (signal: AbortSignal | undefined) => {
    const text = await readGit('rev-parse', ['--is-shallow-repository', '--show-prefix'], optionsOf(signal));
    const [shallow, prefix = ''] = text?.split('\n') ?? [];
    return { isShallow: shallow === 'true', isInFolder: prefix !== '' };
  };
  const list = async (args: readonly string[], { limit, since, signal }: ItemQuery, input?: string) => {
    const range = since === undefined ? [] : [`--since=@${Math.floor(since)}`];
    const all = [`--max-count=${Math.floor(limit)}`, ...FLAGS, ...range, ...args];
    // In a shallow clone the oldest commits would claim to have made every file.
    const settings = [`log.showRoot=${String(!(await place(signal)).isShallow)}`];
    const output = streamGit('log', all, {
      ...optionsOf(signal),
      settings,
      ...(input === undefined ? {} : { input }),
    });
    const commits: Commit[] = [];
    const reader = createLogReader();
    for await (const chunk of output) commits.push(...reader.push(chunk));
    const last = reader.end();
    if (last) commits.push(last);
    return commits;
  };

  return {
    name: 'git',
    async items(ids, signal) {
      const hashes = ids.filter((id) => HASH.test(id)).slice(0, MAX_IDS);
      if (hashes.length === 0) return new Map();
      const query = { limit: hashes.length, signal };
      const [commits, carriedBy] = await Promise.all([
        list(
          [...WITH_MERGES, '--no-walk=unsorted', '--ignore-missing', '--stdin'],
          query,
          `${hashes.join('\n')}\n`,
        ),
        carriers.of(hashes, signal),
      ]);
      return new Map(commits.map((commit) => [commit.hash, itemOf(commit, carriedBy.get(commit.hash))]));
    },
    async naming(texts, query) {
      const wanted = texts.filter((text) => text !== '' && !/[\n\0]/.test(text));
      if (wanted.length === 0) return [];
      const greps = wanted.map((text) => `--grep=${text}`);
      const commits = await list(
        // No path: git would leave out the merges that took one side as it was.
        [...WITH_MERGES, '--fixed-strings', '--regexp-ignore-case', ...greps, 'HEAD', '--'],
        query,
      );
      const { isInFolder } = await place(query.signal);
      return commits.filter(({ paths }) => !isInFolder || paths.length > 0).map((commit) => itemOf(commit));
    },
    async touching(path, query) {
      const commits = await list(['HEAD', '--', path], query);
      return commits.map((commit) => itemOf(commit));
    },
    async removal(path, signal) {
      return isOrdinaryPath(path) ? readRemoval(path, list, optionsOf(signal)) : undefined;
    },
  };
}

type List = (args: readonly string[], query: ItemQuery) => Promise<readonly Commit[]>;

async function readRemoval(
  path: FilePath,
  list: List,
  options: GitOptions,
): Promise<FileRemoval | undefined> {
  const [commit] = await list(['--diff-filter=D', 'HEAD', '--', path], { limit: 1, signal: options.signal });
  if (!commit) return undefined;
  const [prefix, parent] = await Promise.all([
    readGit('rev-parse', ['--show-prefix'], options),
    readGit('rev-parse', ['--verify', '--quiet', `${commit.hash}^1`], options),
  ]);
  const question = { parent: commit.hash, commit: parent?.trim() ?? '', path, prefix: prefix?.trim() ?? '' };
  // Turned round: the name afterwards is where the file came from, seen from before.
  const renamedTo = HASH.test(question.commit) ? await findRename(question, options) : undefined;
  return { item: itemOf(commit), renamedTo };
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
