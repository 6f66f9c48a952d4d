/**
 * What users get of others: prints it as a bill of materials (CycloneDX), or checks licences, checksums, install scripts and notices.
 * Usage: node tools/check-supply.ts [--sbom]. Reads lock files only; asks nobody. Known vulnerabilities are not its business: `npm audit` in
 * .github/workflows/check.yml, where its service can be reached.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './checks/files.ts';
import { type Component, componentsOf, type PackageLock } from './security/components.ts';
import { cycloneDx, type Product } from './security/cyclonedx.ts';
import { supplyProblems } from './security/supply.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

export function shippedComponents(): readonly Component[] {
  const grammars = JSON.parse(read('packages/engine/grammars/grammars.lock.json'));
  return componentsOf(JSON.parse(read('package-lock.json')) as PackageLock, grammars);
}

function main(): number {
  const components = shippedComponents();
  if (process.argv.includes('--sbom')) {
    const { name, version, license } = JSON.parse(read('packages/server/package.json')) as Omit<
      Product,
      'licence'
    > & {
      readonly license: string;
    };
    process.stdout.write(
      `${JSON.stringify(cycloneDx({ name, version, licence: license }, components), undefined, 1)}\n`,
    );
    return 0;
  }
  const problems = supplyProblems(components, read('packages/server/NOTICE'));
  for (const problem of problems) console.log(problem);
  return problems.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = main();
