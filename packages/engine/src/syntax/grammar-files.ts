/**
 * Reads the grammars that ship with the package. The only file access in `syntax/`: our own files, never a user's.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { ConexusError } from '../model/errors.ts';

const unpack = promisify(brotliDecompress);

/** The folder lies beside `src/` and beside `dist/`; how deep this module is bundled is not its business. */
function findGrammarFolder(): string {
  let folder = import.meta.dirname;
  for (let level = 0; level < 5; level++) {
    const candidate = join(folder, 'grammars');
    if (existsSync(join(candidate, 'grammars.lock.json'))) return candidate;
    folder = dirname(folder);
  }
  throw new ConexusError(
    'not_indexed',
    'The grammars folder is missing from the installed package.',
    'Install the package again.',
  );
}

let grammarFolder: string | undefined;

/** The WebAssembly module of a grammar. Checksums are verified by a test, not here: load time is start-up time. */
export async function readGrammar(grammar: string): Promise<Uint8Array> {
  grammarFolder ??= findGrammarFolder();
  return unpack(await readFile(join(grammarFolder, `${grammar}.wasm.br`)));
}
