/** Members of modules: what a file exports, what it passes on from others, modules inside packages. */
import { addTo } from '../../model/add-to.ts';
import type { FilePath } from '../../model/file.ts';
import type { FoundModule } from '../languages/python-modules.ts';
import type { Place } from './flow.ts';
import type { Globs } from './globs.ts';
import type { State } from './state.ts';
import type { Value } from './values.ts';

/** How one language finds modules. */
export interface ModuleFinder {
  find(name: string, importer: FilePath): FoundModule;
  inside(folder: string, name: string): FoundModule;
  packageFolder(path: FilePath): string | undefined;
  /** Name of something outside the workspace as it is shown, e.g. `os.path`. */
  externalName(name: string): string;
  /** What an import from outside may mean after all: a package that is kept in another and imports itself by its name. */
  vendored?(name: string, importer: FilePath): FoundModule;
  /** Whether what is not found is outside the workspace; otherwise nothing is known of it. */
  isOutside?(name: string, importer: FilePath): boolean;
  /** The files that see each other's names without an import: of one package. */
  peers?(file: number): readonly number[];
  /** Files that give a bare name where this file uses it, or the namespace that it is: where names are found by namespaces alone. */
  named?(file: number, name: string): NamedFiles;
  /** Files that have a name of a namespace. */
  filesIn?(folder: string, name: string): readonly number[];
  /** Package outside the workspace whose names need no import, for a name that it has: `java.lang`. */
  implicit?(name: string): string | undefined;
}

export interface NamedFiles {
  readonly files: readonly number[];
  readonly folder?: string;
  /** Full name outside the workspace. */
  readonly outside?: string;
}

const maxStars = 200;

export class Modules {
  readonly #state: State;
  readonly #finders: readonly ModuleFinder[];
  #globals: Map<string, Place[]> | undefined;
  /** By importer: where each name was found to lead. */
  readonly #found = new Map<number, Map<string, FoundModule>>();
  /** By file: what imports without a name bind, by the name of the package. */
  readonly #packages = new Map<number, ReadonlyMap<string, Value>>();

  /** Set once, for languages in which what a glob names shows as values flow. */
  globs: Globs | undefined;

  /** `finders`: for each file, that of its language. */
  constructor(state: State, finders: readonly ModuleFinder[]) {
    this.#state = state;
    this.#finders = finders;
  }

