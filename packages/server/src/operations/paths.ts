/** Path arguments as agents write them -> globs and paths relative to the root. Touches no file. */
import { isAbsolute, relative, sep } from 'node:path';
import type { SearchFilter, WorkContext } from '@conexus/engine';
import { UserError } from '../errors.ts';
import { inline } from '../render/text.ts';

const GLOB = /[*?[\]{}]/;

/**
 * A plain path stands for the file or the whole folder, because an agent that says `src/auth` means both.
 * @throws UserError path_outside_root
 */
export function normalizeGlobs(
  root: string,
  globs: readonly string[] | undefined,
): readonly string[] | undefined {
  if (globs === undefined || globs.length === 0) return undefined;
  const result: string[] = [];
  for (const given of globs) {
    const excluded = given.startsWith('!');
    const path = normalizePath(root, excluded ? given.slice(1) : given);
    if (path === '') {
      if (excluded) result.push('!**');
      else return undefined;
      continue;
    }
    const sign = excluded ? '!' : '';
    result.push(sign + path);
    if (!GLOB.test(path)) result.push(`${sign}${path}/**`);
  }
  return result;
}

/** What is written as a path, with or without lines, is made relative to the root; names, tickets and questions stay. */
export function targetOf(root: string, given: string): string {
  const target = given.trim();
  return /^(?:\/|\.{1,2}[\\/]|[A-Za-z]:[\\/])\S*(?:,? (?:on )?lines? [\d-]+)?$/.test(target)
    ? normalizePath(root, target)
    : target;
}

/**
 * `./a//b/`, `a\b` and absolute paths inside the root become `a/b`; the root itself becomes ``. Beside a slash, and where
 * none stands before a letter, a backslash takes the meaning from a character of a glob, and stays.
 */
export function normalizePath(root: string, given: string): string {
  const isOfWindows = sep === '\\' || (!given.includes('/') && /\\[\w.-]/.test(given));
  let path = isOfWindows ? given.replaceAll('\\', '/') : given;
  if (isAbsolute(given)) {
    path = relative(root, given).split(sep).join('/');
    if (isAbsolute(path)) throw outside(given);
  }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || path.includes('\0')) throw outside(given);
  return parts.join('/');
}

function outside(path: string): UserError {
  return new UserError(
    'path_outside_root',
    `The path "${inline(path, 100)}" leaves the repository`,
    'Give a path or glob relative to the root, such as src/**.',
  );
}

interface FilterArguments {
  readonly paths?: readonly string[] | undefined;
  readonly languages?: readonly string[] | undefined;
  readonly kinds?: SearchFilter['kinds'] | undefined;
  readonly symbol_kinds?: SearchFilter['symbolKinds'] | undefined;
}

export function filterOf(root: string, args: FilterArguments): SearchFilter {
  const paths = normalizeGlobs(root, args.paths);
  return {
    ...(paths !== undefined && { paths }),
    ...(args.languages?.length && { languages: args.languages.flatMap(languageIds) }),
    ...(args.kinds?.length && { kinds: args.kinds }),
    ...(args.symbol_kinds?.length && { symbolKinds: args.symbol_kinds }),
  };
}

/** Who asks for typescript wants its `.tsx` files too. */
function languageIds(name: string): readonly string[] {
  const folded = name.trim().toLowerCase();
  const id = LANGUAGE_NAMES.get(folded) ?? folded;
  return id === 'typescript' ? ['typescript', 'tsx'] : [id];
}

/** Common names of languages -> identifiers of the engine. A map: who asks may write "constructor". */
const LANGUAGE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ts: 'typescript',
    js: 'javascript',
    jsx: 'javascript',
    py: 'python',
    golang: 'go',
    rs: 'rust',
    'c++': 'cpp',
    cc: 'cpp',
    'c#': 'c_sharp',
    cs: 'c_sharp',
    csharp: 'c_sharp',
    rb: 'ruby',
    kt: 'kotlin',
    sh: 'bash',
    shell: 'bash',
    yml: 'yaml',
    md: 'markdown',
  }),
);

export function contextOf(
  root: string,
  args: {
    readonly active_file?: string | undefined;
    readonly open_files?: readonly string[] | undefined;
    readonly branch?: string | undefined;
  },
): WorkContext {
  return {
    ...(args.active_file !== undefined && { activeFile: normalizePath(root, args.active_file) }),
    ...(args.branch !== undefined && { branch: args.branch }),
    ...(args.open_files?.length && { openFiles: args.open_files.map((path) => normalizePath(root, path)) }),
  };
}
