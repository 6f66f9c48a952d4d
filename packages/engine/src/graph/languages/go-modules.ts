/**
 * Which package a Go import names: by the module paths of `go.mod`, what they and `go.work` replace, and vendored folders; without
 * any `go.mod` by folders of the same path. A package is the files of one folder with one package name. Knows paths and texts only.
 */
import { addTo } from '../../model/add-to.ts';
import type { FilePath } from '../../model/file.ts';
import type { ModuleFinder } from '../resolving/modules.ts';
import { joined, parentOf } from './paths.ts';
import type { FoundModule } from './python-modules.ts';

export interface PackagedFile {
  readonly path: FilePath;
  readonly number: number;
  readonly facts: { readonly namespace?: string };
}

export function goModules(
  files: readonly PackagedFile[],
  configurations: ReadonlyMap<FilePath, string>,
): ModuleFinder {
  /** Files by folder and package name. */
  const packages = new Map<string, number[]>();
  const keys = new Map<number, string>();
  const byFolder = new Map<string, string[]>();
  for (const { path, number, facts } of files) {
    const folder = parentOf(path);
    const key = `${folder}\0${facts.namespace ?? ''}`;
    keys.set(number, key);
    const known = packages.get(key);
    if (known !== undefined) {
      known.push(number);
      continue;
    }
    packages.set(key, [number]);
    addTo(byFolder, folder, key);
  }
  const modules = modulePaths(configurations);

  const inFolder = (folder: string): FoundModule => {
    // Beside the package there may be its external tests and programs that are built apart.
    const found = (byFolder.get(folder) ?? [])
      .filter((key) => !key.endsWith('_test'))
      .sort((a, b) => (packages.get(b)?.length ?? 0) - (packages.get(a)?.length ?? 0));
    const plain = found.find((key) => !key.endsWith('\0main')) ?? found[0];
    const file = plain === undefined ? undefined : packages.get(plain)?.[0];
    return file === undefined ? undefined : { file };
  };

  const find = (name: string, importer: FilePath): FoundModule => {
    if (/^\.\.?(\/|$)/.test(name)) return inFolder(joined(parentOf(importer), name));
    for (const [prefix, folder] of modules) {
      if (name !== prefix && !name.startsWith(`${prefix}/`)) continue;
      const found = inFolder(joined(folder, name.slice(prefix.length + 1)));
      if (found !== undefined) return found;
    }
    for (let folder = parentOf(importer); ; folder = parentOf(folder)) {
      const found = inFolder(joined(folder, `vendor/${name}`));
      if (found !== undefined) return found;
      if (folder === '') break;
    }
    return modules.length > 0 ? undefined : withoutModules(name);
  };

  /** `example.com/me/shop/cart` or `shop/cart`, with the workspace as `shop` or as the root of them all. */
  const withoutModules = (name: string): FoundModule => {
    const parts = name.split('/');
    for (let from = 0; from < Math.min(parts.length, 4); from++) {
      if (from > 0 && standard.has(parts[0] as string)) return undefined;
      const rest = parts.slice(from).join('/');
      const found = inFolder(rest) ?? inFolder(`src/${rest}`);
      if (found !== undefined) return found;
    }
    return parts.length <= 3 && !standard.has(parts[0] as string) && parts.length > 1
      ? inFolder('')
      : undefined;
  };

  return {
    find,
    inside: () => undefined,
    packageFolder: () => undefined,
    externalName: (name) => name,
    peers: (file) => packages.get(keys.get(file) ?? '') ?? [],
  };
}

/** First parts of the paths of the standard library. */
const standard = new Set(
  `archive bufio builtin bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go hash html
  image index internal io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv strings structs sync
  syscall testing text time unicode unique unsafe weak C golang.org`.split(/\s+/),
);

/** Module paths with their folders, the longest first. */
function modulePaths(configurations: ReadonlyMap<FilePath, string>): readonly (readonly [string, string])[] {
  const found = new Map<string, string>();
  for (const [path, text] of configurations) {
    if (!/(^|\/)go\.(mod|work)$/.test(path)) continue;
    const folder = parentOf(path);
    const bare = text.replace(/\/\/.*$/gm, '');
    const name = /^\s*module\s+"?([^\s"]+)"?/m.exec(bare)?.[1];
    if (name !== undefined && path.endsWith('go.mod')) found.set(name, folder);
    // `replace a => ../b`, alone or in a block.
    for (const [, from, to] of bare.matchAll(/^\s*(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>\s+(\.\.?\/?\S*)/gm))
      if (from !== undefined && to !== undefined && !found.has(from)) found.set(from, joined(folder, to));
  }
  return [...found].sort(([a], [b]) => b.length - a.length);
}
