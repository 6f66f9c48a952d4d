/**
 * Exact and regular-expression search by ripgrep, whose engine is linear in the text for every pattern.
 * Knows no index. Reads what is on the disk now.
 *
 * ripgrep obeys `.gitignore` and `info/exclude` by itself, which keeps it out of large ignored folders. It does not know
 * `.conexusignore` and what else the walk leaves out; those rules only leave out more, so what it finds holds all that is
 * wanted, and `includes` (of the Source) drops the rest before it counts.
 */
import { existsSync } from 'node:fs';
import { ConexusError } from '../../model/errors.ts';
import type { FilePath } from '../../model/file.ts';
import type { Grep, GrepMatch, GrepQuery, GrepResult } from '../../ports/grep.ts';
import { type Started, startProcess } from '../processes/start-process.ts';
import { openIgnoreTree } from '../sources/ignore-tree.ts';
import { splitRecords, toMatch } from './json-records.ts';

export interface RipgrepOptions {
  /** Whether a file is part of the workspace; asked once a file and search. Without it every file found counts. */
  readonly includes?: (path: FilePath) => boolean;
  /** Larger files are not searched. */
  readonly maxFileBytes?: number;
  /** Longer lines are cut to this many characters. */
  readonly maxLineLength?: number;
  /** Instead of the binary that the package brings. */
  readonly binary?: string;
}

const DEFAULT_MAX_FILE_BYTES = 4 * 1024 * 1024;
const DEFAULT_MAX_LINE_LENGTH = 500;
const MAX_PATTERN_LENGTH = 8192;
const MAX_GLOBS = 100;
/**
 * ripgrep's threads deliver files in any order. Up to this many matches are gathered before they are sorted and cut, so
 * that the same search gives the same answer; beyond, the answer is truncated and its choice of matches may vary.
 */
const MAX_GATHERED = 10_000;
const SIZE_LIMIT = '10M';

/** `root` is an absolute real path. */
export function openRipgrep(root: string, options: RipgrepOptions = {}): Grep {
  return {
    async search(query) {
      refuseBadQuery(query);
      if (query.signal?.aborted) throw cancelled();
      const binary = options.binary ?? (await packagedBinary());
      return run(binary, root, query, options);
    },
  };
}

/** @throws ConexusError ripgrep_missing */
async function packagedBinary(): Promise<string> {
  try {
    const { rgPath } = await import('@vscode/ripgrep');
    return rgPath;
  } catch (cause) {
    throw missing(cause);
  }
}

function refuseBadQuery({ pattern, regex, globs = [] }: GrepQuery): void {
  if (pattern === '') throw invalidPattern('it is empty');
  if (pattern.includes('\0')) throw invalidPattern('it contains a NUL character');
  if (pattern.length > MAX_PATTERN_LENGTH)
    throw invalidPattern(`it is longer than ${MAX_PATTERN_LENGTH} characters`);
  if (regex && /[\n\r]/.test(pattern))
    throw invalidPattern('it contains a line break; expressions match within one line');
  if (
    globs.length > MAX_GLOBS ||
    globs.some((glob) => glob === '' || glob.length > 1000 || glob.includes('\0'))
  ) {
    throw new ConexusError(
      'invalid_argument',
      'A glob is empty, too long, or there are too many.',
      'Send fewer, shorter globs.',
    );
  }
}

/** Every value is joined to its flag, so that none can be taken for a flag of its own. Nothing here runs a program. */
export function ripgrepArguments(root: string, query: GrepQuery, maxFileBytes: number): string[] {
  return [
    '--no-config',
    '--json',
    '--no-messages',
    '--no-ignore-messages',
    '--hidden',
    '--no-follow',
    '--no-ignore-dot',
    '--no-ignore-global',
    // Outside a repository `.gitignore` still counts, but none above the root; as in the walk.
    ...(openIgnoreTree(root).obeysAbove() ? [] : ['--no-require-git', '--no-ignore-parent']),
    '--crlf',
    '--engine=default',
    `--regex-size-limit=${SIZE_LIMIT}`,
    `--dfa-size-limit=${SIZE_LIMIT}`,
    `--max-filesize=${maxFileBytes}`,
    // One more than is gathered, so that a cut within one file is seen.
    `--max-count=${Math.max(MAX_GATHERED, query.maxMatches) + 1}`,
    query.ignoreCase ? '--ignore-case' : '--case-sensitive',
    ...(query.word ? ['--word-regexp'] : []),
    ...(query.regex ? [] : ['--fixed-strings']),
    ...(query.pattern.includes('\n') ? ['--multiline'] : []),
    ...(query.globs ?? []).map((glob) => `--glob=${glob}`),
    // Last, because the last glob that matches decides.
    '--glob=!.git',
    `--regexp=${query.pattern}`,
    '--',
    './',
  ];
}

