/** Where a root stands: its HEAD, its folder in the repository, and whether older commits were left out of the clone. One call of git. */
import { type GitOptions, readGit } from './run-git.ts';

export interface GitPlace {
  readonly head: string;
  /** Folder of the root in the repository, with a slash at its end, or nothing. */
  readonly prefix: string;
  readonly isShallow: boolean;
}

const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const ASKED = ['--is-shallow-repository', '--show-prefix', 'HEAD^{commit}'];

/** undefined outside a repository, without git, and before the first commit. @throws ConexusError cancelled */
export async function readGitPlace(options: GitOptions): Promise<GitPlace | undefined> {
  const lines = (await readGit('rev-parse', ASKED, options))?.split('\n');
  const [shallow, prefix = '', head = ''] = lines ?? [];
  // More lines: a line break in a path.
  return lines?.length === 4 && HASH.test(head) ? { head, prefix, isShallow: shallow === 'true' } : undefined;
}
