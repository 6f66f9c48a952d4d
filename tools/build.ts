/**
 * Builds what is published into packages/<name>/dist, and puts the licence beside it.
 * Usage: npm run build. Not needed to work in the checkout, where sources are run.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './checks/files.ts';

/** Folders under packages/, in the order in which they depend on each other. */
export const packageNames = ['sdk', 'engine', 'server'] as const;

export function build(): void {
  execFileSync(process.execPath, [join(root, 'node_modules/tsdown/dist/run.mjs')], {
    cwd: root,
    stdio: 'inherit',
  });
  refuseLooseTracing();
  // npm packs a licence only from the package's own folder.
  for (const name of packageNames)
    copyFileSync(join(root, 'LICENSE'), join(root, 'packages', name, 'LICENSE'));
}

/** Two builds write into one folder: the one with everything inside must have been the last. */
function refuseLooseTracing(): void {
  const file = join(root, 'packages/server/dist/observe/otel.js');
  if (/from ['"]@opentelemetry/.test(readFileSync(file, 'utf8')))
    throw new Error(`${file} imports packages that are not installed with ours: build again`);
}

if (import.meta.main) build();
