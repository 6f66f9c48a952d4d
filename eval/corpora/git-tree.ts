// A working tree at one commit, made from a mirror without copying its objects.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Nothing of the machine's git configuration, no hooks, no filters: the same bytes everywhere. */
const GIT_ENV = {
  PATH: process.env.PATH ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LFS_SKIP_SMUDGE: '1',
  LC_ALL: 'C',
};

const GIT_OPTIONS = [
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.autocrlf=false',
  '-c',
  'advice.detachedHead=false',
];

/** Overrides the repository's own .gitattributes, which could convert line ends or run a filter. */
const NO_CONVERSION = '* -text -ident -filter -working-tree-encoding\n';

export function git(dir: string, args: readonly string[]): string {
  return execFileSync('git', [...GIT_OPTIONS, '-C', dir, ...args], {
    encoding: 'utf8',
    env: GIT_ENV,
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Finds `<owner>+<name>/repo`, `<owner>+<name>` or `<owner>/<name>` in the mirrors' folder, bare or not. */
export function findMirror(mirrorsDir: string, repo: string): string | undefined {
  const flat = repo.replace('/', '+');
  const folders = [`${flat}/repo`, flat, repo, `${repo}.git`].map((name) => path.join(mirrorsDir, name));
  return folders.find(
    (dir) => existsSync(path.join(dir, 'objects')) || existsSync(path.join(dir, '.git', 'objects')),
  );
}

export function hasCommit(mirror: string, commit: string): boolean {
  try {
    git(mirror, ['cat-file', '-e', `${commit}^{commit}`]);
    return true;
  } catch {
    return false;
  }
}

/**
 * Checks out `commit`, detached, in `dir`. The objects are borrowed from the mirror, but no ref is copied: only HEAD is
 * reachable by name, so that a history reader finds the base commit's ancestors and no later commit.
 */
export function checkOut(mirror: string, commit: string, dir: string, prepare: (tree: string) => void): void {
  const part = `${dir}.part`;
  rmSync(part, { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  git(part, ['init', '--quiet', '--template=']);
  const objects = git(mirror, ['rev-parse', '--path-format=absolute', '--git-path', 'objects']).trim();
  mkdirSync(path.join(part, '.git', 'info'), { recursive: true });
  writeFileSync(path.join(part, '.git', 'objects', 'info', 'alternates'), `${objects}\n`);
  writeFileSync(path.join(part, '.git', 'info', 'attributes'), NO_CONVERSION);
  git(part, ['checkout', '--quiet', '--detach', commit]);
  prepare(part);
  renameSync(part, dir);
}

export function headOf(dir: string): string | undefined {
  if (!existsSync(path.join(dir, '.git'))) return undefined;
  try {
    return git(dir, ['rev-parse', 'HEAD']).trim();
  } catch {
    return undefined;
  }
}

/** Tracked files (no submodules), below `root` when given. */
export function trackedFiles(dir: string, root = ''): string[] {
  const args = ['ls-files', '-s', '-z', ...(root === '' ? [] : ['--', root])];
  const entries = git(dir, args)
    .split('\0')
    .filter((entry) => entry !== '' && !entry.startsWith('160000 '));
  return entries.map((entry) => entry.slice(entry.indexOf('\t') + 1));
}
