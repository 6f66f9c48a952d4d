/**
 * Builds what is published into packages/<name>/dist, and puts the licence beside it.
 * Usage: npm run build. Not needed to work in the checkout, where sources are run.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './checks/files.ts';

/** Folders under packages/, in the order in which they depend on each other. */
export const packageNames = ['sdk', 'engine', 'server'] as const;

export function build(): void {
  // The server holds what was built of the SDK.
  bundle('sdk', 'engine');
  bundle('server');
  // After the server, which empties the folder first.
  bundle('types');
  refuseLooseParts();
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

/** What is not installed with ours, or was taken inside for the time of a start. */
function refuseLooseParts(): void {
  const folder = join(root, 'packages/server/dist');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const loose = /from ['"](@opentelemetry|@conexus\/sdk|zod)/.exec(
      readFileSync(join(folder, name), 'utf8'),
    );
    if (loose) throw new Error(`dist/${name} of the server imports ${loose[1]}, which is to be inside`);
  }
}

if (import.meta.main) build();
