/** Packs the built packages as npm would publish them. Knows nothing of what is in them. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { packageNames } from './build.ts';
import { root } from './checks/files.ts';

export interface PackedPackage {
  readonly name: string;
  readonly tarball: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly files: number;
}

export function packAll(folder: string): readonly PackedPackage[] {
  return packageNames.map((name) => {
    const args = ['pack', '--json', '--loglevel=error', '--pack-destination', folder];
    const printed = npm(args, join(root, 'packages', name));
    const packed = firstPacked(JSON.parse(printed));
    const tarball = join(folder, packed.filename);
    const { size } = statSync(tarball);
    return {
      name: packed.name,
      tarball,
      packedBytes: size,
      unpackedBytes: packed.unpackedSize,
      files: packed.entryCount,
    };
  });
}

interface NpmPacked {
  readonly name: string;
  readonly filename: string;
  readonly unpackedSize: number;
  readonly entryCount: number;
}

/** npm 11 prints a list, npm 12 an object by package name. */
function firstPacked(printed: readonly NpmPacked[] | Readonly<Record<string, NpmPacked>>): NpmPacked {
  const first = Object.values(printed)[0];
  if (first === undefined) throw new Error('npm pack printed no package');
  return first;
}

export function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });
}

export function sizeTable(packages: readonly PackedPackage[]): string {
  const rows = packages.map((each) => [
    each.name,
    `${kib(each.packedBytes)} packed`,
    `${kib(each.unpackedBytes)} unpacked`,
    `${each.files} files`,
  ]);
  return rows
    .map((row) => row.map((cell, index) => (index === 0 ? cell.padEnd(18) : cell.padStart(20))).join(''))
    .join('\n');
}

function kib(bytes: number): string {
  return `${Math.round(bytes / 1024)} KiB`;
}
