/**
 * Builds what is published into packages/<name>/dist, and puts the licence beside it.
 * Usage: npm run build. Not needed to work in the checkout, where sources are run.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './checks/files.ts';

/** Folders under packages/, in the order in which they depend on each other. */
export const packageNames = ['sdk', 'engine', 'server'] as const;

export function build(): void {
  execFileSync(process.execPath, [join(root, 'node_modules/tsdown/dist/run.mjs')], {
    cwd: root,
    stdio: 'inherit',
  });
  // npm packs a licence only from the package's own folder.
  for (const name of packageNames)
    copyFileSync(join(root, 'LICENSE'), join(root, 'packages', name, 'LICENSE'));
}

if (import.meta.main) build();
