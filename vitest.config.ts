/**
 * Tests of all packages and tools. Sources are run, never dist/: aliases lead our packages to src/. (Not the `source`
 * condition: other packages have one, too, and Node refuses to strip types below node_modules.)
 * Coverage is asked for by `npm run check`; its floor holds for the engine and the server each.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`packages/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@conexus\/engine$/, replacement: source('engine/src/index.ts') },
      { find: /^@conexus\/sdk$/, replacement: source('sdk/src/index.ts') },
      { find: /^@conexus\/sdk\/contract$/, replacement: source('sdk/src/contract/index.ts') },
    ],
  },
  test: {
    include: [
      'packages/**/*.test.ts',
      'tools/**/*.test.ts',
      'eval/**/*.test.ts',
      'training/**/*.test.ts',
      'bench/**/*.test.ts',
      'observability/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', '**/fixtures/**'],
    pool: 'forks',
    maxWorkers: 2,
    // As the binary starts (packages/server/bin/start.cjs). Threads that end while V8 optimises a grammar also crash the process.
    execArgv: ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'],
    testTimeout: 60_000,
    // Hooks start processes and build indexes as tests do.
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['packages/engine/src/**/*.ts', 'packages/server/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.test-kit.ts', '**/testing/**'],
      reporter: ['json-summary', 'html'],
      reportsDirectory: 'coverage',
      reportOnFailure: true,
      thresholds: {
        'packages/engine/src/**/*.ts': { lines: 85 },
        'packages/server/src/**/*.ts': { lines: 85 },
      },
    },
  },
});
