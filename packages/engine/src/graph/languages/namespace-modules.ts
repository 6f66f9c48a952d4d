/** Packages that are named in the files themselves, whatever their folders: Java and its kin. Knows names only. */
import { addTo } from '../../model/add-to.ts';
import type { ModuleFinder } from '../resolving/modules.ts';

export interface NamespaceFile {
  readonly number: number;
  readonly facts: { readonly namespace?: string };
}

export function namespaceModules(
  files: readonly NamespaceFile[],
  implicit: (name: string) => string | undefined,
): ModuleFinder {
  const packages = new Map<string, number[]>();
  const names = new Map<number, string>();
  for (const { number, facts } of files) {
    const name = facts.namespace ?? '';
    names.set(number, name);
    addTo(packages, name, number);
  }
  return {
    find: (name) => {
      const file = packages.get(name)?.[0];
      return file === undefined ? undefined : { file };
    },
    inside: () => undefined,
    packageFolder: () => undefined,
    externalName: (name) => name,
    peers: (file) => packages.get(names.get(file) ?? '') ?? [],
    implicit,
  };
}
