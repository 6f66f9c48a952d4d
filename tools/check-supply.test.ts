import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, test } from 'vitest';
import { shippedComponents } from './check-supply.ts';
import { root } from './checks/files.ts';
import { type Component, componentsOf, type PackageLock } from './security/components.ts';
import { cycloneDx } from './security/cyclonedx.ts';
import { isAllowed, supplyProblems } from './security/supply.ts';

const PRODUCT = { name: 'conexus', version: '1.2.3', licence: 'Apache-2.0' };
const sri = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
const component: Component = {
  id: '@a/b@1.0.0',
  name: '@a/b',
  version: '1.0.0',
  licence: 'MIT',
  integrity: sri,
  kind: 'installed',
  isOptional: false,
  runsScript: false,
  needs: [],
};

describe('components', () => {
  test('are what npm itself does not take for development, and what is bundled', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as PackageLock;
    const byNpm = Object.entries(lock.packages)
      .filter(([place, { dev, link }]) => place.includes('node_modules/') && !dev && !link)
      .map(([place, { version }]) => `${place.slice(place.lastIndexOf('node_modules/') + 13)}@${version}`);
    const all = shippedComponents();
    const shipped = all.filter(({ kind }) => kind !== 'grammar').map(({ id }) => id);
    expect(shipped).toEqual(expect.arrayContaining(byNpm));
    expect(all.filter(({ kind }) => kind === 'installed').every(({ id }) => byNpm.includes(id))).toBe(true);
    expect(
      all.filter(({ kind }) => kind === 'bundled').every(({ name }) => name.startsWith('@opentelemetry/')),
    ).toBe(true);
    expect(all.filter(({ kind }) => kind === 'grammar').length).toBeGreaterThan(10);
  });

  test('are found where Node finds them: two versions are two', () => {
    const packages: PackageLock['packages'] = {
      '': {},
      'packages/server': { dependencies: { a: '1', b: '1' } },
      'node_modules/a': { version: '1.0.0', dependencies: { b: '2' } },
      'node_modules/a/node_modules/b': { version: '2.0.0', optionalDependencies: { c: '1' } },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/c': { version: '1.0.0', dependencies: { a: '1' } },
      'node_modules/unrelated': { version: '9.0.0' },
    };
    const found = componentsOf({ packages }, {});
    expect(found.map(({ id, needs }) => `${id} -> ${needs.join(' ')}`)).toEqual([
      'a@1.0.0 -> b@2.0.0',
      'b@1.0.0 -> ',
      'b@2.0.0 -> c@1.0.0',
      'c@1.0.0 -> a@1.0.0',
    ]);
    expect(() => componentsOf({ packages: { 'packages/sdk': { dependencies: { gone: '1' } } } }, {})).toThrow(
      /gone is needed/,
    );
  });
});

describe('what may ship', () => {
  test.each([
    ['MIT', true],
    ['MIT OR GPL-3.0-only', true],
    ['(MIT OR Apache-2.0)', true],
    ['MIT AND BSD-3-Clause', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-or-later', false],
    ['AGPL-3.0-only', false],
    ['LGPL-2.1', false],
    ['MPL-2.0', false],
    ['SSPL-1.0', false],
    ['UNLICENSED', false],
    ['SEE LICENSE IN LICENSE.md', false],
    ['mit', false],
    ['MIT AND (GPL-2.0 OR ISC)', false],
    ['', false],
    [undefined, false],
  ])('licence %s: %s', (licence, may) => {
    expect(isAllowed(licence)).toBe(may);
  });

  test('has a known licence, a checksum, no script and a notice', () => {
    expect(supplyProblems([component], '')).toEqual([]);
    const bad = {
      ...component,
      licence: undefined,
      integrity: undefined,
      runsScript: true,
      kind: 'bundled',
    } as const;
    expect(supplyProblems([bad], 'a notice about others')).toHaveLength(4);
    expect(
      supplyProblems([{ ...component, kind: 'bundled', name: '@opentelemetry/core' }], 'parts of core'),
    ).toEqual([]);
  });
});

describe('the bill of materials', () => {
  const bill = () =>
    cycloneDx(PRODUCT, shippedComponents()) as {
      components: { 'bom-ref': string; purl: string; hashes: { alg: string; content: string }[] }[];
      dependencies: { ref: string; dependsOn: string[] }[];
      serialNumber: string;
    };

  test('keeps the strict schema of CycloneDX', async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    expect(await validator.validate(JSON.stringify(bill()))).toBeNull();
    const broken = { ...bill(), components: [{ type: 'library' }] };
    expect(await validator.validate(JSON.stringify(broken))).not.toBeNull();
  });

  test('is the same twice, and another for other contents', () => {
    expect(JSON.stringify(bill())).toBe(JSON.stringify(bill()));
    const one = cycloneDx(PRODUCT, [component]);
    expect(one).not.toEqual(cycloneDx(PRODUCT, [{ ...component, version: '1.0.1' }]));
    expect(String(one['serialNumber'])).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(JSON.stringify(one)).not.toMatch(/timestamp/);
  });

  test('names every component once, with its digest, and every reference leads somewhere', () => {
    const { components, dependencies } = bill();
    const refs = components.map((one) => one['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    expect(refs.length).toBe(shippedComponents().length);
    for (const { hashes } of components)
      expect(hashes[0]?.content).toMatch(hashes[0]?.alg === 'SHA-512' ? /^[0-9a-f]{128}$/ : /^[0-9a-f]{64}$/);
    for (const { ref, dependsOn } of dependencies)
      for (const each of [ref, ...dependsOn]) expect([...refs, 'pkg:npm/conexus@1.2.3']).toContain(each);
    expect(dependencies.map(({ ref }) => ref).sort()).toEqual([...refs, 'pkg:npm/conexus@1.2.3'].sort());
    expect(refs).toContain('pkg:npm/%40modelcontextprotocol/server@2.4.0');
  });
});
