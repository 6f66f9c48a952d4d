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
  bundle(...packageNames);
  // Writes over what the modules have of tracing, with everything inside: two at once would write in any order.
  bundle('tracing');
  refuseLooseTracing();
  // npm packs a licence only from the package's own folder.
  for (const name of packageNames)
    copyFileSync(join(root, 'LICENSE'), join(root, 'packages', name, 'LICENSE'));
}

/** `names`: of configurations in `tsdown.config.ts`. */
function bundle(...names: readonly string[]): void {
  const filters = names.flatMap((name) => ['--filter', name]);
  execFileSync(process.execPath, [join(root, 'node_modules/tsdown/dist/run.mjs'), ...filters], {
    cwd: root,
    stdio: 'inherit',
  });
}

function refuseLooseTracing(): void {
  const file = join(root, 'packages/server/dist/observe/otel.js');
  if (/from ['"]@opentelemetry/.test(readFileSync(file, 'utf8')))
    throw new Error(`${file} imports packages that are not installed with ours: build again`);
}

if (import.meta.main) build();
