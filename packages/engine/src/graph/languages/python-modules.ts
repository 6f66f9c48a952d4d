/** Which file a Python import names: absolute from a source root, or relative to the importing package. Knows paths only. */
import type { FilePath } from '../../model/file.ts';
import { parentOf } from './paths.ts';
import { pythonLibrary } from './python-library.ts';

export type FoundModule = { readonly file: number } | { readonly folder: string } | undefined;

export interface PythonModules {
  /** `name`: dotted, with a leading dot for each level up. */
  find(name: string, importer: FilePath): FoundModule;
  /** A module of the package around the importer, by the package's own name: code that is kept in a folder of another. */
  vendored(name: string, importer: FilePath): FoundModule;
  /** A module inside a package: of the file `pkg/__init__.py` or of a folder. */
  inside(folder: string, name: string): FoundModule;
  /** Folder of the package that this file is, undefined for a plain module. */
  packageFolder(path: FilePath): string | undefined;
}

const ending = /\.(py|pyi|pyw)$/;

export function pythonModules(paths: readonly (readonly [path: FilePath, file: number])[]): PythonModules {
  const files = new Map<string, number>();
  const folders = new Set<string>();
  const packages = new Set<string>();
  // Stubs last: they count only where there is no source.
  const sorted = [...paths].sort(([a], [b]) => Number(a.endsWith('.pyi')) - Number(b.endsWith('.pyi')));
  for (const [path, file] of sorted) {
    const bare = path.replace(ending, '');
    const key = bare.endsWith('/__init__') ? bare.slice(0, -'/__init__'.length) : bare;
    if (!files.has(key)) files.set(key, file);
    if (key !== bare) packages.add(key);
    for (let at = bare.lastIndexOf('/'); at > 0; at = bare.lastIndexOf('/', at - 1)) {
      const folder = bare.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  // Folders that imports are written from: what holds a topmost package, e.g. `src`.
  const roots = new Set<string>();
  for (const folder of packages) {
    let top = folder;
    while (packages.has(parentOf(top))) top = parentOf(top);
    roots.add(parentOf(top));
  }

  const at = (path: string): FoundModule => {
    const file = files.get(path);
    if (file !== undefined) return { file };
    return folders.has(path) ? { folder: path } : undefined;
  };
  const under = (root: string, parts: readonly string[]) => at(join(root, parts.join('/')));

  const absolute = (parts: readonly string[], importer: FilePath): FoundModule => {
    // Inside a package an import without dots does not mean a neighbour.
    const candidates = ['', ...ancestors(importer).filter((folder) => !packages.has(folder)), ...roots];
    let folder: FoundModule;
    for (const root of candidates) {
      const found = under(root, parts);
      if (found !== undefined && 'file' in found) return found;
      folder ??= found;
    }
    // A folder without code of its own is found after every package, and those of the language are always there.
    return pythonLibrary.has(parts[0] as string) ? undefined : folder;
  };

  return {
    find(name, importer) {
      const dots = /^\.*/.exec(name)?.[0].length ?? 0;
      const parts = name
        .slice(dots)
        .split('.')
        .filter((part) => part !== '');
      if (dots === 0) return parts.length === 0 ? undefined : absolute(parts, importer);
      let base = parentOf(importer);
      for (let up = 1; up < dots; up++) base = parentOf(base);
      if (parts.length > 0) return under(base, parts);
      return at(base) ?? { folder: base };
    },
    vendored(name, importer) {
      const parts = name.split('.');
      const around = ancestors(importer).find(
        (folder) => packages.has(folder) && lastOf(folder) === parts[0],
      );
      return around === undefined ? undefined : under(parentOf(around), parts);
    },
    inside: (folder, name) => at(join(folder, name)),
    packageFolder: (path) => (/(^|\/)__init__\.pyi?$/.test(path) ? parentOf(path) : undefined),
  };
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Folders around a file, the nearest first: a script's own folder is on its search path. */
function ancestors(path: FilePath): string[] {
  const found: string[] = [];
  for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder)) found.push(folder);
  return found;
}
