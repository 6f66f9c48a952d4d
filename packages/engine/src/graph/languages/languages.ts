/** Which profile and which module finder each file has. */
import type { FilePath, LanguageId } from '../../model/file.ts';
import type { ModuleFinder } from '../resolving/modules.ts';
import type { FileState } from '../resolving/state.ts';
import { cProfile } from './c-profile.ts';
import { csharpModules } from './csharp-modules.ts';
import { csharpProfile } from './csharp-profile.ts';
import { goModules } from './go-modules.ts';
import { goProfile } from './go-profile.ts';
import { javaImplicit, javaProfile } from './java-profile.ts';
import { kotlinImplicit, kotlinProfile } from './kotlin-profile.ts';
import { namespaceModules } from './namespace-modules.ts';
import { phpProfile } from './php-profile.ts';
import type { Profile } from './profile.ts';
import { pythonModules } from './python-modules.ts';
import { pythonProfile } from './python-profile.ts';
import { rubyProfile } from './ruby-profile.ts';
import { rustModules } from './rust-modules.ts';
import { rustProfile } from './rust-profile.ts';
import { scriptModules } from './script-modules.ts';
import { scriptProfile } from './script-profile.ts';

const profiles: Readonly<Record<LanguageId, Profile>> = {
  python: pythonProfile,
  go: goProfile,
  c: cProfile,
  cpp: cProfile,
  php: phpProfile,
  ruby: rubyProfile,
  java: javaProfile,
  kotlin: kotlinProfile,
  rust: rustProfile,
  c_sharp: csharpProfile,
};

export function profileOf(language: LanguageId): Profile {
  return profiles[language] ?? scriptProfile;
}

/** One for each file, in order. */
export function findersOf(
  files: readonly FileState[],
  configurations: ReadonlyMap<FilePath, string>,
): readonly ModuleFinder[] {
  const of = (profile: Profile) => files.filter((file) => file.profile === profile);
  const numbered = (some: readonly FileState[]) => some.map(({ path, number }) => [path, number] as const);
  // Classes of one package may be written in either.
  const jvm = [...of(javaProfile), ...of(kotlinProfile)];
  const finders = new Map<Profile, ModuleFinder>([
    [pythonProfile, { ...pythonModules(numbered(of(pythonProfile))), externalName: (name) => name }],
    [javaProfile, namespaceModules(jvm, javaImplicit)],
    [kotlinProfile, namespaceModules(jvm, kotlinImplicit)],
    [csharpProfile, csharpModules(of(csharpProfile), configurations)],
    [goProfile, goModules(of(goProfile), configurations)],
    [cProfile, namespaceModules([], () => undefined)],
    [phpProfile, namespaceModules([], () => undefined)],
    [rubyProfile, namespaceModules([], () => undefined)],
    [rustProfile, rustModules(of(rustProfile), configurations)],
  ]);
  const script: ModuleFinder = {
    ...scriptModules(new Map(numbered(of(scriptProfile))), configurations),
    inside: () => undefined,
    packageFolder: () => undefined,
    externalName: (name) => name.replace(/^node:/, ''),
  };
  return files.map((file) => finders.get(file.profile) ?? script);
}
