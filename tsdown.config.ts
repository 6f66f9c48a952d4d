/**
 * Builds what is published: each package's src/ to dist/, with declarations. The SDK module by module (`unbundle`), so that stack
 * traces name real files; but the engine as one file an entry: every process and thread opens it, and its 260 modules took
 * 140 to 180 ms of processor time where one file takes 70. The server, too, with the SDK and zod inside: of the 290 ms of a search
 * on the command line, 40 were spent on finding and opening 170 modules (ADR 0039). Names of functions are kept.
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

/** What the server's files hold of others: OpenTelemetry as packages would double what a user installs; zod is a hundred modules. */
const INSIDE = /^(@opentelemetry\/|@conexus\/sdk|zod)/;
const OUTSIDE = /^(?!@opentelemetry\/|@conexus\/sdk|zod)[^./]/;

/** Types name packages and hold nothing of them. */
function serverTypes(): UserConfig {
  return {
    ...build('server', ['src/index.ts'], false),
    name: 'types',
    clean: false,
    dts: { emitDtsOnly: true },
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
  {
    ...build('server', ['src/index.ts', 'src/cli/main.ts', 'src/observe/otel.ts'], false),
    dts: false,
    deps: { alwaysBundle: [INSIDE], neverBundle: [OUTSIDE] },
  },
  serverTypes(),
]);
