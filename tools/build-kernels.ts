/**
 * Compiles the AssemblyScript of packages/engine/kernels/ to WebAssembly with SIMD, each kernel into a TypeScript module
 * beside its user: installing the engine needs no compiler and loading a kernel reads no file.
 *
 *   npm run kernels               compile and write
 *   npm run kernels -- --check    exit 1 if a committed module is not what its source compiles to
 *
 * The compiler is pinned exactly in package.json, since another version may give other bytes.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './checks/files.ts';

interface Kernel {
  /** In packages/engine/kernels/. */
  readonly source: string;
  /** Generated module, in packages/engine/src/. */
  readonly module: string;
  /** Every kernel imports its memory as `env.memory`; threads need a shared one. Pages of 64 KiB. */
  readonly memory: 'shared' | 'unshared';
}

const kernels: readonly Kernel[] = [
  { source: 'scan.ts', module: 'vectors/scan-kernel.generated.ts', memory: 'shared' },
  { source: 'train.ts', module: 'embedding/train/train-kernel.generated.ts', memory: 'unshared' },
];

/** No runtime, no allocator, no assertions: kernels are loops over memory that the caller lays out. */
const OPTIONS = ['--runtime', 'stub', '-O3', '--converge', '--noAssert', '--use', 'abort='];
/** Relaxed SIMD stays off: its results may differ between machines. */
const FEATURES = ['--enable', 'simd'];
const MEMORY = ['--importMemory', '--noExportMemory', '--initialMemory', '1', '--maximumMemory', '65536'];

/** Its types would declare globals of their own over Node's, so the compiler is run, not imported. */
const compiler = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js');

function compile(kernel: Kernel): Uint8Array {
  const shared = kernel.memory === 'shared' ? ['--enable', 'threads', '--sharedMemory'] : [];
  const folder = mkdtempSync(join(tmpdir(), 'conexus-kernel-'));
  try {
    const output = join(folder, 'kernel.wasm');
    const options = [...OPTIONS, ...FEATURES, ...MEMORY, ...shared, '--outFile', output];
    const cwd = join(root, 'packages', 'engine', 'kernels');
    execFileSync(process.execPath, [compiler, kernel.source, ...options], { cwd, stdio: 'pipe' });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lines of 100 characters keep differences and editors usable. */
function render(kernel: Kernel, wasm: Uint8Array): string {
  const sha256 = createHash('sha256').update(wasm).digest('hex');
  const lines =
    Buffer.from(wasm)
      .toString('base64')
      .match(/.{1,100}/g) ?? [];
  return [
    `/** Generated from packages/engine/kernels/${kernel.source} by tools/build-kernels.ts; \`npm run kernels\` after a change. */`,
    '',
    `/** Base64 of ${wasm.length} bytes of WebAssembly that import \`env.memory\`. SHA-256: ${sha256}. */`,
    'export const wasm =',
    ...lines.map((line, i) => `  '${line}'${i === lines.length - 1 ? ';' : ' +'}`),
    '',
  ].join('\n');
}

function main(checking: boolean): number {
  const stale: string[] = [];
  for (const kernel of kernels) {
    const path = join('packages', 'engine', 'src', kernel.module);
    const file = join(root, path);
    const wasm = compile(kernel);
    const text = render(kernel, wasm);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    if (checking) stale.push(path);
    else writeFileSync(file, text);
    console.log(checking ? `${path} is not what its source compiles to` : `${path}: ${wasm.length} bytes`);
  }
  if (stale.length > 0) console.log('run `npm run kernels`');
  return stale.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.includes('--check'));
