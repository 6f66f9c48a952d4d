/**
 * The history of a working tree, as messages, times and paths. Reads commits and trees through `run-git.ts`, never the text of
 * files. Outside a repository, without git, or where git refuses, there is no history, which is no error.
 */
import { realpathSync } from 'node:fs';
import { ConexusError } from '../../model/errors.ts';
import type { Commit, History, RepositoryState } from '../../ports/history.ts';
import { headSignature, NO_REPOSITORY } from './head-signature.ts';
import { createLogReader, LOG_FLAGS } from './log-format.ts';
import type { GitOptions } from './run-git.ts';
import { readGit, streamGit } from './run-git.ts';

export interface GitHistoryOptions {
  /** Milliseconds for all commits of one call; what was read until then is delivered. */
  readonly timeoutMs?: number;
  /** Full hash of the commit to start at instead of HEAD: the history as it was then. */
  readonly head?: string;
  /** Only the paths of files that a commit changed, without those it added or removed. */
  readonly modifiedOnly?: boolean;
}

const STATE_TIMEOUT_MS = 5000;
const DEFAULT_LOG_TIMEOUT_MS = 60_000;
/** No commit yet, or a git that does not answer: asked again after this, or when HEAD has moved. */
const UNSURE_MS = 10_000;
const MAX_STATE_BYTES = 64 * 1024;
const MAX_LIST_BYTES = 1024 * 1024;
const MAX_LOG_BYTES = 512 * 1024 * 1024;
const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** `root` is an absolute real path; it may be a subfolder of a repository. */
export function openGitHistory(root: string, options: GitHistoryOptions = {}): History {
  const timeoutMs = options.timeoutMs ?? DEFAULT_LOG_TIMEOUT_MS;
  const start: LogStart = {
    name: options.head === undefined ? 'HEAD' : checkedHash(options.head, 'head'),
    flags: options.modifiedOnly === true ? ['--diff-filter=M'] : [],
  };
  let seen:
    | { readonly signature: string; readonly state: RepositoryState | undefined; readonly until: number }
    | undefined;
  return {
    async state() {
      // Taken before git is asked: a HEAD that moves meanwhile is asked for again.
      const signature = start.name === 'HEAD' ? headSignature(root) : undefined;
      if (signature !== undefined && seen?.signature === signature && performance.now() < seen.until)
        return seen.state;
      // To start a process from a large one takes tens of milliseconds.
      if (signature === NO_REPOSITORY) return undefined;
      const state = await readState(root, start.name);
      // No answer may be a git that took too long.
      const until = state?.head === undefined ? performance.now() + UNSURE_MS : Number.POSITIVE_INFINITY;
      seen = signature === undefined ? undefined : { signature, state, until };
      return state;
    },
    async unreached(commit, limit) {
      const args = [
        `--max-count=${Math.floor(limit)}`,
        checkedHash(commit, 'commit'),
        `^${start.name}`,
        '--',
      ];
      const text = await readGit('rev-list', args, { ...stateOptions(root), maxBytes: MAX_LIST_BYTES });
      return text?.split('\n').filter((line) => HASH.test(line));
    },
    commits: ({ limit, until, signal }) =>
      readCommits({ root, timeoutMs, maxBytes: MAX_LOG_BYTES, signal }, start, limit, until),
  };
}

/** Where the log begins, and what it is asked for beside its form. */
interface LogStart {
  readonly name: string;
  readonly flags: readonly string[];
}

async function readState(root: string, name: string): Promise<RepositoryState | undefined> {
  const options = stateOptions(root);
  const atOnce = name === 'HEAD' ? await readHead(options) : undefined;
  if (atOnce) return atOnce;
  const [place, head, branch] = await Promise.all([
    readPlace(options),
    readLine('rev-parse', ['--verify', '--quiet', `${name}^{commit}`], options),
    name === 'HEAD' ? readLine('symbolic-ref', ['--quiet', '--short', 'HEAD'], options) : undefined,
  ]);
  return place === undefined ? undefined : { commonDir: place.commonDir, head, branch };
}

/** By one process where all is well: each takes milliseconds of this thread to start. undefined: ask one by one. */
async function readHead(options: GitOptions): Promise<RepositoryState | undefined> {
  const asked = [...PLACE, 'HEAD^{commit}', '--abbrev-ref=loose', 'HEAD'];
  const lines = (await readGit('rev-parse', asked, options))?.split('\n');
  if (lines?.length !== PLACE_LINES + 3) return undefined;
  const [, , , head = '', branch = ''] = lines;
  const place = placeOf(lines);
  if (!place || !HASH.test(head)) return undefined;
  return { commonDir: place.commonDir, head, branch: branch === 'HEAD' ? undefined : branch };
}

interface Place {
  readonly commonDir: string;
  readonly inSubfolder: boolean;
  /** Some commits have no parents here only because they were not fetched. */
  readonly shallow: boolean;
}

const PLACE = ['--path-format=absolute', '--is-shallow-repository', '--show-prefix', '--git-common-dir'];
const PLACE_LINES = 3;

async function readPlace(options: GitOptions): Promise<Place | undefined> {
  const lines = (await readGit('rev-parse', PLACE, options))?.split('\n');
  // More lines: a line break in a path. Fewer: a version of git that does not know what it was asked.
  return lines?.length === PLACE_LINES + 1 ? placeOf(lines) : undefined;
}

function placeOf(lines: readonly string[]): Place | undefined {
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

function checkedHash(hash: string, argument: string): string {
  if (HASH.test(hash)) return hash;
  const advice = 'Give the full hash of a commit, as an earlier commit or state had it.';
  throw new ConexusError('invalid_argument', `"${argument}" is no commit hash.`, advice);
}

async function* readCommits(
  options: GitOptions,
  start: LogStart,
  limit: number,
  until: string | undefined,
): AsyncGenerator<Commit, void, undefined> {
  if (until !== undefined) checkedHash(until, 'until');
  const state = stateOptions(options.root, options.signal);
  const [place, head, known] = await Promise.all([
    readPlace(state),
    readLine('rev-parse', ['--verify', '--quiet', `${start.name}^{commit}`], state),
    // A commit that a rebase or a collection of garbage removed stops nothing.
    until === undefined
      ? undefined
      : readLine('rev-parse', ['--verify', '--quiet', `${until}^{commit}`], state),
  ]);
  if (place === undefined || head === undefined || !(limit > 0)) return;
  const args = [
    `--max-count=${Math.floor(Math.min(limit, Number.MAX_SAFE_INTEGER))}`,
    ...LOG_FLAGS,
    ...start.flags,
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
