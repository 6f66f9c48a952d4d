import { expect, test } from 'vitest';
import { missingOptional, platformEntry } from './complete-lock.ts';

const owner = {
  version: '2.0.0',
  dev: true,
  optionalDependencies: { '@x/cli-darwin-arm64': '2.0.0', '@x/cli-linux-x64': '2.0.0' },
};

test('a platform package without an entry is missing', () => {
  const packages = { 'node_modules/x': owner, 'node_modules/@x/cli-linux-x64': { version: '2.0.0' } };
  expect(missingOptional(packages)).toEqual([
    { key: 'node_modules/@x/cli-darwin-arm64', version: '2.0.0', dev: true },
  ]);
});

test("an entry in the owner's own or an outer node_modules counts, one without a version does not", () => {
  const packages = {
    'node_modules/y/node_modules/x': owner,
    'node_modules/y/node_modules/x/node_modules/@x/cli-linux-x64': { version: '2.0.0' },
    'node_modules/y/node_modules/@x/cli-darwin-arm64': {},
    'node_modules/@x/cli-darwin-arm64': { version: '2.0.0' },
  };
  expect(missingOptional(packages)).toEqual([]);
  expect(missingOptional({ ...packages, 'node_modules/@x/cli-darwin-arm64': {} })).toHaveLength(1);
});

test('a workspace owner looks upwards to the root', () => {
  const packages = {
    'packages/engine': owner,
    'node_modules/@x/cli-linux-x64': { version: '2.0.0' },
    'node_modules/@x/cli-darwin-arm64': { version: '2.0.0' },
  };
  expect(missingOptional(packages)).toEqual([]);
});

test("version ranges are npm's to resolve, not ours", () => {
  expect(
    missingOptional({ 'node_modules/z': { version: '1.0.0', optionalDependencies: { fsevents: '^2.3.0' } } }),
  ).toEqual([]);
});

test.each([
  ['@x/cli-win32-x64', { os: ['win32'], cpu: ['x64'] }],
  ['@x/binding-linux-riscv64-musl', { os: ['linux'], cpu: ['riscv64'], libc: ['musl'] }],
  ['@x/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
  ['@x/binding-win32-arm64-msvc', { os: ['win32'], cpu: ['arm64'] }],
])('the name %s tells the platform', (name, platform) => {
  const entry = platformEntry({ key: `node_modules/${name}`, version: '1.2.3', dev: false });
  expect(entry).toEqual({ version: '1.2.3', optional: true, ...platform });
});
