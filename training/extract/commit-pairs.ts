// Pairs of the past: what a commit's message says, with the code that it changed, as it was before.

import { PLAIN_LOG } from '../../packages/engine/src/adapters/history/log-format.ts';
import { streamGit } from '../../packages/engine/src/adapters/history/run-git.ts';
import { cleanSubject, taskOf } from '../../packages/engine/src/evaluation/clean-message.ts';
import { isSource } from '../../packages/engine/src/evaluation/mine-commits.ts';
import type { RawPair } from './code-pairs.ts';
import { wordCount } from './doc-text.ts';
import { isInShare, rankOf } from './sampling.ts';

const MARK = '\x01';
const FLAGS: readonly string[] = [
  '--format=tformat:%x01%H%x00%an%x00%s%x00%b%x00',
  '--patch',
  ...PLAIN_LOG,
  '--unified=10',
  '--diff-filter=M',
  '--no-indent-heuristic',
  '--src-prefix=a/',
  '--dst-prefix=b/',
];
const TIMEOUT_MS = 300_000;
const MAX_BYTES = 2 ** 31;
const BOT =
  /\[bot\]|\bbots?\b|dependabot|renovate|greenkeeper|github[- ]actions|jenkins|travis|weblate|crowdin/i;
/** A change of more files is a sweep, whatever its message says. */
const MAX_FILES = 8;
const MAX_PER_COMMIT = 3;
const MAX_OLD_LINES = 60;
const MIN_OLD_LINES = 3;
/** A body this long is asked as an issue would be. */
const ISSUE_WORDS = 30;
/** Of the commits with a body, so many ask with it, too; the others with the subject alone. */
const WITH_BODY_SHARE = 0.4;

/** What mirrors of other systems append to each message. */
const MIRROR_RECORD =
  /^(?:fbshipit-source-id|reviewed by|differential revision|pull request resolved|piperorigin-revid|x-link)\b.*$|^(?:summary|details|context|test plan):\s*$/gim;

/** Old side of a hunk: context and removed lines. */
export interface Hunk {
  readonly path: string;
  /** What git shows of the enclosing definition. */
  readonly scope: string;
  readonly lines: string[];
  removed: number;
}

export interface ReadCommit {
  readonly hash: string;
  readonly author: string;
  readonly subject: string;
  readonly body: string;
  readonly hunks: readonly Hunk[];
}

/** Newest first. Leaving the loop ends git. */
export async function* readCommits(root: string, limit: number): AsyncGenerator<ReadCommit> {
  const output = streamGit('log', [`--max-count=${limit}`, ...FLAGS, 'HEAD', '--'], {
    root,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  });
  const reader = createPatchReader();
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of output) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const done = reader.push(line);
      if (done !== undefined) yield done;
    }
  }
  const last = reader.end();
  if (last !== undefined) yield last;
}

interface PatchReader {
  /** The commit that this line ends, if it ends one. */
  push(line: string): ReadCommit | undefined;
  end(): ReadCommit | undefined;
}

/** Reads the output of `git log --patch`. A line of code begins with a blank, `+` or `-`, so none can pass for a commit. */
export function createPatchReader(): PatchReader {
  let message: string[] | undefined;
  let commit: ReadCommit | undefined;
  let hunks: Hunk[] = [];
  let hunk: Hunk | undefined;
  let path = '';

  const startCommit = (): boolean => {
    const [hash = '', author = '', subject = '', body = '', end] = (message ?? []).join('\n').split('\0');
    if (end === undefined) return false;
    hunks = [];
    commit = { hash: hash.slice(1), author, subject, body: body.trim(), hunks };
    message = undefined;
    return true;
  };
  return {
    push(line) {
      if (line.startsWith(MARK)) {
        const done = commit;
        commit = undefined;
        hunk = undefined;
        message = [line];
        startCommit();
        return done;
      }
      if (message !== undefined) {
        message.push(line);
        startCommit();
      } else if (line.startsWith('diff --git ')) hunk = undefined;
      else if (hunk === undefined && line.startsWith('--- a/')) path = line.slice(6).replace(/\t$/, '');
      else if (line.startsWith('@@ ')) {
        hunk = { path, scope: line.slice(line.indexOf('@@', 3) + 2).trim(), lines: [], removed: 0 };
        hunks.push(hunk);
      } else if (hunk !== undefined && hunk.lines.length < MAX_OLD_LINES && /^[ -]/.test(line)) {
        hunk.lines.push(line.slice(1));
        if (line.startsWith('-')) hunk.removed++;
      }
      return undefined;
    },
    end: () => commit,
  };
}

/** None for commits by programs, sweeps, and messages that say nothing about code. */
export function commitPairs(commit: ReadCommit, isWanted: (path: string) => boolean): RawPair[] {
  const files = new Set(commit.hunks.map((hunk) => hunk.path));
  if (BOT.test(commit.author) || files.size === 0 || files.size > MAX_FILES) return [];
  const task = taskOf(commit.subject, commit.body.replace(MIRROR_RECORD, ''));
  if (task === undefined) return [];
  const subject = cleanSubject(commit.subject).replace(/^[a-z]+(?:\([^)]*\))?!?:\s+/, '');
  const bodyWords = wordCount(task) - wordCount(subject);
  const chosen = commit.hunks
    .filter(({ path, lines }) => isWanted(path) && isSource(path) && isTelling(lines))
    .map((hunk) => ({
      hunk,
      rank: (hunk.removed > 0 ? 0 : 2 ** 32) + rankOf(commit.hash + hunk.path + hunk.scope),
    }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MAX_PER_COMMIT);
  return chosen.map(({ hunk }, i) => {
    // The header that git shows is what a chunk of the index would have as its signature.
    const doc = { name: nameIn(hunk.scope), signature: hunk.scope, body: hunk.lines.join('\n') };
    const isIssue = bodyWords >= ISSUE_WORDS && i % 2 === 1;
    const isLong = isIssue || (bodyWords > 5 && isInShare(commit.hash, WITH_BODY_SHARE));
    // An issue is told in other words than the subject of its repair.
    const query = isIssue ? task.slice(task.indexOf('\n')).trim() : isLong ? task : subject;
    return { kind: isIssue ? 'issue' : 'commit', query, doc, path: hunk.path };
  });
}

const KEYWORDS =
  /^(?:if|for|while|switch|catch|return|function|func|fn|def|new|async|await|sizeof|typeof|throw)$/;

const AFTER_KEYWORD =
  /\b(?:class|struct|interface|trait|enum|impl|object|module|namespace|protocol|extension|def|fn|fun|func|function)\s+(?:\([^)]*\)\s*|self\.)?([A-Za-z_$][\w$]*)/;

/** The name that a header defines, after its keyword or before its parameters, whichever comes first; empty where there is none. */
export function nameIn(header: string): string {
  const defined = AFTER_KEYWORD.exec(header);
  const called = [...header.matchAll(/([A-Za-z_$][\w$]*)\s*\(/g)].find(
    ([, name]) => !KEYWORDS.test(name ?? ''),
  );
  const isCall = called !== undefined && (defined === null || called.index < defined.index);
  return (isCall ? called[1] : defined?.[1]) ?? '';
}

function isTelling(lines: readonly string[]): boolean {
  return lines.filter((line) => /[\p{L}]{2}/u.test(line)).length >= MIN_OLD_LINES;
}
