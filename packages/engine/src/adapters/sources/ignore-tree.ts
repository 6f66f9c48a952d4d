/**
 * The ignore rules in force in each folder of a workspace: finds and reads ignore files, knows their precedence.
 * Does not walk: callers descend folder by folder, or ask for one path.
 *
 * Two kinds of file, judged apart. `.gitignore` (with `.git/info/exclude`) follows git; a folder with its own repository
 * starts anew, as in git. `.conexusignore` has the same syntax at any level and can only leave out more: what
 * git ignores it cannot bring back. Global git excludes are not read: an index must not differ between users.
 * Rules alone decide, not git's own list: a file that is tracked although a rule ignores it is left out, as in ripgrep.
 */
import { lstatSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { IgnoreRules } from '../../model/ignore-rules.ts';
import { matchIgnoreRules, parseIgnoreRules } from '../../model/ignore-rules.ts';
import { findGitLayout, gitLayoutAt } from './git-layout.ts';
import { readRegularFile } from './regular-file.ts';

export const GIT_IGNORE_FILE = '.gitignore';
export const OWN_IGNORE_FILE = '.conexusignore';
/** A larger ignore file counts as absent: it is no list of rules that a person wrote. */
const MAX_IGNORE_BYTES = 4 * 1024 * 1024;
/** Comes before every file's rules, so that a repository that keeps its `node_modules` can say so. */
const BUILT_IN = 'node_modules/\n';
/** git's `core.ignorecase` is on by default where file systems fold case. */
const IGNORE_CASE = process.platform === 'darwin' || process.platform === 'win32';

/** The rules of one file. `baseLength`: characters of the full path before the part they speak of. */
interface PlacedRules {
  readonly baseLength: number;
  readonly rules: IgnoreRules;
}

/** What holds in one folder, nearest file first. Folders without ignore files share their parent's lists. */
export interface FolderRules {
  readonly git: readonly PlacedRules[];
  readonly own: readonly PlacedRules[];
}

export interface IgnoreTree {
  /**
   * Rules of the root, from the files above it to its own. Where those above leave out the root itself, they have no say:
   * whoever opens an ignored folder wants what is in it.
   */
  rootRules(): FolderRules;
  /** Whether the root lies in a repository whose files above the root have a say. */
  obeysAbove(): boolean;
  /**
   * Rules of `folder` given its parent's. `names` says which files it may hold;
   * without it they are looked for on the disk.
   */
  childRules(parent: FolderRules, folder: string, names?: FolderNames): FolderRules;
  /** Whether the rules of the folder that holds `path` leave it out. Says nothing about the folder itself. */
  ignores(rules: FolderRules, path: string, name: string, isFolder: boolean): boolean;
  /** The ignore files that hold above the root or in `.git`: absolute paths, which may not exist. */
  readonly outerFiles: readonly string[];
}

export interface FolderNames {
  readonly gitIgnore: boolean;
  readonly ownIgnore: boolean;
  readonly git: boolean;
}

export function isIgnoreFileName(name: string): boolean {
  return name === GIT_IGNORE_FILE || name === OWN_IGNORE_FILE;
}

const ALL_NAMES: FolderNames = { gitIgnore: true, ownIgnore: true, git: true };
const NO_RULES: readonly PlacedRules[] = [];

/** `root` is an absolute real path. */
export function openIgnoreTree(root: string): IgnoreTree {
  const layout = findGitLayout(root);
  const top = layout?.top ?? root;
  // Full paths start at the top of the repository, so that rules of files above the root can speak of them.
  const toTop = relative(top, root).split(sep).join('/');
  const prefix = toTop === '' ? '' : `${toTop}/`;
  const above = foldersAbove(top, toTop);

  const builtIn = placed(0, parseIgnoreRules(BUILT_IN, IGNORE_CASE));
  const childRules = (parent: FolderRules, folder: string, names: FolderNames = ALL_NAMES): FolderRules => {
    const nested = names.git && folder !== '' ? gitLayoutAt(join(root, folder)) : undefined;
    const baseLength = prefix.length + (folder === '' ? 0 : folder.length + 1);
    const inherited = nested === undefined ? parent.git : withFile(builtIn, nested.excludeFile, baseLength);
    const git = names.gitIgnore
      ? withFile(inherited, join(root, folder, GIT_IGNORE_FILE), baseLength)
      : inherited;
    const own = names.ownIgnore
      ? withFile(parent.own, join(root, folder, OWN_IGNORE_FILE), baseLength)
      : parent.own;
    return git === parent.git && own === parent.own ? parent : { git, own };
  };

  /** undefined: they leave out the root itself. */
  const rulesFromAbove = (): FolderRules | undefined => {
    const exclude = layout === undefined ? builtIn : withFile(builtIn, layout.excludeFile, 0);
    let rules: FolderRules = { git: exclude, own: NO_RULES };
    for (const { folder, baseLength, next } of above) {
      rules = {
        git: withFile(rules.git, join(folder, GIT_IGNORE_FILE), baseLength),
        own: withFile(rules.own, join(folder, OWN_IGNORE_FILE), baseLength),
      };
      const name = next.slice(next.lastIndexOf('/') + 1);
      if (verdict(rules.git, '', next, name, true) || verdict(rules.own, '', next, name, true))
        return undefined;
    }
    return rules;
  };

  return {
    rootRules: () => childRules(rulesFromAbove() ?? { git: builtIn, own: NO_RULES }, ''),
    obeysAbove: () => layout !== undefined && rulesFromAbove() !== undefined,
    childRules,
    ignores(rules, path, name, isFolder) {
      if (name === '.git') return true;
      return (
        verdict(rules.git, prefix, path, name, isFolder) || verdict(rules.own, prefix, path, name, isFolder)
      );
    },
    outerFiles: [
      ...(layout === undefined ? [] : [layout.excludeFile]),
      ...above.flatMap(({ folder }) => [join(folder, GIT_IGNORE_FILE), join(folder, OWN_IGNORE_FILE)]),
    ],
  };
}

/** Text that changes when an ignore file outside the watched folders does. */
export function outerStamps(tree: IgnoreTree): string {
  return tree.outerFiles.map(fileStampText).join(';');
}

/** Text that changes with a file's bytes or its presence. */
export function fileStampText(file: string): string {
  try {
    const stats = lstatSync(file, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? '-' : `${stats.ino}.${stats.size}.${stats.mtimeNs}.${stats.ctimeNs}`;
  } catch {
    return '!';
  }
}

interface FolderAbove {
  readonly folder: string;
  readonly baseLength: number;
  /** Path, from the top, of the folder below it on the way to the root. */
  readonly next: string;
}

/** The folders from the repository's top down to the root, without the root. */
function foldersAbove(top: string, toTop: string): readonly FolderAbove[] {
  if (toTop === '') return [];
  const parts = toTop.split('/');
  return parts.map((_, i) => {
    const path = parts.slice(0, i).join('/');
    const baseLength = path === '' ? 0 : path.length + 1;
    return { folder: join(top, path), baseLength, next: parts.slice(0, i + 1).join('/') };
  });
}

function verdict(
  lists: readonly PlacedRules[],
  prefix: string,
  path: string,
  name: string,
  isFolder: boolean,
): boolean {
  for (const { baseLength, rules } of lists) {
    const said = matchIgnoreRules(rules, name, isFolder, () => (prefix + path).slice(baseLength));
    if (said !== undefined) return said;
  }
  return false;
}

function placed(baseLength: number, rules: IgnoreRules | undefined): readonly PlacedRules[] {
  return rules === undefined ? NO_RULES : [{ baseLength, rules }];
}

/** Puts the rules of `file` before `lists`. A link, a pipe or an unreadable file counts as absent, as in git. */
function withFile(lists: readonly PlacedRules[], file: string, baseLength: number): readonly PlacedRules[] {
  // Most folders have no ignore file: asking for the stamp first is cheaper than an exception.
  try {
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return lists;
  } catch {
    return lists;
  }
  const read = readRegularFile(file, MAX_IGNORE_BYTES);
  if (read === undefined) return lists;
  const found = placed(baseLength, parseIgnoreRules(Buffer.from(read.bytes).toString('utf8'), IGNORE_CASE));
  return found.length === 0 ? lists : [...found, ...lists];
}
