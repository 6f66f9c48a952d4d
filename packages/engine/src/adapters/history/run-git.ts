/**
 * The only door to git. Runs object-level plumbing on a repository that may be hostile: whatever its configuration says, no
 * program, hook, filter or transport of its choosing runs, nothing is written and nothing is fetched.
 *
 * Safety comes from three sides: commands that read commits and trees only (never `status`, `diff`, `blame`, `ls-files`,
 * which look at the working tree and so run filters); settings on the command line, which outrank the repository's;
 * and an environment made from nothing, which forbids every transport.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { Readable } from 'node:stream';
import { ConexusError } from '../../model/errors.ts';
import { type Started, startProcess } from '../processes/start-process.ts';

export interface GitOptions {
  readonly root: string;
  /** Milliseconds until git is ended by force. */
  readonly timeoutMs: number;
  /** Bytes of output after which git is ended by force. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** More settings, as `name=value`; never from a request. */
  readonly settings?: readonly string[];
  /** Given to git on standard input, a stream as it comes; without it there is none. */
  readonly input?: string | Readable;
}

/** The commands this door lets through. */
type GitCommand =
  | 'rev-parse'
  | 'rev-list'
  | 'log'
  | 'symbolic-ref'
  | 'ls-tree'
  | 'cat-file'
  | 'diff-tree'
  | 'merge-base';

const NO_FILE = process.platform === 'win32' ? 'NUL' : '/dev/null';

const SETTINGS = [
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.askPass=',
  'core.sshCommand=false',
  'core.gitProxy=none',
  'core.alternateRefsCommand=false',
  `core.attributesFile=${NO_FILE}`,
  'credential.helper=',
  'diff.external=',
  'diff.orderFile=/dev/null',
  'diff.renames=false',
  'diff.relative=false',
  'log.showSignature=false',
  'log.mailmap=false',
  'log.follow=false',
  'gpg.program=false',
  'gpg.ssh.program=false',
  'gpg.x509.program=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'fetch.recurseSubmodules=false',
  'submodule.recurse=false',
  'protocol.allow=never',
  'protocol.ext.allow=never',
  'protocol.file.allow=never',
  'safe.bareRepository=explicit',
  // A server has a user of its own, and its repositories are another's. Git refuses those because their configuration could run programs: here it cannot.
  'safe.directory=*',
];

function environment(): Record<string, string> {
  const env: Record<string, string> = {
    PATH: absolutePath().join(delimiter),
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: NO_FILE,
    GIT_CONFIG_GLOBAL: NO_FILE,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    // Older git fetches what a partial clone lacks all the same: no transport is allowed to it.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_SSH_COMMAND: 'false',
    GIT_ASKPASS: '',
    GIT_PAGER: 'cat',
    GIT_EXTERNAL_DIFF: '',
    // A home without settings, for versions that do not know GIT_CONFIG_GLOBAL.
    HOME: NO_FILE,
    XDG_CONFIG_HOME: NO_FILE,
  };
  for (const name of ['SystemRoot', 'TEMP', 'TMP']) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** Folders of PATH that do not depend on where git is started: a repository must not bring its own `git`. */
function absolutePath(): string[] {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
}

/** Absolute path of git; undefined when it is not installed. */
export function findGit(): string | undefined {
  const name = process.platform === 'win32' ? 'git.exe' : 'git';
  return absolutePath()
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      } catch {
        return false;
      }
    });
}

function startGit(
  binary: string,
  command: GitCommand,
  args: readonly string[],
  options: GitOptions,
): Started {
  const settings = [...SETTINGS, ...(options.settings ?? [])].flatMap((setting) => ['-c', setting]);
  const fixed = ['--no-pager', '--no-optional-locks', '--no-replace-objects', '--literal-pathspecs'];
  const child = startProcess({
    binary,
    args: [...fixed, ...settings, command, ...args],
    cwd: options.root,
    env: environment(),
    hasInput: true,
    // What git starts is ended with it.
    isGroup: true,
  });
  if (options.input instanceof Readable) options.input.pipe(child.stdin);
  else child.stdin.end(options.input ?? '');
  return child;
}

/**
 * Output of git, piece by piece. Returns whether it is whole: false when git is missing or fails, the time is over or there
 * is too much. That is no error: history helps to rank and is never worth a failure. Leaving the loop ends git.
 * @throws ConexusError cancelled
 */
export async function* streamGit(
  command: GitCommand,
  args: readonly string[],
  options: GitOptions,
): AsyncGenerator<Buffer, boolean, undefined> {
  if (options.signal?.aborted) throw cancelled();
  const binary = findGit();
  if (binary === undefined) return false;
  const child = startGit(binary, command, args, options);
  const succeeded = child.ended.then(
    ({ code }) => code === 0,
    () => false,
  );
  const stop = (): void => {
    child.kill();
    child.stdout.destroy();
  };
  const timer = setTimeout(stop, options.timeoutMs);
  options.signal?.addEventListener('abort', stop, { once: true });
  let bytes = 0;
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > options.maxBytes) return false;
      yield chunk;
    }
    return await succeeded;
  } catch {
    // The stream was destroyed by `stop`.
    if (options.signal?.aborted) throw cancelled();
    return false;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
    stop();
  }
}

/** Whole output as text; undefined when it is not whole. */
export async function readGit(
  command: GitCommand,
  args: readonly string[],
  options: GitOptions,
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  const output = streamGit(command, args, options);
  for (;;) {
    const next = await output.next();
    if (!next.done) chunks.push(next.value);
    else return next.value ? Buffer.concat(chunks).toString('utf8') : undefined;
  }
}

function cancelled(): ConexusError {
  return new ConexusError(
    'cancelled',
    'Reading the git history was cancelled.',
    'Send the request again if it is wanted.',
  );
}
