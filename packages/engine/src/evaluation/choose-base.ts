/**
 * Finds the newest commit that enough telling commits come after: widens its look at the past until there are enough, or the
 * past is over. Must not know git's commands; `past` reads for it.
 */
import type { FilePath } from '../model/file.ts';
import type { Commit } from '../ports/history.ts';
import { type CommitTask, depthFor, type PlacedTask, placeTasks, tasksAt, toTask } from './mine-commits.ts';

export interface PastFile {
  readonly path: FilePath;
  readonly blob: string;
}

/** What is read of the past. */
export interface Past {
  /** HEAD and its first parents, newest first. */
  firstParents(limit: number): Promise<readonly string[]>;
  parentsSince(until: string, limit: number): Promise<ReadonlyMap<string, readonly string[]> | undefined>;
  /** Commits with the paths they modified, newest first, without merges. */
  modifiedSince(until: string, limit: number): AsyncIterable<Commit>;
  tree(commit: string): Promise<readonly PastFile[]>;
}

export interface Choice {
  readonly hash: string;
  /** First-parent steps behind HEAD. */
  readonly depth: number;
  readonly tasks: readonly CommitTask[];
  /** Every file at the commit. */
  readonly files: readonly PastFile[];
}

/** First parents and commits that are looked at, however old the repository is. */
const MAX_DEPTH = 20_000;
const MAX_COMMITS = 40_000;
const WIDEN = 3;
/** Depths that are tried when each takes away tasks as well as it adds them. */
const ROUNDS = 6;
const SPREAD = 12;

/** The choice with at least `wanted` tasks, else the one with most; undefined where there is no past at all. */
export async function chooseBase(
  past: Past,
  wanted: number,
  onProgress: (commits: number) => void = () => {},
): Promise<Choice | undefined> {
  const chain = await past.firstParents(MAX_DEPTH);
  const last = chain.length - 1;
  if (last < 1) return undefined;
  for (let depth = Math.min(last, wanted); ; depth = Math.min(last, depth * WIDEN)) {
    const placed = await readWindow(past, chain.slice(0, depth + 1), onProgress);
    const choice = await bestChoice(past, chain, placed, wanted, depth === last);
    if (depth === last || (choice !== undefined && choice.tasks.length >= wanted)) return choice;
  }
}

async function readWindow(
  past: Past,
  chain: readonly string[],
  onProgress: (commits: number) => void,
): Promise<readonly PlacedTask[]> {
  const until = chain.at(-1) as string;
  const parents = (await past.parentsSince(until, MAX_COMMITS)) ?? new Map<string, readonly string[]>();
  const tasks: CommitTask[] = [];
  let read = 0;
  for await (const commit of past.modifiedSince(until, MAX_COMMITS)) {
    const task = toTask(commit);
    if (task !== undefined) tasks.push(task);
    if (++read % 100 === 0) onProgress(read);
  }
  return placeTasks(tasks, { chain, parents });
}

/** Further back there are more commits to ask about, and fewer of the files that they changed: several depths are tried. */
async function bestChoice(
  past: Past,
  chain: readonly string[],
  placed: readonly PlacedTask[],
  wanted: number,
  isWhole: boolean,
): Promise<Choice | undefined> {
  let best: Choice | undefined;
  const tried = new Set<number>();
  const attempt = async (depth: number | undefined): Promise<Choice | undefined> => {
    const hash = depth === undefined ? undefined : chain[depth];
    if (depth === undefined || hash === undefined || tried.has(depth)) return best;
    tried.add(depth);
    const files = await past.tree(hash);
    const tasks = tasksAt(placed, depth, new Set(files.map((file) => file.path)), wanted);
    const more = tasks.length - (best?.tasks.length ?? 0);
    if (best === undefined || more > 0 || (more === 0 && depth < best.depth))
      best = { hash, depth, tasks, files };
    return best;
  };
  const isEnough = () => best !== undefined && best.tasks.length >= wanted;

  let target = wanted;
  for (let round = 0; round < ROUNDS && target <= placed.length && !isEnough(); round++) {
    const found = (await attempt(depthFor(placed, target)))?.tasks.length ?? 0;
    target += Math.max(wanted - found, Math.ceil(wanted / 10));
  }
  if (isWhole && !isEnough()) {
    for (let i = 1; i <= SPREAD; i++)
      await attempt(depthFor(placed, Math.ceil((placed.length * i) / SPREAD)));
  }
  return best;
}
