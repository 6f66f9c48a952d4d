/**
 * The history of a working tree, as messages, times and paths. Reads commits and trees through `run-git.ts`, never the text of
 * files. Outside a repository, without git, or where git refuses, there is no history, which is no error.
 */
import { realpathSync } from 'node:fs';
import { ConexusError } from '../../model/errors.ts';
import type { Commit, History, RepositoryState } from '../../ports/history.ts';
import { createLogReader, LOG_FLAGS } from './log-format.ts';
import type { GitOptions } from './run-git.ts';
import { readGit, streamGit } from './run-git.ts';

export interface GitHistoryOptions {
  /** Milliseconds for all commits of one call; what was read until then is delivered. */
  readonly timeoutMs?: number;
}

const STATE_TIMEOUT_MS = 5000;
const DEFAULT_LOG_TIMEOUT_MS = 60_000;
const MAX_STATE_BYTES = 64 * 1024;
const MAX_LOG_BYTES = 512 * 1024 * 1024;
const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** `root` is an absolute real path; it may be a subfolder of a repository. */
export function openGitHistory(root: string, options: GitHistoryOptions = {}): History {
  const timeoutMs = options.timeoutMs ?? DEFAULT_LOG_TIMEOUT_MS;
  return {
    state: () => readState(root),
    commits: ({ limit, until, signal }) =>
      readCommits(root, limit, until, { root, timeoutMs, maxBytes: MAX_LOG_BYTES, signal }),
  };
}

async function readState(root: string): Promise<RepositoryState | undefined> {
  const options = stateOptions(root);
  const [place, head, branch] = await Promise.all([
    readPlace(options),
    readLine('rev-parse', ['--verify', '--quiet', 'HEAD^{commit}'], options),
    readLine('symbolic-ref', ['--quiet', '--short', 'HEAD'], options),
  ]);
  return place === undefined ? undefined : { commonDir: place.commonDir, head, branch };
}

interface Place {
  readonly commonDir: string;
  readonly inSubfolder: boolean;
  /** Some commits have no parents here only because they were not fetched. */
  readonly shallow: boolean;
}

async function readPlace(options: GitOptions): Promise<Place | undefined> {
  const asked = ['--path-format=absolute', '--is-shallow-repository', '--show-prefix', '--git-common-dir'];
  const lines = (await readGit('rev-parse', asked, options))?.split('\n');
  // More lines: a line break in a path. Fewer: a version of git that does not know what it was asked.
  if (lines?.length !== 4) return undefined;
  const [shallow, prefix, commonDir] = lines as [string, string, string];
  try {
    return {
      commonDir: realpathSync.native(commonDir),
      inSubfolder: prefix !== '',
      shallow: shallow === 'true',
    };
  } catch {
    return undefined;
  }
}

async function* readCommits(
  root: string,
  limit: number,
  until: string | undefined,
  options: GitOptions,
): AsyncGenerator<Commit, void, undefined> {
  if (until !== undefined && !HASH.test(until)) {
    const advice = 'Give the full hash of a commit, as an earlier commit or state had it.';
    throw new ConexusError('invalid_argument', '"until" is no commit hash.', advice);
  }
  const state = stateOptions(root, options.signal);
  const [place, head, known] = await Promise.all([
    readPlace(state),
    readLine('rev-parse', ['--verify', '--quiet', 'HEAD^{commit}'], state),
    // A commit that a rebase or a collection of garbage removed stops nothing.
    until === undefined
      ? undefined
      : readLine('rev-parse', ['--verify', '--quiet', `${until}^{commit}`], state),
  ]);
  if (place === undefined || head === undefined || !(limit > 0)) return;
  const args = [
    `--max-count=${Math.floor(Math.min(limit, Number.MAX_SAFE_INTEGER))}`,
    ...LOG_FLAGS,
    ...(place.inSubfolder ? ['--relative'] : []),
    head,
    ...(known === undefined ? [] : [`^${known}`]),
    '--',
    ...(place.inSubfolder ? ['.'] : []),
  ];
  // In a shallow clone the oldest commits would claim to have made every file.
  const settings = [`log.showRoot=${String(!place.shallow)}`];
  yield* parseLog(streamGit('log', args, { ...options, settings }));
}

async function* parseLog(
  output: AsyncGenerator<Buffer, boolean, undefined>,
): AsyncGenerator<Commit, void, undefined> {
  const reader = createLogReader();
  try {
    for (;;) {
      const next = await output.next();
      if (!next.done) yield* reader.push(next.value);
      else {
        // The last commit of an output that was cut may lack paths: it is left out.
        const last = next.value ? reader.end() : undefined;
        if (last !== undefined) yield last;
        return;
      }
    }
  } finally {
    await output.return(false);
  }
}

async function readLine(
  command: 'rev-parse' | 'symbolic-ref',
  args: readonly string[],
  options: GitOptions,
): Promise<string | undefined> {
  const text = await readGit(command, args, options);
  return text === undefined || text === '' ? undefined : text.replace(/\n$/, '');
}

function stateOptions(root: string, signal?: AbortSignal): GitOptions {
  return { root, timeoutMs: STATE_TIMEOUT_MS, maxBytes: MAX_STATE_BYTES, signal };
}
