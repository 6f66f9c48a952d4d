/**
 * Answers for one path what a walk would say of it, without walking: which rules hold in its folder, and whether a folder
 * on the way is left out. Remembers the rules of folders; does not look at the files themselves.
 */
import { join } from 'node:path';
import type { FilePath } from '../../model/file.ts';
import type { FolderRules, IgnoreTree } from './ignore-tree.ts';
import { fileStampText, GIT_IGNORE_FILE, OWN_IGNORE_FILE, outerStamps } from './ignore-tree.ts';

/** Folders remembered at most; then all are forgotten, which costs a few file reads. */
const MAX_FOLDERS = 20_000;

interface KnownFolder {
  /** undefined: a rule leaves out the folder or one above it. */
  readonly rules: FolderRules | undefined;
  /** Stamps of the ignore files the rules were read from. */
  readonly seen: string;
}

export interface FolderRuleCache {
  /** Rules in force in `folder`; undefined when a rule leaves it out. */
  rulesOf(folder: FilePath): FolderRules | undefined;
  /** Whether the rules leave out `path`, or a folder on the way to it. */
  ignored(path: FilePath, isFolder: boolean): boolean;
  forget(): void;
  /**
   * While true, remembered rules hold until `forget`: somebody watches the ignore files.
   * Otherwise their stamps are compared on each question.
   */
  trusted: boolean;
}

export function openFolderRuleCache(root: string, tree: IgnoreTree): FolderRuleCache {
  const known = new Map<FilePath, KnownFolder>();

  const read = (folder: FilePath, seen: string): KnownFolder => {
    if (folder === '') return { rules: tree.rootRules(), seen };
    const parent = cache.rulesOf(parentOf(folder));
    const name = nameOf(folder);
    const rules =
      parent === undefined || tree.ignores(parent, folder, name, true)
        ? undefined
        : tree.childRules(parent, folder);
    return { rules, seen };
  };

  const cache: FolderRuleCache = {
    trusted: false,
    rulesOf(folder) {
      const found = known.get(folder);
      if (found !== undefined && cache.trusted) return found.rules;
      const above = folder === '' ? outerStamps(tree) : inheritedStamp(folder);
      const seen = above + ignoreStamps(root, folder);
      if (found?.seen === seen) return found.rules;
      const fresh = read(folder, seen);
      if (known.size >= MAX_FOLDERS) known.clear();
      known.set(folder, fresh);
      return fresh.rules;
    },
    ignored(path, isFolder) {
      const rules = cache.rulesOf(parentOf(path));
      return rules === undefined || tree.ignores(rules, path, nameOf(path), isFolder);
    },
    forget: () => known.clear(),
  };

  /** A folder's rules hang on those above it: asking for them brings them up to date first. */
  const inheritedStamp = (folder: FilePath): string => {
    const parent = parentOf(folder);
    cache.rulesOf(parent);
    return known.get(parent)?.seen ?? '';
  };
  return cache;
}

export function parentOf(path: FilePath): FilePath {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

export function nameOf(path: FilePath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A `.git` counts by its presence alone: git writes to it all the time. */
function ignoreStamps(root: string, folder: FilePath): string {
  const own = fileStampText(join(root, folder, OWN_IGNORE_FILE));
  const git = fileStampText(join(root, folder, GIT_IGNORE_FILE));
  return `/${git},${own},${fileStampText(join(root, folder, '.git')) === '-' ? '' : '+'}`;
}
