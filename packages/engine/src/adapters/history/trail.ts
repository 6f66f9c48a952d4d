/**
 * A trail is one path from one commit back: `rev-list` names the commits that changed it, with the merges that took neither side
 * as it was. Lines wander along it to the commit that brought them. Where it begins, the file may have had another name: git's
 * own search for renames says which, and another trail starts there.
 */
import type { FilePath } from '../../model/file.ts';
import { parseCommit } from './commit-object.ts';
import { matchLines } from './line-diff.ts';
import type { ObjectSession } from './object-session.ts';
import { findRename } from './renames.ts';
import { type GitOptions, streamGit } from './run-git.ts';
import { type Findings, keptBy, type Lines } from './tracked-lines.ts';
import type { Version, Versions } from './versions.ts';

export interface Trail {
  readonly start: string;
  /** Relative to the root. */
  readonly path: FilePath;
  lines: Lines[];
}

/** What the trails of one question share. */
export interface Walk {
  readonly session: ObjectSession;
  readonly options: GitOptions;
  readonly versions: Versions;
  readonly found: Findings;
  /** Those still to follow. */
  readonly trails: Trail[];
  /** The bound on work is reached. */
  isSpent(): boolean;
  leftMs(): number;
}

interface Step {
  readonly commit: string;
  readonly path: FilePath;
  readonly parents: readonly string[];
  readonly lines: readonly Lines[];
}

const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

export async function followTrail(walk: Walk, trail: Trail): Promise<void> {
  const { path } = trail;
  const parentsOf = new Map<string, readonly string[]>();
  /** Lines by the commit that they have come to. */
  const pending = new Map<string, Lines[]>();
  let hasBegun = false;
  let isWhole = false;
  const log = revisions(trail, { ...walk.options, timeoutMs: walk.leftMs() });
  const pass = (commit: string, lines: readonly Lines[]) =>
    pending.set(commit, [...(pending.get(commit) ?? []), ...lines]);
  try {
    while (!(hasBegun && pending.size === 0) && !walk.isSpent()) {
      const next = await log.next();
      if (next.done) {
        isWhole = next.value;
        break;
      }
      for (const [commit = '', ...parents] of next.value) {
        parentsOf.set(commit, parents);
        // The first that git names is where the path last changed.
        if (!hasBegun) pending.set(commit, trail.lines);
        hasBegun = true;
      }
      // Parents come after their children, except where clocks were wrong: then lines wait for them.
      for (const commit of readyOnes(pending, parentsOf)) {
        if (walk.isSpent()) break;
        const lines = pending.get(commit) as Lines[];
        pending.delete(commit);
        await takeStep(walk, { commit, path, parents: parentsOf.get(commit) ?? [], lines }, pass);
      }
    }
  } finally {
    await log.return(false);
  }
  const reason = isWhole ? 'unreadable' : 'limit';
  if (!hasBegun) walk.found.unknown(reason, trail.lines);
  for (const lines of pending.values()) walk.found.unknown(reason, lines);
}

function* readyOnes(
  pending: ReadonlyMap<string, unknown>,
  known: ReadonlyMap<string, unknown>,
): Generator<string> {
  for (;;) {
    const ready = [...pending.keys()].find((commit) => known.has(commit));
    if (ready === undefined) return;
    yield ready;
  }
}

/** Gives the lines to the parents that have them; the rest the commit has brought. */
async function takeStep(
  walk: Walk,
  step: Step,
  pass: (commit: string, lines: readonly Lines[]) => void,
): Promise<void> {
  const { versions, found } = walk;
  const { commit, path, parents, lines } = step;
  versions.count();
  const [own, ...olds] = await versions.read([commit, ...parents].map((hash) => ({ commit: hash, path })));
  if (!own?.text) {
    found.unknown(own ? 'too_large' : 'unreadable', lines);
    return;
  }
  const sources = parents.flatMap((parent, i): Source[] => {
    const version = olds[i];
    return version ? [{ version, give: (passed) => pass(parent, passed) }] : [];
  });
  // A parent that has the file as it is explains all of it.
  const isKept = (list: readonly Source[]) => list.some(({ version }) => version.hash === own.hash);
  const past = isKept(sources) ? NO_PAST : await formerNames(walk, step, sources.length === 0);
  const all = [...sources, ...past.sources];
  const same = all.find(({ version }) => version.hash === own.hash);
  if (same) {
    same.give(lines);
    return;
  }
  let left = lines;
  for (const { version, give } of all) {
    if (left.length === 0) break;
    if (!version.text) {
      found.unknown('too_large', left);
      return;
    }
    const kept = keptBy(left, matchLines(version.text, own.text));
    left = kept.left;
    if (kept.passed.length > 0) give(kept.passed);
  }
  found.origin(commit, path, left, past.isBoundary);
}

/** A parent's version of the file, and what becomes of lines that it has. */
interface Source {
  readonly version: Version;
  give(lines: readonly Lines[]): void;
}

const NO_PAST = { sources: [], isBoundary: false };

/** Versions under other names in those parents that lack the path; git leaves these parents out of the trail. */
async function formerNames(
  { session, versions, options, trails }: Walk,
  { commit, path }: Step,
  isNew: boolean,
): Promise<{ readonly sources: readonly Source[]; readonly isBoundary: boolean }> {
  const [object] = await session.read([commit]);
  const parents = object?.bytes ? parseCommit(object.bytes).parents : [];
  if (!isNew && parents.length < 2) return NO_PAST;
  const known = await session.read(parents);
  const there = await versions.read(parents.map((parent) => ({ commit: parent, path })));
  const sources: Source[] = [];
  for (const [i, parent] of parents.entries()) {
    if (known[i] === undefined || there[i] !== undefined) continue;
    const before = await findRename({ parent, commit, path, prefix: versions.prefix }, options);
    if (before === undefined) continue;
    const [version] = await versions.read([{ commit: parent, path: before }]);
    const give = (lines: readonly Lines[]) =>
      addTrail(trails, { start: parent, path: before, lines: [...lines] });
    if (version) sources.push({ version, give });
  }
  return { sources, isBoundary: parents.length > 0 && known.every((one) => one === undefined) };
}

function addTrail(trails: Trail[], trail: Trail): void {
  const same = trails.find(({ start, path }) => start === trail.start && path === trail.path);
  if (same) same.lines = [...same.lines, ...trail.lines];
  else if (trail.lines.length > 0) trails.push(trail);
}

/** `commit parent…` of each commit that changed the path, newest first; parents are the next of these. */
async function* revisions(
  { start, path }: Trail,
  options: GitOptions,
): AsyncGenerator<readonly (readonly string[])[], boolean, undefined> {
  const output = streamGit('rev-list', ['--parents', start, '--', path], options);
  let rest = '';
  try {
    for (;;) {
      const next = await output.next();
      if (next.done) return next.value;
      const lines = (rest + next.value.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      yield lines
        .map((line) => line.split(' ').filter((hash) => HASH.test(hash)))
        .filter((row) => row.length > 0);
    }
  } finally {
    await output.return(false);
  }
}
