/**
 * `conexus eval` composed: chooses the adapters that read the past of a repository, copies the code as it was into a folder of
 * our own, and asks an engine opened on that copy. Reads git objects only; writes nothing into the repository.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openGitHistory } from './adapters/history/git-history.ts';
import { type GitObjects, openGitObjects } from './adapters/history/git-objects.ts';
import { type WrittenTree, writeTree } from './adapters/history/write-tree.ts';
import { openRoot } from './adapters/sources/resolve-inside.ts';
import { openScratch, type ScratchFolder } from './adapters/stores/scratch-folder.ts';
import { type Asked, askAll, leadOf, scoreTasks, stopIfAborted, systemResult } from './evaluation/ask.ts';
import { type Choice, chooseBase, type Past } from './evaluation/choose-base.ts';
import type { EvaluationOptions, EvaluationReport } from './evaluation/report.ts';
import { counted } from './model/counted.ts';
import { ConexusError } from './model/errors.ts';
import { DEFAULT_MAX_FILE_BYTES } from './model/skip-rules.ts';
import { openEngineWith } from './open-engine.ts';
import type { ComposedWorkspace } from './workspace/workspace.ts';

const DEFAULT_COMMITS = 100;
/** Fewer tasks than this say nothing. */
const MIN_COMMITS = 10;
/** Below this the intervals are so wide that a note says so. */
const FEW_COMMITS = 30;
/** With more of the base's files out of reach, misses would say something about the clone and not about the answers. */
const MAX_MISSING_SHARE = 0.1;
const MAX_TREE_FILES = 500_000;
const MAX_TREE_BYTES = 8 * 2 ** 30;

/**
 * Measures how well tasks are located on the user's own code: past commits as questions, the files they changed as answers,
 * the code and the history as they were before them.
 * @throws ConexusError no_history, root_missing, root_not_directory, root_unreadable, invalid_argument, store_full,
 * store_unwritable, cancelled
 */
export async function evaluateHistory(options: EvaluationOptions): Promise<EvaluationReport> {
  const root = openRoot(options.root);
  const objects = openGitObjects(root, options.signal);
  const started = performance.now();
  const repository = await objects.repository();
  if (repository === undefined) throw notARepository(root);
  const wanted = options.commits ?? DEFAULT_COMMITS;
  const past = openPast(root, objects, options.signal);
  const choice = await chooseBase(past, wanted, (done) => options.onProgress?.({ step: 'mining', done }));
  if (choice === undefined || choice.tasks.length < MIN_COMMITS) {
    throw tooFew(choice?.tasks.length ?? 0, repository.shallow);
  }
  const base = { hash: choice.hash, behind: choice.depth, ...(await objects.describe(choice.hash)) };
  const mining = performance.now() - started;
  const scratch = openScratch(options.home);
  try {
    const measured = await measure(scratch, root, objects, choice, options);
    return report({ root, ...repository, base, wanted, mining, choice, ...measured });
  } finally {
    scratch.remove();
  }
}

function openPast(root: string, objects: GitObjects, signal: AbortSignal | undefined): Past {
  const history = openGitHistory(root, { modifiedOnly: true });
  return {
    firstParents: (limit) => objects.firstParents(limit),
    parentsSince: (until, limit) => objects.parentsSince(until, limit),
    modifiedSince: (until, limit) =>
      history.commits({ limit, until, ...(signal === undefined ? {} : { signal }) }),
    async tree(commit) {
      const files = await objects.tree(commit, MAX_TREE_FILES);
      if (files !== undefined) return files;
      throw new ConexusError(
        'no_history',
        `The files of commit ${commit.slice(0, 10)} cannot be listed: they are not in this clone, or there are more than ${MAX_TREE_FILES}.`,
        'Use a full clone, or evaluate one of its folders with --root.',
      );
    },
  };
}

interface Measured {
  readonly written: WrittenTree;
  readonly asked: Asked;
  readonly indexed: ReadonlySet<string>;
  readonly pastCommits: number;
  readonly ms: { readonly copying: number; readonly indexing: number; readonly asking: number };
}

