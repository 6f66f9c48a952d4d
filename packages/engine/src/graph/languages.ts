/** Which profile and which module finder each file has. */
import type { FilePath, LanguageId } from '../model/file.ts';
import type { ModuleFinder } from './modules.ts';
import type { Profile } from './profile.ts';
import { pythonModules } from './python-modules.ts';
import { pythonProfile } from './python-profile.ts';
import { scriptModules } from './script-modules.ts';
import { scriptProfile } from './script-profile.ts';
import type { FileState } from './state.ts';

export function profileOf(language: LanguageId): Profile {
  return language === 'python' ? pythonProfile : scriptProfile;
}

/** One for each file, in order. */
export function findersOf(
  files: readonly FileState[],
  configurations: ReadonlyMap<FilePath, string>,
): readonly ModuleFinder[] {
  const isPython = ({ facts }: FileState) => facts.language === 'python';
  const numbered = (some: readonly FileState[]) => some.map(({ path, number }) => [path, number] as const);
  const python: ModuleFinder = {
    ...pythonModules(numbered(files.filter(isPython))),
    externalName: (name) => name,
  };
  const script: ModuleFinder = {
    ...scriptModules(new Map(numbered(files.filter((file) => !isPython(file)))), configurations),
    inside: () => undefined,
    packageFolder: () => undefined,
    externalName: (name) => name.replace(/^node:/, ''),
  };
  return files.map((file) => (isPython(file) ? python : script));
}
