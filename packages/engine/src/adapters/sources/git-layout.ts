/**
 * Where a folder lies in a git repository, found by reading `.git` entries alone; git is never run here.
 * Only the places: the top folder, the exclude file, and git's own folders.
 */
import { lstatSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { readRegularFile } from './regular-file.ts';

const MAX_POINTER_BYTES = 16 * 1024;

export interface GitLayout {
  /** The folder that holds `.git`. */
  readonly top: string;
  /** `info/exclude` of the common git directory; it need not exist. */
  readonly excludeFile: string;
  /** Of this working tree: a linked worktree has one of its own. */
  readonly gitDir: string;
  readonly commonDir: string;
}

/** The repository that `folder` lies in: its own, or the nearest above. */
export function findGitLayout(folder: string): GitLayout | undefined {
  for (let current = folder; ; current = dirname(current)) {
    const layout = gitLayoutAt(current);
    if (layout !== undefined) return layout;
    if (dirname(current) === current) return undefined;
  }
}

/** The repository whose top folder `folder` is: also a linked worktree or a submodule, whose `.git` is a file. */
export function gitLayoutAt(folder: string): GitLayout | undefined {
  const dotGit = join(folder, '.git');
  const stats = statOrUndefined(dotGit);
  if (stats === undefined) return undefined;
  const gitDir = stats.isDirectory() ? dotGit : followPointer(dotGit, folder, /^gitdir: (.+?)\r?\n?$/);
  if (gitDir === undefined || lstatOrUndefined(join(gitDir, 'HEAD')) === undefined) return undefined;
  const commonDir = followPointer(join(gitDir, 'commondir'), gitDir, /^(.+?)\r?\n?$/) ?? gitDir;
  return { top: folder, excludeFile: join(commonDir, 'info', 'exclude'), gitDir, commonDir };
}

function followPointer(file: string, base: string, form: RegExp): string | undefined {
  const read = readRegularFile(file, MAX_POINTER_BYTES);
  const target = read === undefined ? undefined : form.exec(Buffer.from(read.bytes).toString('utf8'))?.[1];
  if (target === undefined || target.includes('\0')) return undefined;
  return isAbsolute(target) ? target : resolve(base, target);
}

function statOrUndefined(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function lstatOrUndefined(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