  /** The module itself, or one name of it. */
  import(importer: number, from: string, name: string | undefined, to: Place): void {
    const { flow, values } = this.#state;
    const found = this.find(importer, from);
    if (found === undefined) {
      // What is written relative to this file and is not there is generated or missing: nothing is known of it.
      if (from.startsWith('.')) return;
      const finder = this.#finders[importer] as ModuleFinder;
      if (finder.isOutside?.(from, (this.#state.files[importer] as State['files'][number]).path) === false)
        return;
      const outside = (this.#finders[importer] as ModuleFinder).externalName(from);
      const full = name === undefined || name === '=' || name === 'default' ? outside : `${outside}.${name}`;
      flow.add(to, values.of({ kind: 'external', name: full }));
      const { path } = this.#state.files[importer] as State['files'][number];
      const kept = finder.vendored?.(from, path);
      if (kept !== undefined && 'file' in kept && name !== undefined) this.member(kept.file, name, to);
    } else if (name === '=' && 'file' in found) this.#require(found.file, to);
    else if (name === undefined || name === '=') flow.add(to, this.#valueOf(found));
    else if ('folder' in found) this.inFolder(found.folder, name, to, importer);
    else {
      this.member(found.file, name, to);
      // `from . import x` in a package binds the name that it asks for: only the module inside can be meant.
      const folder = found.file === importer ? this.#folderOf(importer) : undefined;
      if (folder !== undefined) this.inFolder(folder, name, to, importer);
    }
  }

  /** How something outside the workspace is shown; undefined for what is relative to the importer, and missing. */
  outsideName(importer: number, from: string): string | undefined {
    const finder = this.#finders[importer] as ModuleFinder;
    const { path } = this.#state.files[importer] as State['files'][number];
    return from.startsWith('.') || (finder.named !== undefined && finder.isOutside?.(from, path) === false)
      ? undefined
      : finder.externalName(from);
  }

  /** What scripts declare for all files. */
  global(name: string, to: Place): void {
    if (this.#globals === undefined) {
      this.#globals = new Map();
      for (const { facts, place } of this.#state.files)
        for (const [key, value] of facts.globals ?? []) {
          addTo(this.#globals, key, place + value);
        }
    }
    for (const place of this.#globals.get(name) ?? []) this.#state.flow.flow(place, to);
  }

  #folderOf(file: number): string | undefined {
    return this.#finders[file]?.packageFolder((this.#state.files[file] as State['files'][number]).path);
  }

  /** What an import leads to; undefined: outside the workspace. */
  find(importer: number, from: string): FoundModule {
    let names = this.#found.get(importer);
    if (names === undefined) {
      names = new Map();
      this.#found.set(importer, names);
    }
    if (names.has(from)) return names.get(from);
    const file = this.#state.files[importer] as State['files'][number];
    const found = (this.#finders[importer] as ModuleFinder).find(from, file.path);
    names.set(from, found);
    return found;
  }

  #valueOf(found: NonNullable<FoundModule>): Value {
    return this.#state.values.of(
      'file' in found ? { kind: 'module', file: found.file } : { kind: 'folder', path: found.folder },
    );
  }

  /** What `require` gives: `module.exports` of CommonJS, the module itself of ES. */
  #require(file: number, to: Place): void {
    const { flow } = this.#state;
    const state = this.#state.files[file] as State['files'][number];
    if (state.facts.module === undefined) {
      flow.add(to, this.#valueOf({ file }));
      return;
    }
    flow.on(state.place + state.facts.module, (module) =>
      flow.flow(this.#state.field(module, 'exports'), to),
    );
  }

  member(file: number, name: string, to: Place): void {
    this.#state.flow.flow(this.assigned(file, name), to);
    const folder = this.#folderOf(file);
    // A module of the package, whatever a name of it is that it takes from others with a star.
    if (folder !== undefined && this.#state.files[file]?.exports.has(name) === false)
      this.inFolder(folder, name, to, file);
    if (this.#exported(file, name, to, new Set())) return;
    this.globs?.look(this.#valueOf({ file }), name, to);
    const state = this.#state.files[file] as State['files'][number];
    if (state.facts.module !== undefined) {
      const required = this.#state.flow.place();
      this.#require(file, required);
      if (name === 'default') this.#state.flow.flow(required, to);
      else
        this.#state.flow.on(required, (value) => this.#state.flow.flow(this.#state.field(value, name), to));
      return;
    }
  }

  /** Whether the file, or one it takes everything from, has the name. */
  #exported(file: number, name: string, to: Place, seen: Set<number>): boolean {
    if (seen.has(file) || seen.size > maxStars) return false;
    seen.add(file);
    const state = this.#state.files[file] as State['files'][number];
    const own = state.exports.get(name);
    if (own !== undefined) {
      this.#state.flow.flow(own, to);
      return true;
    }
    const named = this.#finders[file]?.named?.(file, name);
    if (named !== undefined) return this.#addNamed(named, name, to);
    if (this.#inPeers(file, name, to)) return true;
    // Where files of a package see each other, what one takes everything from is its own affair: its names are not those of the package.
    const isPassedOn = this.#finders[file]?.peers === undefined || seen.size === 1;
    if (name === 'default' || !isPassedOn) return false;
    let outside: string | undefined;
    for (const star of state.facts.stars) {
      const found = this.find(file, star);
      if (found === undefined) outside ??= star.startsWith('.') ? undefined : star;
      else if ('file' in found && this.#exported(found.file, name, to, seen)) return true;
    }
    outside = this.#finders[file]?.implicit?.(name) ?? outside;
    if (outside === undefined) return false;
    const from = this.#finders[file]?.externalName(outside) ?? outside;
    this.#state.flow.add(to, this.#state.values.of({ kind: 'external', name: `${from}.${name}` }));
    return true;
  }

  #addNamed({ files, folder, outside }: NamedFiles, name: string, to: Place): boolean {
    const { flow, values } = this.#state;
    for (const file of files) {
      const place = this.#state.files[file]?.exports.get(name);
      if (place !== undefined) flow.flow(place, to);
    }
    if (folder !== undefined) flow.add(to, values.of({ kind: 'folder', path: folder }));
    if (outside !== undefined) flow.add(to, values.of({ kind: 'external', name: outside }));
    return files.length > 0 || folder !== undefined || outside !== undefined;
  }

  /** A name that nothing in the file binds: from what the file takes everything of. False: from nowhere. */
  free(file: number, name: string, to: Place): boolean {
    this.globs?.look(this.#valueOf({ file }), name, to);
    const state = this.#state.files[file] as State['files'][number];
    const finder = this.#finders[file];
    const isShared = finder?.peers !== undefined || finder?.named !== undefined;
    if ((isShared || state.facts.stars.length > 0) && this.#exported(file, name, to, new Set())) return true;
    return isShared && this.#importedPackage(state, name, to);
  }

  /** Of all files of the package: which of several is built depends on the platform. */
  #inPeers(file: number, name: string, to: Place): boolean {
    let isFound = false;
    for (const peer of this.#finders[file]?.peers?.(file) ?? []) {
      const place = this.#state.files[peer]?.exports.get(name);
      if (place === undefined) continue;
      this.#state.flow.flow(place, to);
      isFound = true;
    }
    return isFound;
  }

  /** An import that gives no name binds that of the package, which need not be that of its folder. */
  #importedPackage(file: State['files'][number], name: string, to: Place): boolean {
    let packages = this.#packages.get(file.number);
    if (packages === undefined) {
      packages = this.#importedPackages(file);
      this.#packages.set(file.number, packages);
    }
    const found = packages.get(name);
    if (found === undefined) return false;
    this.#state.flow.add(to, found);
    return true;
  }

  /** The first import of a name counts. */
  #importedPackages({ number, facts }: State['files'][number]): ReadonlyMap<string, Value> {
    const packages = new Map<string, Value>();
    for (const operation of facts.operations) {
      if (operation.op !== 'import' || operation.name !== undefined) continue;
      const found = this.find(number, operation.from);
      if (found === undefined || !('file' in found)) continue;
      const name = this.#state.files[found.file]?.facts.namespace;
      if (name !== undefined && !packages.has(name)) packages.set(name, this.#valueOf(found));
    }
    return packages;
  }

  inFolder(folder: string, name: string, to: Place, importer = -1): void {
    for (const finder of importer < 0 ? new Set(this.#finders) : [this.#finders[importer] as ModuleFinder]) {
      const found = finder.inside(folder, name);
      if (found !== undefined) this.#state.flow.add(to, this.#valueOf(found));
      for (const file of finder.filesIn?.(folder, name) ?? []) {
        const place = this.#state.files[file]?.exports.get(name);
        if (place !== undefined) this.#state.flow.flow(place, to);
      }
    }
  }

  /** Place of what other files give a name of this module. */
  assigned(file: number, name: string): Place {
    const module = this.#state.values.of({ kind: 'module', file });
    return this.#state.field(module, name);
  }
}
