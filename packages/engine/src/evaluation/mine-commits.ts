/**
 * Picks the commits to ask about and the commit whose state is asked: pure over what git says. A commit counts when somebody
 * could have been sent to look for what it changed: a telling message, a few source files changed, all there beforehand.
 */
import type { FilePath } from '../model/file.ts';
import { fileKindOf, fileTraitsOf } from '../model/file-kind.ts';
import { skipByPath } from '../model/skip-rules.ts';
import type { Commit } from '../ports/history.ts';
import { cleanSubject, taskOf } from './clean-message.ts';

/** A commit as a task: its message, and the files it changed as the answer. */
export interface CommitTask {
  readonly hash: string;
  readonly time: number;
  readonly subject: string;
  readonly task: string;
  /** Source files that it changed. */
  readonly expected: readonly FilePath[];
}

/** What of git's graph the choice needs; `chain`: HEAD and its first parents, newest first. */
export interface CommitWindow {
  readonly chain: readonly string[];
  readonly parents: ReadonlyMap<string, readonly string[]>;
}

/** A task with how far back along the chain the base must lie to be before it. */
export interface PlacedTask extends CommitTask {
  readonly depth: number;
}

const MAX_EXPECTED = 5;
/** More changed files than this is a sweep over the code, whatever the message says. */
const MAX_CHANGED = 40;

/** The task of a commit; undefined when it is none. `paths` of the commit are those it modified. */
export function toTask(commit: Commit): CommitTask | undefined {
  const expected = commit.paths.filter(isSource);
  if (expected.length === 0 || expected.length > MAX_EXPECTED || commit.paths.length > MAX_CHANGED)
    return undefined;
  const task = taskOf(commit.subject, commit.body);
  if (task === undefined) return undefined;
  return { hash: commit.hash, time: commit.time, subject: cleanSubject(commit.subject), task, expected };
}

/** Source that people write, and no test. */
export function isSource(path: FilePath): boolean {
  if (fileKindOf(path) !== 'code' || skipByPath(path, 0) !== undefined) return false;
  return !fileTraitsOf(path).some((trait) => trait === 'vendored' || trait === 'generated');
}

/**
 * Each task with the smallest depth whose chain commit does not reach it: with the base at `chain[depth]`, the task's commit is
 * still to come. Those that another commit repeats word for word are left out: cherry-picks, and habits like "Fix tests".
 */
export function placeTasks(tasks: readonly CommitTask[], window: CommitWindow): readonly PlacedTask[] {
  const introduced = introducedAt(window);
  const seen = new Set<string>();
  const placed: PlacedTask[] = [];
  // Oldest first, so that the first of two with one message stays.
  for (const task of [...tasks].reverse()) {
    const at = introduced.get(task.hash);
    if (at === undefined || seen.has(task.subject)) continue;
    seen.add(task.subject);
    placed.push({ ...task, depth: at + 1 });
  }
  return placed.sort((a, b) => b.depth - a.depth);
}

/** For each commit, the oldest place of the chain that reaches it. */
function introducedAt({ chain, parents }: CommitWindow): ReadonlyMap<string, number> {
  const introduced = new Map<string, number>();
  for (let at = chain.length - 1; at >= 0; at--) {
    const open = [chain[at] as string];
    for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
      const above = parents.get(hash);
      if (above === undefined || introduced.has(hash)) continue;
      introduced.set(hash, at);
      open.push(...above);
    }
  }
  return introduced;
}

/** The smallest depth with at least `wanted` tasks above it; undefined when there are fewer. */
export function depthFor(tasks: readonly PlacedTask[], wanted: number): number | undefined {
  const depths = tasks.map((task) => task.depth).sort((a, b) => a - b);
  return depths[wanted - 1];
}

/** The tasks after a base at `depth` whose files are all there at the base: `wanted` of them, those nearest to the base. */
export function tasksAt(
  tasks: readonly PlacedTask[],
  depth: number,
  files: ReadonlySet<FilePath>,
  wanted: number,
): readonly CommitTask[] {
  return tasks
    .filter((task) => task.depth <= depth && task.expected.every((path) => files.has(path)))
    .slice(0, wanted)
    .map(({ depth: _, ...task }) => task);
}
