/** Reads the weights that ship with the package: our own file, never a user's. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FILE = join('weights', 'static-model.bin');

/** The folder lies beside `src/` and beside `dist/`; how deep this module is bundled is not its business. */
function findWeights(): string | undefined {
  let folder = import.meta.dirname;
  for (let level = 0; level < 6; level++) {
    const candidate = join(folder, FILE);
    if (existsSync(candidate)) return candidate;
    folder = dirname(folder);
  }
  return undefined;
}

/** undefined: the package has none, and answers go without. */
export function readBuiltinModel(): Uint8Array | undefined {
  const file = findWeights();
  return file === undefined ? undefined : readFileSync(file);
}
