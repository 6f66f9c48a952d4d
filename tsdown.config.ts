/**
 * Builds what is published: each package's src/ to dist/, module by module, with declarations.
 * Modules stay apart (`unbundle`), because threads are started by file and stack traces should name real files.
 */
import { defineConfig, type UserConfig } from 'tsdown';

function build(name: string, entry: readonly string[]): UserConfig {
  return {
    name,
    cwd: `packages/${name}`,
    entry: [...entry],
    outDir: 'dist',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    fixedExtension: false,
    unbundle: true,
    dts: true,
    clean: true,
    tsconfig: '../../tsconfig.json',
    logLevel: 'warn',
    deps: { neverBundle: [/^@conexus\//, /^[^./]/] },
  };
}

export default defineConfig([
  build('sdk', ['src/index.ts', 'src/contract/index.ts']),
  build('engine', ['src/index.ts', 'src/index-worker.ts', 'src/scan-worker.ts']),
  build('server', ['src/index.ts', 'src/cli/main.ts']),
]);
