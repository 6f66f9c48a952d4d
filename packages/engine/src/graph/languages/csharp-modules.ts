/** What a name of C# means: types of the namespaces around it and of those it uses, wherever their files lie. Knows names only. */

import type { FilePath } from '../../model/file.ts';
import type { ModuleFinder, NamedFiles } from '../resolving/modules.ts';
import { csharpOutside } from './csharp-profile.ts';

export interface NamespaceFile {
  readonly number: number;
  readonly path: FilePath;
  readonly facts: {
    readonly namespace?: string;
    readonly moreNamespaces?: readonly string[];
    readonly globalStars?: readonly string[];
    readonly stars: readonly string[];
    readonly exports: readonly (readonly [name: string, value: number])[];
  };
}

/** Tells folders that are namespaces from others. */
const mark = 'namespace ';

/** `configurations`: projects, which may name namespaces that all files below them see. */
export function csharpModules(
  files: readonly NamespaceFile[],
  configurations: ReadonlyMap<FilePath, string>,
): ModuleFinder {
  const types = new Map<string, Map<string, number[]>>();
  const known = new Set<string>();
  const byNumber = new Map(files.map((file) => [file.number, file]));
  for (const file of files)
    for (const namespace of namespacesOf(file)) {
      for (const outer of around(namespace)) known.add(outer);
      const names = types.get(namespace) ?? new Map<string, number[]>();
      types.set(namespace, names);
      for (const [name] of file.facts.exports) names.set(name, [...(names.get(name) ?? []), file.number]);
    }
  const globalStars = [...new Set(files.flatMap(({ facts }) => facts.globalStars ?? []))];
  const projectUsings = usingsOf(configurations);
  const filesIn = (namespace: string, name: string) => types.get(namespace)?.get(name) ?? [];

  const named = (number: number, name: string): NamedFiles => {
    const file = byNumber.get(number);
    if (file === undefined) return { files: [] };
    // The nearest namespace around decides.
    const outer = [...new Set(namespacesOf(file).flatMap(around))].sort((a, b) => b.length - a.length);
    for (const namespace of [...outer, '']) {
      const found = filesIn(namespace, name);
      if (found.length > 0) return { files: found };
    }
    const ofProjects = projectUsings.flatMap(({ folder, names }) =>
      file.path.startsWith(folder) ? names : [],
    );
    const used = [...file.facts.stars, ...globalStars, ...ofProjects].flatMap((star) => [
      star,
      ...outer.map((namespace) => `${namespace}.${star}`),
    ]);
    const found = [...new Set(used.flatMap((namespace) => filesIn(namespace, name)))];
    if (found.length > 0) return { files: found };
    const inner = [...outer.map((namespace) => `${namespace}.${name}`), name].find((one) => known.has(one));
    if (inner !== undefined) return { files: [], folder: mark + inner };
    return /^[A-Z]/.test(name) ? { files: [], outside: csharpOutside(name) } : { files: [] };
  };

  return {
    find: () => undefined,
    named,
    inside(folder, name) {
      const inner = folder.startsWith(mark) ? `${folder.slice(mark.length)}.${name}` : '';
      return known.has(inner) ? { folder: mark + inner } : undefined;
    },
    filesIn: (folder, name) => (folder.startsWith(mark) ? filesIn(folder.slice(mark.length), name) : []),
    packageFolder: () => undefined,
    externalName: (name) => name,
    // Namespaces of the class library may have additions here.
    isOutside: (name) => /^System\b/.test(name) || !known.has(name),
  };
}

function namespacesOf({ facts }: NamespaceFile): readonly string[] {
  return [facts.namespace ?? '', ...(facts.moreNamespaces ?? [])];
}

/** `A.B.C` -> `A.B.C`, `A.B`, `A`. */
function around(namespace: string): string[] {
  const parts = namespace === '' ? [] : namespace.split('.');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('.'));
}

/** `<Using Include="A.B" />` of project files, by the folder that they are for. */
function usingsOf(
  configurations: ReadonlyMap<FilePath, string>,
): readonly { readonly folder: string; readonly names: readonly string[] }[] {
  return [...configurations].flatMap(([path, text]) => {
    if (!/\.(csproj|props|targets)$/.test(path)) return [];
    const names = [...text.matchAll(/<Using\s[^>]*Include="([\w.]+)"/g)].map(([, name]) => name as string);
    return names.length === 0 ? [] : [{ folder: path.slice(0, path.lastIndexOf('/') + 1), names }];
  });
}