function start(binary: string, root: string, query: GrepQuery, options: RipgrepOptions): Started {
  const { SystemRoot } = process.env;
  return startProcess({
    binary,
    args: ripgrepArguments(root, query, options.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES),
    cwd: root,
    // ripgrep needs nothing of the environment, and some variables change what it does.
    env: SystemRoot === undefined ? {} : { SystemRoot },
    hasInput: false,
    isGroup: false,
  });
}

function run(binary: string, root: string, query: GrepQuery, options: RipgrepOptions): Promise<GrepResult> {
  const gathered = gather(query, options);
  return new Promise((resolve, reject) => {
    const child = start(binary, root, query, options);
    let ended: 'deadline' | 'enough' | 'cancelled' | undefined;
    const stop = (why: 'deadline' | 'enough' | 'cancelled'): void => {
      ended ??= why;
      child.kill();
      child.stdout.destroy();
    };
    const onAbort = (): void => stop('cancelled');
    const timer = setTimeout(() => stop('deadline'), Math.max(0, query.timeoutMs));
    query.signal?.addEventListener('abort', onAbort, { once: true });

    child.stdout.on('data', (chunk: Buffer) => {
      gathered.push(chunk);
      if (gathered.full()) stop('enough');
    });
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      query.signal?.removeEventListener('abort', onAbort);
      settle();
    };
    child.ended.then(
      ({ code, errorText }) =>
        finish(() => {
          if (ended === 'cancelled') reject(cancelled());
          else if (ended === undefined && code === 2 && errorText !== '') reject(refused(errorText));
          else resolve(gathered.result(ended !== undefined));
        }),
      (cause: unknown) => finish(() => reject(existsSync(root) ? missing(cause) : rootGone(root))),
    );
  });
}

function gather(query: GrepQuery, options: RipgrepOptions) {
  const limit = Math.max(MAX_GATHERED, query.maxMatches);
  const maxText = options.maxLineLength ?? DEFAULT_MAX_LINE_LENGTH;
  const wanted = new Map<FilePath, boolean>();
  const matches: GrepMatch[] = [];
  const isWanted = (path: FilePath): boolean => {
    let answer = wanted.get(path);
    if (answer === undefined) {
      answer = (query.accepts?.(path) ?? true) && (options.includes?.(path) ?? true);
      wanted.set(path, answer);
    }
    return answer;
  };
  const records = splitRecords((head, lineNumber) => {
    if (matches.length > limit) return;
    const match = toMatch(head, lineNumber, maxText);
    if (match !== undefined && isWanted(match.path)) matches.push(match);
  });
  return {
    push: records.push,
    full: () => matches.length > limit,
    result(stopped: boolean): GrepResult {
      matches.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
      return {
        matches: matches.slice(0, query.maxMatches),
        truncated: stopped || matches.length > query.maxMatches,
      };
    },
  };
}

/** One line of ripgrep's complaint: the last says why, the lines before draw the place. */
function refused(text: string): ConexusError {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const glob = lines.find((line) => line.includes('error parsing glob'));
  if (glob !== undefined) {
    const why = glob.replace(/^rg: /, '').slice(0, 200);
    return new ConexusError(
      'invalid_argument',
      `A glob is refused: ${why}.`,
      'Correct the glob, or leave it out.',
    );
  }
  const parse = lines.find((line) => line.startsWith('error: '));
  return invalidPattern((parse ?? lines[0] ?? 'unknown reason').replace(/^(rg|error): /, '').slice(0, 200));
}

function invalidPattern(why: string): ConexusError {
  const advice =
    'Correct the expression (Rust syntax: no look-around, no back-references), or search for it as a literal.';
  return new ConexusError('invalid_pattern', `The pattern is refused: ${why}.`, advice);
}

function missing(cause: unknown): ConexusError {
  const advice =
    'Install again with optional dependencies, so that @vscode/ripgrep brings its binary for this platform.';
  return new ConexusError('ripgrep_missing', 'ripgrep cannot be started: its binary is missing.', advice, {
    cause,
  });
}

function rootGone(root: string): ConexusError {
  return new ConexusError(
    'root_missing',
    `${root} does not exist any more.`,
    'Check the path, or create the folder again.',
  );
}

function cancelled(): ConexusError {
  return new ConexusError(
    'cancelled',
    'The search was cancelled.',
    'Send the request again if it is wanted.',
  );
}
