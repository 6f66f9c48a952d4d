/**
 * Builds the packages and checks them as their users see them: exports that resolve, types that match, nothing missing.
 * Usage: npm run check:package. Slow, so apart from `npm run check`; CI of a release runs both.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.ts';
import { root } from './checks/files.ts';
import { type PackedPackage, packAll, sizeTable } from './packed.ts';

function main(): number {
  build();
  const folder = mkdtempSync(join(tmpdir(), 'conexus-pack-'));
  try {
    const packages = packAll(folder);
    console.log(sizeTable(packages));
    const failed = packages.filter((each) => !passes(each));
    console.log(
      failed.length === 0
        ? 'packages are fit to publish'
        : `failed: ${failed.map((each) => each.name).join(', ')}`,
    );
    return failed.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Node 24 and bundlers only: CommonJS users of older Nodes are none of ours. */
function passes(packed: PackedPackage): boolean {
  const checks = [
    ['publint', 'run', packed.tarball, '--strict'],
    ['attw', packed.tarball, '--profile', 'esm-only', '--format', 'ascii'],
  ];
  return checks.every(([command = '', ...args]) => {
    console.log(`\n$ ${command} ${packed.name}`);
    return (
      spawnSync(join(root, 'node_modules', '.bin', command), args, { stdio: 'inherit', cwd: root }).status ===
      0
    );
  });
}

process.exitCode = main();
