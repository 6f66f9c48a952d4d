import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const lock = {
  packages: {
    '': {},
    'packages/ours': { version: '0.1.0' },
    'node_modules/ours': { resolved: 'packages/ours', link: true },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b-win32': { version: '1.0.0', optional: true },
  },
};

/** A checkout of two files, and an `npm` that installs what the lock file says, or fails. */
function checkout(installed: object | undefined, npmExit = 0) {
  const root = mkdtempSync(join(tmpdir(), 'conexus-setup-'));
  made.push(root);
  for (const folder of ['tools', 'bin', 'node_modules']) mkdirSync(join(root, folder));
  copyFileSync(join(import.meta.dirname, 'setup.cjs'), join(root, 'tools', 'setup.cjs'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
  writeFileSync(
    join(root, 'tools', 'say.cjs'),
    'console.log("ran", ...process.argv.slice(2)); process.exit(3);',
  );
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (installed !== undefined) writeFileSync(hidden, JSON.stringify(installed));
  const npm = join(root, 'bin', 'npm');
  writeFileSync(
    npm,
    `#!/bin/sh\necho "$@" >> "${root}/npm.log"\ncp "${root}/package-lock.json" "${hidden}"\nexit ${npmExit}\n`,
  );
  chmodSync(npm, 0o755);
  const env = { ...process.env, PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH']}` };
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'tools', 'setup.cjs'), ...args], { env, encoding: 'utf8' });
  const npmCalls = () => {
    try {
      return readFileSync(join(root, 'npm.log'), 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  };
  return { run, npmCalls };
}

test('a fresh clone is installed once, then the script runs with its arguments and exit code', () => {
  const { run, npmCalls } = checkout(undefined);
  const first = run('tools/say.cjs', 'a b', '--c');
  expect(first.stdout).toBe('ran a b --c\n');
  expect(first.status).toBe(3);
  expect(first.stderr).toContain('nothing is installed yet');
  run('tools/say.cjs');
  expect(npmCalls()).toEqual([expect.stringMatching(/^ci /)]);
});

test('what is installed as the lock file says is left alone, other platforms do not count', () => {
  const { run, npmCalls } = checkout({ packages: { 'node_modules/a': { version: '1.0.0' } } });
  expect(run().status).toBe(0);
  expect(npmCalls()).toEqual([]);
});

test('another version is a reason to install', () => {
  const { run, npmCalls } = checkout({ packages: { 'node_modules/a': { version: '0.9.0' } } });
  expect(run().stderr).toContain('node_modules/a is 0.9.0, the lock file says 1.0.0');
  expect(npmCalls()).toHaveLength(1);
});

test('a failed installation says what is needed and runs nothing', () => {
  const { run } = checkout(undefined, 7);
  const result = run('tools/say.cjs');
  expect(result.status).toBe(1);
  expect(result.stdout).toBe('');
  expect(result.stderr).toContain('npm ci ended with exit code 7');
  expect(result.stderr).toContain('run the same command again');
});
