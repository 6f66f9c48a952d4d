/**
 * Which file a path of Rust begins in. Modules are the tree that `mod` declarations make, from the roots of crates; crates are known by
 * the `Cargo.toml` files of the workspace. Knows paths, texts and facts only.
 */
import type { CodeFacts } from '../../model/code-facts.ts';
import type { FilePath } from '../../model/file.ts';
import type { ModuleFinder } from '../resolving/modules.ts';
import { type Crate, cratesOf } from './cargo.ts';
import { joined, parentOf } from './paths.ts';
import type { FoundModule } from './python-modules.ts';

interface RustFile {
  readonly path: FilePath;
  readonly number: number;
  readonly facts: CodeFacts;
}

const standard = new Set(['std', 'core', 'alloc', 'proc_macro', 'test']);

export function rustModules(
  files: readonly RustFile[],
  configurations: ReadonlyMap<FilePath, string>,
): ModuleFinder {
  const numbers = new Map(files.map(({ path, number }) => [path, number]));
  const parents = parentsOf(files, numbers);
  const crates = cratesOf(configurations, numbers);
  const rootOf = (path: FilePath): FilePath => {
    const seen = new Set<FilePath>();
    let at = path;
    for (let up = parents.get(at); up !== undefined && !seen.has(up); up = parents.get(at)) {
      seen.add(at);
      at = up;
    }
    return at;
  };
  const found = (path: FilePath | undefined): FoundModule => {
    const file = path === undefined ? undefined : numbers.get(path);
    return file === undefined ? undefined : { file };
  };
  const crateAround = (path: FilePath): Crate | undefined =>
    crates.find(({ folder }) => folder === '' || path.startsWith(`${folder}/`));
  const crateNamed = (name: string, importer: FilePath): FoundModule => {
    const around = crateAround(importer);
    const renamed = around?.dependencies.get(name);
    const [byPath, byName] = [renamed?.folder, renamed?.name ?? name];
    const target =
      crates.find((crate) => byPath !== undefined && crate.folder === byPath) ??
      crates.find((crate) => crate.name === byName);
    return found(target?.root);
  };
  /** Without a manifest only the standard library and what `use` names are crates. */
  const isCrate = (name: string, importer: FilePath, isCertain: boolean): boolean => {
    if (standard.has(name)) return true;
    const around = crateAround(importer);
    return around === undefined || around.dependencies.size === 0
      ? isCertain
      : around.dependencies.has(name) || isCertain;
  };

  return {
    find(name, importer) {
      if (name === 'crate') return found(rootOf(importer));
      if (name === 'self') return found(importer);
      if (name.startsWith('super')) {
        let at: FilePath | undefined = importer;
        for (const _ of name.split('::')) at = at && parents.get(at);
        return found(at);
      }
      if (name.startsWith('mod:')) return found(moduleFile(name.slice(4), importer, numbers));
      return crateNamed(name.slice(2).replace(/\?$/, ''), importer);
    },
    inside: () => undefined,
    packageFolder: () => undefined,
    externalName: (name) => name.replace(/^::|\?$/g, ''),
    isOutside: (name, importer) =>
      name.startsWith('::') && isCrate(name.slice(2).replace(/\?$/, ''), importer, !name.endsWith('?')),
  };
}

function parentsOf(
  files: readonly RustFile[],
  numbers: ReadonlyMap<FilePath, number>,
): ReadonlyMap<FilePath, FilePath> {
  const parents = new Map<FilePath, FilePath>();
  for (const { path, facts } of files) {
    for (const operation of facts.operations) {
      if (operation.op !== 'import' || !operation.from.startsWith('mod:')) continue;
      const child = moduleFile(operation.from.slice(4), path, numbers);
      // The library, not a program beside it, is what tests and users see.
      if (child !== undefined && child !== path && (!parents.has(child) || path.endsWith('lib.rs')))
        parents.set(child, path);
    }
  }
  return parents;
}

/** `name`: `a/b` for `mod b;` in `mod a { … }`, with `#file` for `#[path = "file"]`. */
function moduleFile(
  name: string,
  importer: FilePath,
  numbers: ReadonlyMap<FilePath, number>,
): FilePath | undefined {
  const [inner = '', given] = name.split('#');
  const folder = parentOf(importer);
  const stem = importer.slice(folder === '' ? 0 : folder.length + 1).replace(/\.rs$/, '');
  const own = joined(folder, stem);
  if (given !== undefined)
    return [joined(folder, given), joined(own, given)].find((path) => numbers.has(path));
  const isRoot = /^(mod|lib|main)$/.test(stem);
  for (const base of isRoot ? [folder] : [own, folder]) {
    for (const path of [`${joined(base, inner)}.rs`, `${joined(base, inner)}/mod.rs`])
      if (numbers.has(path) && path !== importer) return path;
  }
  return undefined;
}
