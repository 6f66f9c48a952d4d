import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePast, pastCommits } from '../../../engine/src/evaluation/testing/past-repository.ts';
import { cleanEnv, LAUNCHER, temporaryFolder } from '../testing/run-command.ts';
import { runInProcess } from '../testing/run-in-process.ts';

let root = '';
let home = '';
beforeAll(() => {
  root = temporaryFolder('past');
  home = temporaryFolder('home');
  makePast(root, pastCommits(24));
});
afterAll(() => {
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runInProcess(['eval', ...args], { cwd: root, env: { CONEXUS_HOME: home, CONEXUS_WORKERS: '1', ...env } });
const left = () => readdirSync(join(home, 'cache', 'evaluations'));

it('prints how well files are found, and keeps nothing', async () => {
  const { code, out, err } = await run(['--commits', '12']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^Finding files in /);
  expect(out).toMatch(/Tasks: the messages of 12 past commits, 2023-11-14 to 2023-11-14\./);
  expect(out).toMatch(/^nDCG@10 .* \d\.\d{3} \[.*\] +\d\.\d{3} \[/m);
  expect(out).toContain('How far to believe this');
  expect(out).not.toContain('\u001b');
  expect(left()).toEqual([]);
});

it('prints everything for programs, with ablations when they are asked for', async () => {
  const { out } = await run(['--json', '--ablate']);
  const report = JSON.parse(out) as {
    tasks: unknown[];
    ablations: { name: string }[];
    commits_wanted: number;
  };
  expect(report).toMatchObject({
    format: 1,
    commits_wanted: 100,
    notes: [expect.stringMatching(/^Only \d+ commits/), {}],
  });
  expect(report.tasks.length).toBeGreaterThanOrEqual(20);
  expect(report.ablations.length).toBeGreaterThan(5);
});

it.each([
  [['--commits', '5'], 2, /--commits is "5"\.\n {2}Give a whole number from 10 to 1000/],
  [['--commits', 'many'], 2, /--commits is "many"/],
  [['src'], 2, /Unexpected argument "src"\.\n {2}Give the repository with --root/],
  [['--root', 'nowhere'], 3, /does not exist/],
])('%j', async (args, code, message) => {
  const result = await run(args);
  expect(result.err).toMatch(message);
  expect({ code: result.code, out: result.out }).toEqual({ code, out: '' });
});

it('says that there is no history to ask about', async () => {
  const folder = temporaryFolder('bare');
  const { code, err, out } = await run(['--root', folder, '--json']);
  rmSync(folder, { recursive: true });
  expect(code).toBe(3);
  expect(err).toMatch(/is not in a git repository/);
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'no_history' } });
});

it('Ctrl-C ends it with nothing left behind', async () => {
  const env = cleanEnv({ CONEXUS_HOME: home, CONEXUS_WORKERS: '1' });
  const child = spawn(process.execPath, [LAUNCHER, 'eval', '--ablate'], { cwd: root, env, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  while (child.exitCode === null && left().length === 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(left()).toEqual([]);
});
