/**
 * Everything of others that users get: packages that npm installs with ours, packages that are bundled into a file of ours, grammars that lie in
 * the engine. Read from the lock files alone, so that it is the same on every machine. `npm sbom` knows the first kind only, and refuses a
 * workspace whose root has no version.
 */

export interface Component {
  /** Name and version; of a grammar also which of its package's. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** SPDX expression as the package states it; undefined: it states none. */
  readonly licence: string | undefined;
  /** `sha512-…` of the archive, as npm checks it, or `sha256-<hex>` of a file. */
  readonly integrity: string | undefined;
  readonly kind: 'installed' | 'bundled' | 'grammar';
  /** Installed on some platforms alone. */
  readonly isOptional: boolean;
  /** Runs a script when it is installed. */
  readonly runsScript: boolean;
  /** Ids of the components that it needs. */
  readonly needs: readonly string[];
}

interface LockPackage {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface PackageLock {
  readonly packages: Readonly<Record<string, LockPackage>>;
}

interface GrammarLock {
  readonly package: string;
  readonly version: string;
  readonly licence: string;
  readonly sha256: string;
}

/** Packages whose code is put into a file of ours (tsdown.config.ts). */
const BUNDLED = /^@opentelemetry\//;
const OWN = ['packages/sdk', 'packages/engine', 'packages/server'];

export function componentsOf(
  lock: PackageLock,
  grammars: Readonly<Record<string, GrammarLock>>,
): readonly Component[] {
  const { packages } = lock;
  const installed = reachable(
    packages,
    OWN.flatMap((own) => placesOf(packages, own)),
  );
  const { devDependencies = {} } = packages[''] ?? {};
  const bundled = reachable(
    packages,
    Object.keys(devDependencies)
      .filter((name) => BUNDLED.test(name))
      .map((name) => placeOf(packages, '', name)),
  );
  const all = [
    ...[...installed].map((place) => ofPackage(packages, place, 'installed')),
    ...[...bundled]
      .filter((place) => !installed.has(place))
      .map((place) => ofPackage(packages, place, 'bundled')),
    ...Object.entries(grammars).map(([grammar, entry]) => ofGrammar(grammar, entry)),
  ];
  // One that lies in several places is one.
  return [...new Map(all.map((one) => [one.id, one])).values()].sort((a, b) =>
    a.id < b.id ? -1 : a.id > b.id ? 1 : 0,
  );
}

type Packages = PackageLock['packages'];

/** Ours are no components of themselves; what they need is. */
function reachable(packages: Packages, places: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...places];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (found.has(place) || packages[place]?.link === true) continue;
    found.add(place);
    waiting.push(...placesOf(packages, place));
  }
  return found;
}

function placesOf(packages: Packages, place: string): string[] {
  const { dependencies, optionalDependencies } = packages[place] ?? {};
  return Object.keys({ ...dependencies, ...optionalDependencies }).map((name) =>
    placeOf(packages, place, name),
  );
}

/** Where Node finds a package from another: beside it, or further up. @throws Error where the lock file has none */
function placeOf(packages: Packages, from: string, name: string): string {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (at === '') throw new Error(`package-lock.json: ${name} is needed by ${from || 'us'} and not there`);
  }
}

const nameOf = (place: string): string =>
  place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
const idOf = (packages: Packages, place: string): string =>
  `${nameOf(place)}@${packages[place]?.version ?? ''}`;

function ofPackage(packages: Packages, place: string, kind: Component['kind']): Component {
  const entry = packages[place] ?? {};
  return {
    id: idOf(packages, place),
    name: nameOf(place),
    version: entry.version ?? '',
    licence: entry.license,
    integrity: entry.integrity,
    kind,
    isOptional: entry.optional === true,
    runsScript: entry.hasInstallScript === true,
    needs: placesOf(packages, place)
      .map((needed) => idOf(packages, needed))
      .sort(),
  };
}

function ofGrammar(grammar: string, { package: name, version, licence, sha256 }: GrammarLock): Component {
  return {
    id: `${name}@${version}#${grammar}.wasm`,
    name,
    version,
    licence,
    integrity: `sha256-${sha256}`,
    kind: 'grammar',
    isOptional: false,
    runsScript: false,
    needs: [],
  };
}