async function measure(
  scratch: ScratchFolder,
  root: string,
  objects: GitObjects,
  choice: Choice,
  options: EvaluationOptions,
): Promise<Measured> {
  const { onProgress, signal } = options;
  const started = performance.now();
  const tree = makeTreeFolder(scratch);
  const maxFileBytes = options.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES;
  const written = await writeTree(objects, choice.files, tree, {
    maxFileBytes,
    maxBytes: MAX_TREE_BYTES,
    onProgress: (done, total) => onProgress?.({ step: 'copying', done, total }),
  });
  stopIfAborted(signal);
  if (written.missing > MAX_MISSING_SHARE * (written.files + written.missing))
    throw partialClone(written, choice.hash);
  const copied = performance.now();
  const engine = await openEngineWith(
    {
      home: join(scratch.path, 'home'),
      maxFileBytes,
      ...(options.workers === undefined ? {} : { workers: options.workers }),
    },
    // The copy has no history of its own: it is that of the repository, up to the commit that was copied.
    { history: () => openGitHistory(root, { head: choice.hash }) },
  );
  try {
    const workspace = (await engine.openWorkspace(tree)) as ComposedWorkspace;
    await workspace.index({
      ...(signal === undefined ? {} : { signal }),
      onProgress: (index) => onProgress?.({ step: 'indexing', index }),
    });
    const unlearned = options.ablate ? await scoreTasks(workspace, choice.tasks, signal) : undefined;
    const learned = await workspace.adapt(signal === undefined ? {} : { signal });
    stopIfAborted(signal);
    const indexed = performance.now();
    const asked = await askAll(workspace, choice.tasks, {
      ablate: options.ablate === true,
      unlearned: learned ? unlearned : undefined,
      signal,
      onProgress: (done, total) => onProgress?.({ step: 'asking', done, total }),
    });
    const files = await workspace.files({ limit: Number.MAX_SAFE_INTEGER });
    const { history } = await workspace.status();
    return {
      written,
      asked,
      indexed: new Set(files.map((file) => file.path)),
      pastCommits: history.commits,
      ms: { copying: copied - started, indexing: indexed - copied, asking: performance.now() - indexed },
    };
  } finally {
    await engine.close();
  }
}

/** The mark of a repository's top: ignore files above, say of a home folder under version control, have no say in it. */
function makeTreeFolder(scratch: ScratchFolder): string {
  const tree = join(scratch.path, 'tree');
  mkdirSync(join(tree, '.git'), { recursive: true, mode: 0o700 });
  writeFileSync(join(tree, '.git', 'HEAD'), 'ref: refs/heads/none\n');
  return tree;
}

interface ReportParts extends Measured {
  readonly root: string;
  readonly head: string;
  readonly shallow: boolean;
  readonly base: EvaluationReport['base'];
  readonly wanted: number;
  readonly mining: number;
  readonly choice: Choice;
}

function report(parts: ReportParts): EvaluationReport {
  const { asked, written, indexed } = parts;
  const { tasks } = asked;
  const expected = [...new Set(tasks.flatMap((task) => task.expected))];
  const notIndexed = expected.filter((path) => !indexed.has(path)).sort();
  const times = [...asked.times].sort((a, b) => a - b);
  const timeAt = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    format: 1,
    root: parts.root,
    head: parts.head,
    base: parts.base,
    shallow: parts.shallow,
    commitsWanted: parts.wanted,
    tasks,
    namedTasks: tasks.filter((task) => task.namesFile).length,
    files: {
      indexed: indexed.size,
      source: asked.sourceFiles,
      copied: written.files,
      missing: written.missing,
    },
    notIndexed,
    pastCommits: parts.pastCommits,
    systems: [systemResult('conexus', tasks), systemResult('bm25-lines', tasks)],
    lead: leadOf(tasks),
    ablations: asked.ablations,
    notes: notesOf(parts, notIndexed.length),
    ms: { mining: parts.mining, ...parts.ms, taskP50: timeAt(0.5), taskP95: timeAt(0.95) },
  };
}

function notesOf(
  { asked, wanted, shallow, written, pastCommits }: ReportParts,
  notIndexed: number,
): string[] {
  const count = asked.tasks.length;
  const notes: string[] = [];
  if (count < wanted) notes.push(`Only ${counted(count, 'commit')} could be used, of the ${wanted} wanted.`);
  if (count < FEW_COMMITS)
    notes.push(`With ${counted(count, 'task')} the intervals are wide: read them, not the means.`);
  if (shallow) notes.push('This is a shallow clone: older commits are missing, as questions and as history.');
  if (pastCommits === 0)
    notes.push('No commit before the base could be read, so history did not help to rank.');
  if (written.missing > 0)
    notes.push(`${counted(written.missing, 'file')} of the base commit could not be copied, so not indexed.`);
  if (notIndexed > 0)
    notes.push(
      `${counted(notIndexed, 'expected file')} not in the index (too large, minified or ignored): always a miss.`,
    );
  return notes;
}

function notARepository(root: string): ConexusError {
  return new ConexusError(
    'no_history',
    `${root} is not in a git repository with commits, or git is not installed.`,
    'Give a folder of a git repository with --root; git must be on the PATH.',
  );
}

function partialClone({ files, missing }: WrittenTree, commit: string): ConexusError {
  return new ConexusError(
    'no_history',
    `${missing} of the ${counted(files + missing, 'file')} of commit ${commit.slice(0, 10)} ${missing === 1 ? 'is' : 'are'} not in this clone, which is a partial one or damaged.`,
    'Run this on a full clone; Conexus never fetches.',
  );
}

function tooFew(found: number, shallow: boolean): ConexusError {
  return new ConexusError(
    'no_history',
    `${found === 0 ? 'No commit' : `Only ${counted(found, 'commit')}`} of this history can be asked about; ${MIN_COMMITS} are the least. Counted are commits with a message of three words or more that modify one to five source files.`,
    shallow
      ? 'This is a shallow clone: fetch the rest with "git fetch --unshallow" and run this again.'
      : 'Run this on a repository with more history.',
  );
}
