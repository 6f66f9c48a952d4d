/** Temporary trees for the tests of the adapters. Not part of the engine. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new folder with these files, removed after the test. Absolute real path. */
export function tempTree(files: Readonly<Record<string, string>> = {}): string {
  const root = realpathSync.native(mkdtempSync(join(tmpdir(), 'conexus-test-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeTree(root, files);
  return root;
}

export function writeTree(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

let clock = 1_700_000_000;

/** Runs git in a test's own repository, without the user's settings. Each call is a second later than the one before. */
export function git(root: string, ...args: readonly string[]): string {
  const identity = [
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@example.org',
    '-c',
    'init.defaultBranch=main',
  ];
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_COMMITTER_DATE: `${clock++} +0000`,
  };
  return execFileSync('git', [...identity, ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const PIPE_MAKER = 'mkfifo';

/** A named pipe: whoever opens it to read waits for a writer that never comes. */
export function makePipe(path: string): void {
  execFileSync(PIPE_MAKER, [path]);
}
