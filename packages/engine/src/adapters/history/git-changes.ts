/**
 * What differs between a commit and the working tree: trees and blobs by object-level git, the working tree through what the caller
 * reads, lines by our own diff. `git diff` is never run: it would obey the configuration and attributes of the repository.
 */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConexusError } from '../../model/errors.ts';
import type { FilePath } from '../../model/file.ts';
import type { Changes, ChangesRequest, ChangesSince, FileChange, Hunk } from '../../ports/changes.ts';
import { type GitObjects, openGitObjects, type TreeFile } from './git-objects.ts';
import { type LineMatch, lineText, matchLines } from './line-diff.ts';
import { findGit, type GitOptions, readGit } from './run-git.ts';

const TIMEOUT_MS = 10_000;
const MAX_OUTPUT = 64 * 1024;
const MAX_TREE_FILES = 500_000;
/** Of one file, on either side; longer ones are no source that somebody wrote line by line. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Files between two turns of the event loop. */
const BATCH = 64;

/** `root` is an absolute real path; it may be a subfolder of a repository. */
export function openGitChanges(root: string): Changes {
  return {
    async since(request) {
      const options = { root, timeoutMs: TIMEOUT_MS, maxBytes: MAX_OUTPUT, signal: request.signal };
      const commit = await baseCommit(request.revision, options);
      const objects = openGitObjects(root, request.signal);
      const { subject } = await objects.describe(commit);
      const tree = await objects.tree(commit, MAX_TREE_FILES);
      if (tree === undefined)
        throw new ConexusError(
          'no_history',
          `The files of commit ${commit.slice(0, 12)} cannot be listed.`,
          'The clone may be partial, or git may have been too slow: fetch the commit, or try again.',
        );
      return { commit, subject, ...(await compare(objects, tree, request)) };
    },
  };
}

