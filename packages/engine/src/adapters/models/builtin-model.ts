/** Reads the weights that ship with the package: our own file, never a user's. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConexusError } from '../../model/errors.ts';

const FILE = join('weights', 'static-model.bin');

/** The folder lies beside `src/` and beside `dist/`; how deep this module is bundled is not its business. */
function findWeights(): string {
  let folder = import.meta.dirname;
  for (let level = 0; level < 6; level++) {
    const candidate = join(folder, FILE);
    if (existsSync(candidate)) return candidate;
    folder = dirname(folder);
  }
  throw new ConexusError(
    'not_indexed',
    'The weights of the built-in embedding are missing from the installed package.',
    'Install the package again, or set CONEXUS_EMBEDDER=none.',
  );
}

/** @throws ConexusError when the package is not whole */
export function readBuiltinModel(): Uint8Array {
  return readFileSync(findWeights());
}
