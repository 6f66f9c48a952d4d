/** Writes rules, their tests and dashboards. Usage: npm run observability */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { artifacts } from './artifacts.ts';

for (const [path, text] of artifacts()) {
  const file = join(import.meta.dirname, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`wrote observability/${path}`);
}
