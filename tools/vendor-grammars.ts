/**
 * Brings the tree-sitter grammars of `packages/engine/grammars/` up to the versions pinned below.
 *
 *   node tools/vendor-grammars.ts           download, check against the lock, write
 *   node tools/vendor-grammars.ts --update  the same, but rewrite the checksums in the lock
 *
 * The packages are fetched with `npm pack` into a temporary folder and unpacked with `tar`; they are never
 * installed and none of their scripts runs (theirs compile native code). Only the `.wasm` and the licence are kept.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

interface GrammarSource {
  readonly grammar: string;
  readonly package: string;
  readonly version: string;
  /** Path of the `.wasm` inside the package. */
  readonly wasm: string;
  /** The package whose LICENSE covers the grammar, where the `.wasm` comes from a collection. */
  readonly licenceFrom?: { readonly package: string; readonly version: string };
}

interface LockEntry {
  readonly package: string;
  readonly version: string;
  readonly licence: string;
  readonly licenceFile: string;
  readonly file: string;
  /** SHA-256 of the unpacked `.wasm`, and its size. */
  readonly sha256: string;
  readonly bytes: number;
  readonly packedBytes: number;
}

const official = (grammar: string, version: string): GrammarSource => ({
  grammar,
  package: `tree-sitter-${grammar.replace('_', '-')}`,
  version,
  wasm: `tree-sitter-${grammar}.wasm`,
});

const sources: readonly GrammarSource[] = [
  official('bash', '0.25.1'),
  official('c', '0.24.1'),
  official('c_sharp', '0.23.5'),
  official('cpp', '0.23.4'),
  official('go', '0.25.0'),
  official('java', '0.23.5'),
  official('javascript', '0.25.0'),
  { ...official('kotlin', '1.1.0'), package: '@tree-sitter-grammars/tree-sitter-kotlin' },
  official('php', '0.24.2'),
  official('python', '0.25.0'),
  official('ruby', '0.23.1'),
  official('rust', '0.24.0'),
  official('scala', '0.24.0'),
  {
    // The grammar's own package has no .wasm; this collection builds it from that package.
    grammar: 'swift',
    package: '@repomix/tree-sitter-wasms',
    version: '0.1.17',
    wasm: 'out/tree-sitter-swift.wasm',
    licenceFrom: { package: 'tree-sitter-swift', version: '0.7.1' },
  },
  { ...official('tsx', '0.23.2'), package: 'tree-sitter-typescript' },
  official('typescript', '0.23.2'),
];

const target = join(import.meta.dirname, '..', 'packages', 'engine', 'grammars');
const lockPath = join(target, 'grammars.lock.json');

function vendorAll(update: boolean): void {
  const temporary = mkdtempSync(join(tmpdir(), 'conexus-grammars-'));
  try {
    const before: Record<string, LockEntry> = existsSync(lockPath)
      ? JSON.parse(readFileSync(lockPath, 'utf8'))
      : {};
    const after: Record<string, LockEntry> = {};
    for (const source of sources) {
      const entry = vendor(source, temporary);
      const locked = before[source.grammar];
      if (!update && locked?.sha256 !== entry.sha256) {
        throw new Error(
          `${source.grammar}: checksum differs from the lock; look at the package, then use --update`,
        );
      }
      after[source.grammar] = entry;
      console.log(
        `${source.grammar.padEnd(12)} ${source.package}@${source.version} ${entry.packedBytes} bytes`,
      );
    }
    writeFileSync(lockPath, `${JSON.stringify(after, null, 2)}\n`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function vendor(source: GrammarSource, temporary: string): LockEntry {
  const folder = unpack(source.package, source.version, temporary);
  const wasm = readFileSync(join(folder, source.wasm));
  const packed = brotliCompressSync(wasm, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length,
    },
  });
  const file = `${source.grammar}.wasm.br`;
  writeFileSync(join(target, file), packed);

  const licensed = source.licenceFrom ?? source;
  const licensedFolder = unpack(licensed.package, licensed.version, temporary);
  const licenceFile = `licences/${source.grammar}.txt`;
  mkdirSync(join(target, 'licences'), { recursive: true });
  writeFileSync(join(target, licenceFile), readFileSync(join(licensedFolder, findLicence(licensedFolder))));
  const { license } = JSON.parse(readFileSync(join(licensedFolder, 'package.json'), 'utf8')) as {
    license: string;
  };
  return {
    package: source.package,
    version: source.version,
    licence: license,
    licenceFile,
    file,
    sha256: createHash('sha256').update(wasm).digest('hex'),
    bytes: wasm.length,
    packedBytes: packed.length,
  };
}

/** Folder with the package's files, downloaded once per run. */
function unpack(name: string, version: string, temporary: string): string {
  const folder = join(temporary, `${name.replace('/', '+')}@${version}`);
  if (existsSync(folder)) return join(folder, 'package');
  mkdirSync(folder, { recursive: true });
  const arguments_ = [
    'pack',
    '--ignore-scripts',
    '--silent',
    '--pack-destination',
    folder,
    `${name}@${version}`,
  ];
  execFileSync('npm', arguments_, { cwd: temporary, stdio: ['ignore', 'pipe', 'ignore'] });
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (archive === undefined) throw new Error(`npm pack gave no archive for ${name}@${version}`);
  execFileSync('tar', ['-xzf', archive], { cwd: folder });
  return join(folder, 'package');
}

function findLicence(folder: string): string {
  const found = readdirSync(folder).find((file) => /^(licen[cs]e|copying)/i.test(file));
  if (found === undefined) throw new Error(`no licence file in ${folder}`);
  return found;
}

vendorAll(process.argv.includes('--update'));
