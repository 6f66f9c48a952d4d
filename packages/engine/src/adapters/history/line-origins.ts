/**
 * Origins of lines, as `git blame` gives them, without asking git to compare: versions of the file are compared here, newest
 * first, until each line has the commit that brought it. `git blame` itself looks at the working tree and runs filters there.
 */
import { createHash } from 'node:crypto';
import { ConexusError } from '../../model/errors.ts';
import type { FilePath } from '../../model/file.ts';
import type { LineHistory, LineOrigins, LineQuestion, LineSpan } from '../../ports/line-history.ts';
import { type GitPlace, readGitPlace } from './git-place.ts';
import { type LineText, lineText, matchLines } from './line-diff.ts';
import { openObjectSession } from './object-session.ts';
import { type GitOptions, readGit } from './run-git.ts';
import { createFindings, keptBy, type Lines } from './tracked-lines.ts';
import { followTrail, type Trail, type Walk } from './trail.ts';
import { createVersions } from './versions.ts';

/** For one question; what was found until then is kept. */
const TIMEOUT_MS = 3_000;
const MAX_BYTES = 1024 * 1024 * 1024;
const MAX_VERSIONS = 5_000;
/** Names that a file may have had, also by merges of branches that renamed it. */
const MAX_TRAILS = 50;

/** Answers that are kept: the same lines are asked about again while somebody works on them. */
const KEPT_ANSWERS = 64;

/** `root` is an absolute real path; it may be a subfolder of a repository. */
export function openLineHistory(root: string, timeoutMs = TIMEOUT_MS): LineHistory {
  const kept = new Map<string, LineOrigins>();
  return {
    async origins(question) {
      const options: GitOptions = { root, timeoutMs, maxBytes: MAX_BYTES, signal: question.signal };
      const place = await readGitPlace(options);
      if (!place) return undefined;
      const key = keyOf(place.head, question);
      const known = kept.get(key);
      kept.delete(key);
      const answer = known ?? (await openTrace(question, place, options));
      // What was cut short may be found another time.
      if (answer.unknown.length === 0) kept.set(key, answer);
      for (const oldest of kept.keys()) if (kept.size > KEPT_ANSWERS) kept.delete(oldest);
      return answer;
    },
  };
}

function keyOf(head: string, { path, bytes, spans }: LineQuestion): string {
  const text = createHash('sha256').update(bytes).digest('base64');
  return JSON.stringify([head, path, text, spans.map(({ start, end }) => [start, end])]);
}

async function openTrace(
  question: LineQuestion,
  { head, prefix }: GitPlace,
  options: GitOptions,
): Promise<LineOrigins> {
  const session = openObjectSession(options);
  const deadline = performance.now() + options.timeoutMs;
  const versions = createVersions(session, prefix);
  const walk: Walk = {
    session,
    options,
    versions,
    found: createFindings(head),
    trails: [],
    isSpent: () => performance.now() > deadline || versions.compared() >= MAX_VERSIONS,
    leftMs: () => Math.max(1, deadline - performance.now()),
  };
  try {
    return await traceLines(walk, question, head);
  } finally {
    await session.close();
  }
}

async function traceLines(
  walk: Walk,
  { path, bytes, spans }: LineQuestion,
  head: string,
): Promise<LineOrigins> {
  const { found, trails, versions } = walk;
  const now = Buffer.from(bytes);
  const asked = trackedLines(spans, lineText(now).count);
  const [committed] = await versions.read([{ commit: head, path }]);
  if (!committed && (await isInSubmodule(walk, path, head))) found.unknown('submodule', asked);
  else if (!committed) found.uncommitted(asked);
  else if (!committed.text) found.unknown('too_large', asked);
  else {
    const text = lineText(withLineEndsOf(committed.text, now));
    const { passed, left } = keptBy(asked, matchLines(committed.text, text));
    found.uncommitted(left);
    if (passed.length > 0) trails.push({ start: head, path, lines: passed });
    for (let count = 0; trails.length > 0; count++) {
      const trail = trails.shift() as Trail;
      if (count >= MAX_TRAILS) found.unknown('limit', trail.lines);
      else await followTrail(walk, trail);
    }
  }
  return { ...found.result(), versions: versions.compared() };
}

async function isInSubmodule({ options, leftMs }: Walk, path: FilePath, head: string): Promise<boolean> {
  const names = path.split('/').slice(0, -1);
  if (names.length === 0) return false;
  const folders = names.map((_, i) => names.slice(0, i + 1).join('/'));
  const entries = await readGit('ls-tree', ['-z', head, '--', ...folders], {
    ...options,
    timeoutMs: leftMs(),
  });
  return entries?.split('\0').some((entry) => entry.startsWith('160000 ')) ?? false;
}

/** A checkout may have other line ends than what is committed. */
function withLineEndsOf(committed: LineText, now: Buffer): Buffer {
  if (!now.includes('\r\n') || committed.bytes.includes('\r\n')) return now;
  return Buffer.from(now.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

/** @throws ConexusError invalid_argument */
function trackedLines(spans: readonly LineSpan[], count: number): Lines[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  const lines: Lines[] = [];
  let next = 0;
  for (const { start, end } of sorted) {
    if (!(start >= 1 && end >= start))
      throw new ConexusError(
        'invalid_argument',
        `There are no lines ${start}-${end}.`,
        'Lines count from 1.',
      );
    const from = Math.max(start - 1, next);
    const to = Math.min(end, count);
    if (to > from) lines.push({ at: from, asked: from, count: to - from });
    next = Math.max(next, to);
  }
  return lines;
}
