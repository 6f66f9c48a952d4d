/**
 * Tests of all packages and tools. Sources are run, never dist/: the `source` condition leads package exports to src/.
 * Coverage is asked for by `npm run check`; its floor holds for the engine and the server each.
 */
import { defineConfig } from 'vitest/config';

const conditions = ['source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/**/*.test.ts', 'tools/**/*.test.ts', 'eval/**/*.test.ts', 'bench/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/fixtures/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    coverage: {
      provider: 'v8',
      include: ['packages/engine/src/**/*.ts', 'packages/server/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/testing/**'],
      reporter: ['json-summary', 'html'],
      reportsDirectory: 'coverage',
      thresholds: {
        'packages/engine/src/**/*.ts': { lines: 85 },
        'packages/server/src/**/*.ts': { lines: 85 },
      },
    },
  },
});