/** Names of commits, with steps back. No `:` (a path or a search), no leading `-` (an option), no `/` inside braces (a search). */
const REVISION = /^(?!-)(?!.*\.\.)[\w.@/#+-][\w.@/#+~^{}-]{0,199}$/;

async function baseCommit(revision: string, options: GitOptions): Promise<string> {
  if (!REVISION.test(revision) || /\{[^}]*\//.test(revision)) throw unknownRevision(revision);
  if (findGit() === undefined)
    throw new ConexusError(
      'no_history',
      'git is not installed, so there is nothing to compare with.',
      'Install git, or name a symbol or a file instead.',
    );
  const head = await commitOf('HEAD', options);
  if (head === undefined)
    throw new ConexusError(
      'no_history',
      'There is no git commit here to compare with.',
      'Run it inside a git repository with a commit, or name a symbol or a file instead.',
    );
  const commit = await commitOf(revision, options);
  const shallow = (await readGit('rev-parse', ['--is-shallow-repository'], options))?.trim() === 'true';
  if (commit === undefined) throw unknownRevision(revision, shallow);
  const base = (await readGit('merge-base', [head, commit], options))?.trim() ?? '';
  if (/^[0-9a-f]{40,64}$/.test(base)) return base;
  throw new ConexusError(
    'no_history',
    `HEAD and ${revision} have no commit in common here.`,
    shallow
      ? 'This clone is shallow: fetch more of the history (git fetch --unshallow), or compare with HEAD.'
      : 'Compare with a commit that HEAD has behind it.',
  );
}

async function commitOf(revision: string, options: GitOptions): Promise<string | undefined> {
  const text = await readGit('rev-parse', ['--verify', '--quiet', `${revision}^{commit}`], options);
  const hash = text?.trim() ?? '';
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(hash) ? hash : undefined;
}

function unknownRevision(revision: string, shallow = false): ConexusError {
  return new ConexusError(
    'invalid_argument',
    `"${revision.slice(0, 80)}" names no commit of this repository.`,
    shallow
      ? 'This clone is shallow and may lack it: fetch more of the history (git fetch --unshallow), or give HEAD.'
      : 'Give a commit, a branch or a tag, e.g. HEAD, main or HEAD~3.',
  );
}

async function compare(
  objects: GitObjects,
  tree: readonly TreeFile[],
  { paths, read, counts, signal }: ChangesRequest,
): Promise<Pick<ChangesSince, 'files' | 'uncompared'>> {
  const blobs = new Map(tree.map(({ path, blob }) => [path, blob]));
  const algorithm = tree[0]?.blob.length === 64 ? 'sha256' : 'sha1';
  const present = new Set(paths);
  const added: { readonly path: FilePath; readonly blob: string }[] = [];
  const changed: { readonly path: FilePath; readonly blob: string }[] = [];
  let count = 0;
  for (const path of paths) {
    if (++count % BATCH === 0) await nextTurn();
    signal?.throwIfAborted();
    const bytes = read(path);
    if (bytes === undefined) continue;
    const blob = blobOf(bytes, algorithm);
    const before = blobs.get(path);
    if (before === undefined) added.push({ path, blob });
    else if (before !== blob) changed.push({ path, blob: before });
  }
  const gone = tree.filter(({ path }) => !present.has(path) && counts(path));
  return describe(objects, { added, changed, gone }, read);
}

/** As git names the bytes of a file. */
function blobOf(bytes: Uint8Array, algorithm: string): string {
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

interface Differing {
  readonly added: readonly TreeFile[];
  readonly changed: readonly TreeFile[];
  readonly gone: readonly TreeFile[];
}

async function describe(
  objects: GitObjects,
  { added, changed, gone }: Differing,
  read: ChangesRequest['read'],
): Promise<Pick<ChangesSince, 'files' | 'uncompared'>> {
  const before = new Map<string, Uint8Array>();
  const wanted = [...new Set([...changed, ...gone].map(({ blob }) => blob))];
  const sizes = await objects.sizes(wanted);
  const readable = wanted.filter((blob) => (sizes.get(blob) ?? Number.POSITIVE_INFINITY) <= MAX_BYTES);
  for await (const { blob, bytes } of objects.blobs(readable)) before.set(blob, bytes);

  const files: FileChange[] = [];
  const uncompared: FilePath[] = [];
  const moved = new Set<FilePath>();
  const goneBlobs = new Map(gone.map(({ blob, path }) => [blob, path]));
  for (const { path, blob } of added) {
    const from = goneBlobs.get(blob);
    if (from !== undefined) moved.add(from);
    const bytes = read(path);
    const lines = bytes === undefined ? 0 : lineText(Buffer.from(bytes)).count;
    files.push(
      from === undefined
        ? { path, change: 'added', hunks: [{ oldStart: 1, oldCount: 0, newStart: 1, newCount: lines }] }
        : { path, change: 'moved', from, hunks: [] },
    );
  }
  for (const { path, blob } of changed) {
    const old = before.get(blob);
    const now = read(path);
    if (old === undefined || now === undefined || now.length > MAX_BYTES) uncompared.push(path);
    else {
      const hunks = hunksOf(old, now);
      if (hunks.length > 0) files.push({ path, change: 'changed', old, hunks });
    }
  }
  for (const { path, blob } of gone) {
    const old = before.get(blob);
    if (moved.has(path)) continue;
    const lines = old === undefined ? 0 : lineText(Buffer.from(old)).count;
    files.push({
      path,
      change: 'deleted',
      ...(old !== undefined && { old }),
      hunks: [{ oldStart: 1, oldCount: lines, newStart: 1, newCount: 0 }],
    });
  }
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), uncompared };
}

/** Line ends of another system are no change. */
function hunksOf(old: Uint8Array, now: Uint8Array): readonly Hunk[] {
  const [a, b] = [lineText(unixEnds(old)), lineText(unixEnds(now))];
  const end: LineMatch = { a: a.count, b: b.count, count: 0 };
  const hunks: Hunk[] = [];
  let [atA, atB] = [0, 0];
  for (const match of [...matchLines(a, b), end]) {
    const [oldCount, newCount] = [match.a - atA, match.b - atB];
    if (oldCount > 0 || newCount > 0)
      hunks.push({ oldStart: atA + 1, oldCount, newStart: atB + 1, newCount });
    atA = match.a + match.count;
    atB = match.b + match.count;
  }
  return hunks;
}

function unixEnds(bytes: Uint8Array): Buffer {
  const buffer = Buffer.from(bytes);
  return buffer.includes('\r\n')
    ? Buffer.from(buffer.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    : buffer;
}
