/** Crates of a Cargo workspace: names, roots and dependencies, as far as their manifests say so in the usual form. */
import type { FilePath } from '../../model/file.ts';
import { joined, parentOf } from './paths.ts';

export interface Crate {
  /** As code names it: `-` is `_`. */
  readonly name: string;
  readonly folder: string;
  /** What users of the crate see. */
  readonly root: FilePath | undefined;
  /** By the name that code uses; a dependency may be renamed or lie beside. */
  readonly dependencies: ReadonlyMap<string, { readonly name: string; readonly folder?: string }>;
}

const section = /^\s*\[+\s*([^\]]+?)\s*\]+\s*(?:#.*)?$/;
const maxLines = 20_000;

/** The innermost first. */
export function cratesOf(
  configurations: ReadonlyMap<FilePath, string>,
  paths: ReadonlyMap<FilePath, number>,
): readonly Crate[] {
  const found: Crate[] = [];
  for (const [path, text] of configurations) {
    if (!/(^|\/)Cargo\.toml$/.test(path)) continue;
    const folder = parentOf(path);
    const crate = crateOf(folder, text, paths);
    if (crate !== undefined) found.push(crate);
  }
  return found.sort((a, b) => b.folder.length - a.folder.length);
}

function crateOf(folder: string, text: string, paths: ReadonlyMap<FilePath, number>): Crate | undefined {
  let name: string | undefined;
  let libName: string | undefined;
  let root: string | undefined;
  const dependencies = new Map<string, { name: string; folder?: string }>();
  let at = '';
  for (const line of text.split('\n', maxLines)) {
    const header = section.exec(line)?.[1];
    if (header !== undefined) {
      at = header;
      const single = /(?:^|\.)(?:dev-|build-)?dependencies\.([\w-]+)$/.exec(header)?.[1];
      if (single !== undefined) dependencies.set(asCode(single), { name: asCode(single) });
      continue;
    }
    const [, key, value = ''] = /^\s*"?([\w.-]+)"?\s*=\s*(.*)$/.exec(line) ?? [];
    if (key === undefined) continue;
    const plain = /^["']([^"']*)["']/.exec(value)?.[1];
    if (at === 'package' && key === 'name') name = plain;
    else if (at === 'lib' && key === 'name') libName = plain;
    else if (at === 'lib' && key === 'path') root = plain;
    else if (/(^|\.)(dev-|build-)?dependencies$/.test(at)) addDependency(dependencies, folder, key, value);
    else extendDependency(dependencies, folder, at, key, plain);
  }
  if (name === undefined) return undefined;
  const roots = [root ?? 'src/lib.rs', 'src/lib.rs', 'src/main.rs'].map((file) => joined(folder, file));
  return {
    name: asCode(libName ?? name),
    folder,
    root: roots.find((path) => paths.has(path)),
    dependencies,
  };
}

type Dependencies = Map<string, { name: string; folder?: string }>;

function addDependency(dependencies: Dependencies, folder: string, key: string, value: string): void {
  const name = asCode(key.replace(/\.(workspace|version|path)$/, ''));
  const real = /\bpackage\s*=\s*["']([^"']+)/.exec(value)?.[1];
  const path = /\bpath\s*=\s*["']([^"']+)/.exec(value)?.[1];
  dependencies.set(name, {
    name: asCode(real ?? name),
    ...(path === undefined ? {} : { folder: joined(folder, path) }),
  });
}

/** `[dependencies.name]` with a line for each property. */
function extendDependency(
  dependencies: Dependencies,
  folder: string,
  at: string,
  key: string,
  value: string | undefined,
): void {
  const single = /(?:^|\.)(?:dev-|build-)?dependencies\.([\w-]+)$/.exec(at)?.[1];
  const known = single === undefined ? undefined : dependencies.get(asCode(single));
  if (known === undefined || value === undefined) return;
  if (key === 'package') known.name = asCode(value);
  if (key === 'path') known.folder = joined(folder, value);
}

function asCode(name: string): string {
  return name.replaceAll('-', '_');
}
