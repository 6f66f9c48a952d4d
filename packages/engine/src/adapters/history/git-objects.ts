/**
 * Commits as a graph, and the tree and bytes of one commit: object-level plumbing only, so no filter, hook or attribute of the
 * repository runs and nothing is written. Must not know what the bytes are for.
 */
import type { FilePath } from '../../model/file.ts';
import { createByteQueue } from './byte-queue.ts';
import { isOrdinaryPath } from './log-format.ts';
import type { GitOptions } from './run-git.ts';
import { readGit, streamGit } from './run-git.ts';

export interface GitObjects {
  /** HEAD and what is known of the clone; undefined outside a repository, without git, or before the first commit. */
  repository(): Promise<{ readonly head: string; readonly shallow: boolean } | undefined>;
  /** When and with what subject a commit was made; nothing where it is not in this clone. */
  describe(commit: string): Promise<{ readonly time: number; readonly subject: string }>;
  /** HEAD and its first parents, newest first. */
  firstParents(limit: number): Promise<readonly string[]>;
  /** Parents of every commit that HEAD reaches and `until` does not; undefined when git cannot say. */
  parentsSince(until: string, limit: number): Promise<ReadonlyMap<string, readonly string[]> | undefined>;
  /** Regular files of the root's folder at a commit; undefined when there are more than `limit` or git cannot say. */
  tree(commit: string, limit: number): Promise<readonly TreeFile[] | undefined>;
  /** Sizes of blobs; those that this clone lacks are left out. */
  sizes(blobs: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Bytes of blobs in the order asked; those that this clone lacks are left out. Ends early when git fails. */
  blobs(blobs: readonly string[]): AsyncIterable<GitBlob>;
}

export interface TreeFile {
  /** Relative to the root. */
  readonly path: FilePath;
  readonly blob: string;
}

export interface GitBlob {
  readonly blob: string;
  readonly bytes: Uint8Array;
}

const STATE_TIMEOUT_MS = 5_000;
const LIST_TIMEOUT_MS = 60_000;
const BYTES_TIMEOUT_MS = 600_000;
const MAX_LIST_BYTES = 512 * 1024 * 1024;
const MAX_BLOB_BYTES = 16 * 1024 * 1024 * 1024;
/** Longer than any line before a blob's bytes. */
const MAX_HEADER = 200;
const MAX_SUBJECT = 500;
const HASH_LINE = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** `root` is an absolute real path; it may be a subfolder of a repository. */
export function openGitObjects(root: string, signal?: AbortSignal): GitObjects {
  const list: GitOptions = { root, timeoutMs: LIST_TIMEOUT_MS, maxBytes: MAX_LIST_BYTES, signal };
  return {
    repository: () => readRepository({ ...list, timeoutMs: STATE_TIMEOUT_MS }),
    describe: (commit) => describeCommit(commit, { ...list, timeoutMs: STATE_TIMEOUT_MS }),
    firstParents: async (limit) =>
      hashLines(await readGit('rev-list', ['--first-parent', `--max-count=${limit}`, 'HEAD', '--'], list)),
    parentsSince: (until, limit) => readParents(until, limit, list),
    tree: (commit, limit) => readTree(commit, limit, list),
    sizes: (blobs) => readSizes(blobs, list),
    blobs: (blobs) =>
      parseBlobs(
        streamGit('cat-file', ['--batch'], {
          ...list,
          timeoutMs: BYTES_TIMEOUT_MS,
          maxBytes: MAX_BLOB_BYTES,
          input: lines(blobs),
        }),
      ),
  };
}

async function readRepository(options: GitOptions) {
  const [shallow, head] = await Promise.all([
    readGit('rev-parse', ['--is-shallow-repository'], options),
    readGit('rev-parse', ['--verify', '--quiet', 'HEAD^{commit}'], options),
  ]);
  const hash = hashLines(head)[0];
  return hash === undefined ? undefined : { head: hash, shallow: shallow?.trim() === 'true' };
}

async function describeCommit(commit: string, options: GitOptions) {
  const args = [
    '--max-count=1',
    '--format=tformat:%ct%x00%s%x00',
    '--no-color',
    '--encoding=UTF-8',
    commit,
    '--',
  ];
  const text = HASH_LINE.test(commit) ? await readGit('log', args, options) : undefined;
  const [time = '', subject = ''] = text?.split('\0') ?? [];
  return { time: Number(time), subject: subject.slice(0, MAX_SUBJECT) };
}

async function readParents(until: string, limit: number, options: GitOptions) {
  if (!HASH_LINE.test(until)) return undefined;
  const args = ['--parents', `--max-count=${limit}`, 'HEAD', `^${until}`, '--'];
  const text = await readGit('rev-list', args, options);
  if (text === undefined) return undefined;
  const parents = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [commit, ...rest] = line.split(' ');
    if (commit) parents.set(commit, rest);
  }
  return parents;
}

async function readTree(
  commit: string,
  limit: number,
  options: GitOptions,
): Promise<readonly TreeFile[] | undefined> {
  if (!HASH_LINE.test(commit)) return undefined;
  const text = await readGit('ls-tree', ['-r', '-z', commit], options);
  if (text === undefined) return undefined;
  const files: TreeFile[] = [];
  for (const entry of text.split('\0')) {
    // Links and submodules are no files: 120000 and 160000.
    const match = /^100\d{3} blob ([0-9a-f]{40,64})\t/.exec(entry);
    const path = match === null ? '' : entry.slice(match[0].length);
    if (match?.[1] === undefined || !isOrdinaryPath(path)) continue;
    if (files.length >= limit) return undefined;
    files.push({ path, blob: match[1] });
  }
  return files;
}

async function readSizes(blobs: readonly string[], options: GitOptions): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  const text = await readGit('cat-file', ['--batch-check'], { ...options, input: lines(blobs) });
  for (const line of text?.split('\n') ?? []) {
    const [blob, type, size] = line.split(' ');
    if (blob !== undefined && type === 'blob') sizes.set(blob, Number(size));
  }
  return sizes;
}

/** `<hash> blob <size>\n<bytes>\n` for each; `<hash> missing\n` for what the clone lacks. */
async function* parseBlobs(output: AsyncGenerator<Buffer, boolean, undefined>): AsyncGenerator<GitBlob> {
  const pending = createByteQueue();
  let due: { readonly blob: string; readonly size: number } | undefined;
  for await (const chunk of output) {
    pending.push(chunk);
    for (;;) {
      if (due === undefined) {
        const header = pending.line(MAX_HEADER);
        if (header === undefined) break;
        const [blob = '', type, size] = header.split(' ');
        if (type === 'blob') due = { blob, size: Number(size) };
      } else {
        const bytes = pending.take(due.size + 1);
        if (bytes === undefined) break;
        yield { blob: due.blob, bytes: bytes.subarray(0, due.size) };
        due = undefined;
      }
    }
  }
}

const lines = (hashes: readonly string[]) =>
  hashes
    .filter((hash) => HASH_LINE.test(hash))
    .map((hash) => `${hash}\n`)
    .join('');

const hashLines = (text: string | undefined): string[] =>
  (text ?? '').split('\n').filter((line) => HASH_LINE.test(line));
