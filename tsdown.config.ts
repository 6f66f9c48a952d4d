/**
 * Builds what is published: each package's src/ to dist/, with declarations. Module by module (`unbundle`), so that stack
 * traces name real files; but the engine as one file an entry: every process and thread opens it, and its 260 modules took
 * 140 to 180 ms of processor time where one file takes 70. Names of functions are kept.
 */
import { defineConfig, type UserConfig } from 'tsdown';

function build(name: string, entry: readonly string[], unbundle: boolean): UserConfig {
  return {
    name,
    cwd: `packages/${name}`,
    entry: [...entry],
    outDir: 'dist',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    fixedExtension: false,
    unbundle,
    dts: true,
    clean: true,
    tsconfig: '../../tsconfig.json',
    logLevel: 'warn',
    deps: { neverBundle: [/^@conexus\//, /^[^./]/] },
  };
}

/** Tracing with all that it imports: as packages, OpenTelemetry would double what a user installs. */
function bundledTracing(): UserConfig {
  return {
    ...build('server', ['src/observe/otel.ts'], false),
    name: 'tracing',
    outDir: 'dist/observe',
    clean: false,
    dts: false,
    deps: { alwaysBundle: [/^@opentelemetry\//] },
  };
}

export default defineConfig([
  build('sdk', ['src/index.ts', 'src/contract/index.ts'], true),
  build(
    'engine',
    [
      'src/index.ts',
      'src/index-worker.ts',
      'src/question-worker.ts',
      'src/scan-worker.ts',
      'src/walk-worker.ts',
      'src/learning-process.ts',
      'src/starting-process.ts',
    ],
    false,
  ),
  build('server', ['src/index.ts', 'src/cli/main.ts'], true),
  bundledTracing(),
]);
