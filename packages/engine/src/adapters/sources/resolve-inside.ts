/**
 * The only door from a relative path to an absolute one, and from a user's folder to a root.
 * Knows nothing of ignore rules or of what a path is for.
 */
import { accessSync, constants, lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { ConexusError } from '../../model/errors.ts';

const MAX_PATH_LENGTH = 4096;
/** Drive letters, also without a slash after them (`C:x` is relative to a drive's own folder). */
const DRIVE = /^[A-Za-z]:/;

/**
 * Absolute path of `path` under `root`, which must be an absolute real path (see `openRoot`).
 * The path need not exist; what exists of it must lie inside the root when all links are followed.
 * Percent signs mean nothing here: `%2e%2e` is the name of a folder.
 * @throws ConexusError path_outside_root
 */
export function resolveInside(root: string, path: string): string {
  const reason = refuseText(path);
  if (reason !== undefined) throw outside(path, reason);
  const absolute = join(root, path);
  if (!isInside(root, absolute)) throw outside(path, 'it leads out of the workspace');
  const real = realPathOfExisting(absolute, root);
  if (real === undefined) throw outside(path, 'it cannot be resolved');
  if (!isInside(root, real)) throw outside(path, 'a symbolic link leads out of the workspace');
  return absolute;
}

/** Whether `path` may be the path of a file in a workspace, judged by its text alone. */
export function isWorkspacePath(path: string): boolean {
  return refuseText(path) === undefined;
}

/** Whether `path` is `root` or lies under it; both absolute. `/repo-evil` is not inside `/repo`. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/**
 * Real absolute path of a folder that can be listed.
 * @throws ConexusError root_missing, root_not_directory, root_unreadable
 */
export function openRoot(path: string): string {
  if (path === '' || path.includes('\0')) {
    throw new ConexusError(
      'root_missing',
      'The folder path is empty or malformed.',
      'Give the path of a folder.',
    );
  }
  const real = realRoot(path);
  if (!statSync(real).isDirectory()) {
    throw new ConexusError(
      'root_not_directory',
      `${path} is not a folder.`,
      'Give the folder that holds the files.',
    );
  }
  try {
    accessSync(real, constants.R_OK | constants.X_OK);
  } catch (error) {
    throw unreadableRoot(path, error);
  }
  return real;
}

function realRoot(path: string): string {
  try {
    return realpathSync.native(resolve(path));
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOTDIR') {
      const advice = 'Give the folder that holds the files.';
      throw new ConexusError(
        'root_not_directory',
        `${path} leads through something that is not a folder.`,
        advice,
      );
    }
    if (code === 'EACCES' || code === 'EPERM') throw unreadableRoot(path, error);
    const why = code === 'ELOOP' ? 'is a symbolic link that leads in a circle' : 'does not exist';
    throw new ConexusError('root_missing', `${path} ${why}.`, 'Check the path, or create the folder first.', {
      cause: error,
    });
  }
}

function unreadableRoot(path: string, cause: unknown): ConexusError {
  const advice = 'Give this user permission to read and enter the folder.';
  return new ConexusError('root_unreadable', `${path} cannot be read by this user.`, advice, { cause });
}

/** Why the text alone is no workspace path; undefined when it may be one. The same on every system. */
function refuseText(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (path.length > MAX_PATH_LENGTH) return 'it is too long';
  if (path.includes('\0')) return 'it contains a NUL character';
  if (path.includes('\\')) return 'it contains a backslash';
  if (path.startsWith('/') || isAbsolute(path)) return 'it is absolute';
  if (DRIVE.test(path)) return 'it names a drive';
  for (const part of path.split('/')) {
    if (part === '..') return 'it contains ".."';
    // Windows drops trailing dots and spaces, so `.. ` and `...` may mean the parent there.
    if (/^\.[. ]+$/.test(part) && process.platform === 'win32') return 'it contains a disguised ".."';
  }
  return undefined;
}

/** Real path of the deepest part that exists, with the missing rest appended; undefined when links loop. */
function realPathOfExisting(absolute: string, root: string): string | undefined {
  let existing = absolute;
  for (;;) {
    try {
      const real = realpathSync.native(existing);
      return existing === absolute ? real : join(real, absolute.slice(existing.length));
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ENAMETOOLONG') return undefined;
    }
    // A link to nowhere does not exist for realpath, yet a file written through it would: refuse it.
    if (isLink(existing) || existing === root) return undefined;
    existing = dirname(existing);
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  } catch {
    return false;
  }
}

function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function outside(path: string, why: string): ConexusError {
  const shown = JSON.stringify(path.length > 120 ? `${path.slice(0, 120)}…` : path);
  const advice = 'Use a path relative to the workspace root, with "/" between folders and no "..".';
  return new ConexusError('path_outside_root', `The path ${shown} is refused: ${why}.`, advice);
}
