/** The contract suite, run against every store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../ports/store.ts';
import { createMemoryDatabase, openMemoryStore } from './memory-store.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { describeStore } from './testing/store-contract.ts';

describeStore('memory store', (options) => {
  const database = createMemoryDatabase(options);
  return { open: () => openMemoryStore(database), dispose: async () => {} };
});

describeStore('SQLite store', (options) => {
  const folder = mkdtempSync(join(tmpdir(), 'conexus-store-'));
  const opened: Store[] = [];
  return {
    open: () => {
      const store = openSqliteStore(join(folder, 'index.sqlite'), options);
      opened.push(store);
      return store;
    },
    dispose: async () => {
      for (const store of opened) await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
