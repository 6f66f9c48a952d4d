/**
 * Completes package-lock.json: adds the optional platform packages that npm left out, so that `npm ci` accepts it.
 * Usage: npm run lock:complete (after every `npm install` that changes dependencies)
 * npm leaves an optional dependency out of the lock file when the registry at hand does not carry that platform's
 * package; `npm ci` then refuses the file. Knows nothing of our packages: it reads and writes the lock file alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockEntry {
  readonly resolved?: string;
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface LockFile {
  packages: Record<string, LockEntry>;
}

/** `version` exact, e.g. `2.6.8`: platform packages are pinned by the package that lists them. */
export interface MissingPackage {
  readonly key: string;
  readonly version: string;
  readonly dev: boolean;
}

const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openharmony',
  'openbsd',
  'netbsd',
  'sunos',
  'win32',
  'aix',
];
const processors = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'ppc64',
  'riscv64',
  's390x',
  'loong64',
  'mips64el',
  'wasm32',
];

/** Optional dependencies with an exact version that no entry of the lock file can satisfy. */
export function missingOptional(packages: Readonly<Record<string, LockEntry>>): readonly MissingPackage[] {
  const missing = new Map<string, MissingPackage>();
  for (const [owner, entry] of Object.entries(packages)) {
    for (const [name, wanted] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!/^\d/.test(wanted) || resolves(packages, owner, name)) continue;
      const key = `node_modules/${name}`;
      missing.set(key, { key, version: wanted, dev: entry.dev === true });
    }
  }
  return [...missing.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Node's own lookup: the owner's node_modules, then those of the folders above. */
function resolves(packages: Readonly<Record<string, LockEntry>>, owner: string, name: string): boolean {
  for (let folder = owner; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const key = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[key]?.version !== undefined) return true;
    if (folder === '') return false;
    if (!folder.includes('node_modules/')) folder = '';
  }
}

/** What can be told of a platform package by its name; npm fills in the rest on the platform that installs it. */
export function platformEntry(missing: MissingPackage): LockEntry {
  const words = missing.key.slice(missing.key.lastIndexOf('/') + 1).split(/[-_]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : [];
  return {
    version: missing.version,
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(missing.dev ? { dev: true } : {}),
    ...(libc.length > 0 && os.includes('linux') ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}

function main(): void {
  const file = join(import.meta.dirname, '..', 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8')) as LockFile;
  const missing = missingOptional(lock.packages);
  if (missing.length === 0) {
    console.log('package-lock.json is complete');
    return;
  }
  for (const one of missing) {
    lock.packages[one.key] = platformEntry(one);
    console.log(`added ${one.key}@${one.version}`);
  }
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
}

if (import.meta.main) main();
