/** The former name of a file that a commit brought: git's own search over two trees, by content, exact or half alike. */
import type { FilePath } from '../../model/file.ts';
import { isOrdinaryPath } from './log-format.ts';
import { type GitOptions, readGit } from './run-git.ts';

/** Files added and removed by one commit, beyond which only exact copies are matched. */
const MAX_PAIRS = 1_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface RenameQuestion {
  readonly parent: string;
  readonly commit: string;
  /** In `commit`, relative to the root. */
  readonly path: FilePath;
  /** Folder of the root in the repository, with a slash at its end, or nothing. */
  readonly prefix: string;
}

/** Relative to the root; undefined where the file is new, or came from outside the root. */
export async function findRename(
  { parent, commit, path, prefix }: RenameQuestion,
  options: GitOptions,
): Promise<FilePath | undefined> {
  const flags = [
    '-r',
    '-z',
    '--raw',
    '--no-abbrev',
    '--find-renames=50%',
    `-l${MAX_PAIRS}`,
    '--diff-filter=R',
  ];
  const plain = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-relative'];
  const args = [...flags, ...plain, parent, commit, '--'];
  const text = await readGit('diff-tree', args, { ...options, maxBytes: MAX_OUTPUT_BYTES });
  // `:mode mode hash hash R100`, from, to: each ended by NUL.
  const fields = text?.split('\0') ?? [];
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [from = '', to] = [fields[i + 1], fields[i + 2]];
    if (to !== `${prefix}${path}` || !from.startsWith(prefix)) continue;
    const before = from.slice(prefix.length);
    return isOrdinaryPath(before) ? before : undefined;
  }
  return undefined;
}
