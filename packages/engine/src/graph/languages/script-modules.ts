/**
 * Which file an import of JavaScript or TypeScript names: relative paths with or without ending, `paths` of the nearest tsconfig,
 * packages of the workspace by name with their `exports`, `imports` of the own package. Knows paths and configuration texts only.
 */
import type { FilePath } from '../../model/file.ts';
import { textTable } from '../../model/text-table.ts';
import { parentOf } from './paths.ts';
import type { FoundModule } from './python-modules.ts';

export interface ScriptModules {
  find(name: string, importer: FilePath): FoundModule;
}

interface Package {
  readonly folder: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Mapping {
  readonly folder: string;
  readonly base: string | undefined;
  readonly paths: readonly (readonly [pattern: string, targets: readonly string[]])[];
}

const endings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts', '.d.mts', '.d.cts'];
/** What a compiled file was written as. */
const sources = textTable<readonly string[]>({
  '.js': ['.ts', '.tsx', '.jsx', '.d.ts'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts', '.d.mts'],
  '.cjs': ['.cts', '.d.cts'],
});
const built = /(^|\/)(dist|lib|build|out|esm|cjs|es)(\/(esm|cjs|es|types|src))?(?=\/)/;
const maxExtends = 8;

export function scriptModules(
  paths: ReadonlyMap<FilePath, number>,
  configurations: ReadonlyMap<FilePath, string>,
): ScriptModules {
  const packages: Package[] = [];
  const mappings: Mapping[] = [];
  for (const [path, text] of configurations) {
    if (/(^|\/)package\.json$/.test(path)) {
      const data = parseLoose(text);
      if (data !== undefined) packages.push({ folder: parentOf(path), data });
    } else if (/(^|\/)(ts|js)config(\.[\w-]+)*\.json$/.test(path)) {
      const mapping = mappingOf(path, configurations);
      if (mapping !== undefined) mappings.push(mapping);
    }
  }
  const byName = new Map(packages.map((found) => [found.data['name'], found] as const));
  const byDepth = (a: { readonly folder: string }, b: { readonly folder: string }) =>
    b.folder.length - a.folder.length;
  packages.sort(byDepth);
  mappings.sort(byDepth);

  const file = (path: string | undefined): FoundModule => {
    if (path === undefined) return undefined;
    const found = fileAt(paths, path);
    return found === undefined ? undefined : { file: found };
  };
  const inPackage = (found: Package, subpath: string): FoundModule => {
    for (const target of targetsOf(found.data, subpath)) {
      const path = join(found.folder, target);
      const hit = file(path) ?? file(path.replace(built, '$1src')) ?? file(path.replace(built, '$1'));
      if (hit !== undefined) return hit;
    }
    const rest = subpath === '.' ? 'index' : subpath.slice(2);
    return file(join(found.folder, join('src', rest))) ?? file(join(found.folder, rest));
  };

  return {
    find(name, importer) {
      if (name.startsWith('.')) return file(join(parentOf(importer), name));
      if (name.startsWith('/')) return file(name.slice(1));
      const isAround = ({ folder }: { readonly folder: string }) =>
        folder === '' || importer.startsWith(`${folder}/`);
      for (const mapping of mappings) {
        if (!isAround(mapping)) continue;
        for (const target of mapped(mapping, name)) {
          const hit = file(target);
          if (hit !== undefined) return hit;
        }
      }
      if (name.startsWith('#')) {
        const own = packages.find(isAround);
        const found =
          own && conditional((own.data['imports'] as Record<string, unknown> | undefined)?.[name]);
        return own && file(found?.[0] === undefined ? undefined : join(own.folder, found[0]));
      }
      const [, scope, rest] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(name) ?? [];
      const found = byName.get(scope);
      return found === undefined ? undefined : inPackage(found, rest === undefined ? '.' : `.${rest}`);
    },
  };
}

function fileAt(paths: ReadonlyMap<FilePath, number>, path: string): number | undefined {
  const exact = paths.get(path);
  if (exact !== undefined) return exact;
  const ending = /\.[cm]?jsx?$/.exec(path)?.[0];
  if (ending !== undefined) {
    const bare = path.slice(0, -ending.length);
    for (const other of sources[ending] ?? []) {
      const found = paths.get(bare + other);
      if (found !== undefined) return found;
    }
  }
  for (const folder of [path, path === '' ? 'index' : `${path}/index`]) {
    for (const other of endings) {
      const found = paths.get(folder + other);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Files that a package offers for a subpath, the likeliest first. */
function targetsOf(data: Readonly<Record<string, unknown>>, subpath: string): string[] {
  const found: string[] = [];
  const { exports } = data;
  if (exports !== null && typeof exports === 'object' && !Array.isArray(exports)) {
    const table = exports as Record<string, unknown>;
    const isTable = Object.keys(table).some((key) => key.startsWith('.'));
    if (!isTable && subpath === '.') found.push(...conditional(table));
    for (const [pattern, value] of isTable ? Object.entries(table) : []) {
      const star = matchStar(pattern, subpath);
      if (star !== undefined) found.push(...conditional(value).map((path) => path.replaceAll('*', star)));
    }
  } else if (subpath === '.') found.push(...conditional(exports));
  if (subpath === '.')
    for (const key of ['source', 'types', 'typings', 'module', 'main']) found.push(...conditional(data[key]));
  return found;
}

/** Every path in nested conditions. */
function conditional(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object' || depth > 8) return [];
  return Object.values(value).flatMap((inner) => conditional(inner, depth + 1));
}

function matchStar(pattern: string, name: string): string | undefined {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === name ? '' : undefined;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const isMatch =
    name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after);
  return isMatch ? name.slice(before.length, name.length - after.length) : undefined;
}

function mapped({ folder, base, paths }: Mapping, name: string): string[] {
  const root = join(folder, base ?? '.');
  const found: string[] = [];
  for (const [pattern, targets] of paths) {
    const star = matchStar(pattern, name);
    if (star !== undefined) found.push(...targets.map((target) => join(root, target.replace('*', star))));
  }
  if (base !== undefined) found.push(join(root, name));
  return found;
}

/** `baseUrl` and `paths` of a configuration or of what it extends. */
function mappingOf(path: FilePath, configurations: ReadonlyMap<FilePath, string>): Mapping | undefined {
  const folder = parentOf(path);
  let at = path;
  for (let depth = 0; depth < maxExtends; depth++) {
    const text = configurations.get(at) ?? configurations.get(`${at}.json`);
    const data = text === undefined ? undefined : parseLoose(text);
    if (data === undefined) return undefined;
    const options = (data['compilerOptions'] ?? {}) as Record<string, unknown>;
    const { baseUrl, paths } = options;
    if (typeof baseUrl === 'string' || (paths !== null && typeof paths === 'object')) {
      const entries = Object.entries((paths ?? {}) as Record<string, unknown>).flatMap(([key, targets]) =>
        Array.isArray(targets)
          ? [[key, targets.filter((target) => typeof target === 'string')] as const]
          : [],
      );
      const base = typeof baseUrl === 'string' ? baseUrl : undefined;
      const root = parentOf(at);
      // Targets count from where they are written; the mapping holds for the folder that took it over.
      const isOwn = root === folder;
      return {
        folder: isOwn ? folder : root,
        base,
        paths: entries,
      };
    }
    const { extends: parent } = data;
    if (typeof parent !== 'string' || !parent.startsWith('.')) return undefined;
    at = join(parentOf(at), parent);
  }
  return undefined;
}

/** JSON with comments and trailing commas, as configuration files have them; undefined for anything else than an object. */
function parseLoose(text: string): Record<string, unknown> | undefined {
  const bare = text
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1')
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, '$1');
  try {
    const data: unknown = JSON.parse(bare);
    return data !== null && typeof data === 'object' && !Array.isArray(data)
      ? (data as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Relative to the root, without `.` and `..`; what leaves the root matches no file. */
function join(folder: string, name: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${name}`.split('/')) {
    if (part === '..') {
      if (parts.length === 0) return '\0';
      parts.pop();
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
