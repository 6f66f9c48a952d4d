/** Several processes on one store, and how a process ends while it is busy: with everything real, each in a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { git, tempTree } from '../adapters/sources/testing/temp-tree.ts';
import { pathsFor, repository, tempHome, testEngine } from '../testing/open-workspace.ts';

const CHILD = fileURLToPath(new URL('../testing/engine-child.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  /** From the line that says `closing`, or from the start, to the end of the process. */
  readonly lines: readonly Record<string, unknown>[];
  readonly err: string;
  readonly endedAfterMs: number;
}

function runChild(
  args: readonly string[],
  during?: (kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, [CHILD, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  let closingAt = performance.now();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (text.includes('"closing"')) closingAt = performance.now();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  during?.((signal) => child.kill(signal));
  return new Promise((resolve) =>
    child.once('close', (code) => {
      const lines = out
        .trim()
        .split('\n')
        .filter((line) => line !== '');
      resolve({
        code,
        lines: lines.map((line) => JSON.parse(line)),
        err,
        endedAfterMs: performance.now() - closingAt,
      });
    }),
  );
}

const sources = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `src/part${i}.ts`,
      Array.from(
        { length: 40 },
        (_, k) => `export function turnWheel${i}x${k}(speed: number) {\n  return speed * ${k};\n}\n`,
      ).join('\n'),
    ]),
  );

describe('four processes on two worktrees, all editing', () => {
  it('each answer with every edit that was made before the question', { timeout: 60_000 }, async () => {
    const home = tempHome();
    const root = repository(sources(30));
    const second = join(tempTree(), 'worktree');
    git(root, 'worktree', 'add', '-q', second, '-b', 'feature');
    const ends = await Promise.all(
      ['aa', 'bb', 'cc', 'dd'].map((name, i) => runChild(['edit', home, i % 2 ? second : root, name])),
    );
    for (const { code, lines, err } of ends) {
      expect(Number(lines[0]?.['checks'])).toBeGreaterThan(11);
      expect(lines[0]).toMatchObject({ wrong: [] });
      expect({ code, err }).toEqual({ code: 0, err: '' });
    }
    // What they left is whole.
    const workspace = await (await testEngine({ home })).openWorkspace(root);
    await workspace.index();
    expect((await workspace.status()).files).toBe(32);
  });
});

describe('two that find no index at the same time', () => {
  it('take turns: one builds it, the other follows and says so', { timeout: 60_000 }, async () => {
    const home = tempHome();
    const root = repository(sources(150));
    const first = await (await testEngine({ home })).openWorkspace(root);
    const second = await (await testEngine({ home })).openWorkspace(root);
    const building = first.index();
    await expect.poll(() => first.job()?.progress.filesTotal, { interval: 5 }).toBe(150);
    const following = second.index();
    await expect.poll(() => second.notices().join(), { interval: 5 }).toMatch(/Another process is indexing/);
    expect(await building).toMatchObject({ indexed: 150, complete: true });
    expect(await following).toMatchObject({ indexed: 0, reused: 150, complete: true });
    expect(second.notices()).toEqual([]);
    expect((await pathsFor(second, 'turnWheel7x7'))[0]).toBe('src/part7.ts');
  });
});

describe('an engine that is closed while it indexes, answers and follows edits', () => {
  it('ends every call, leaves nothing running and loses nothing', { timeout: 60_000 }, async () => {
    const home = tempHome();
    const root = repository(sources(400));
    const { code, lines, err, endedAfterMs } = await runChild(['close', home, root, '']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(lines.at(-1)).toHaveProperty('closedAfterMs');
    const ends = lines.find((line) => 'ends' in line)?.['ends'] as string[];
    expect(ends.filter((end) => end !== 'ok' && end !== 'cancelled')).toEqual([]);
    expect(endedAfterMs).toBeLessThan(2_000);
    const workspace = await (await testEngine({ home })).openWorkspace(root);
    await workspace.index();
    expect(await workspace.status()).toMatchObject({ state: 'ready', files: 401 });
    expect((await pathsFor(workspace, 'turnWheel7x7'))[0]).toBe('src/part7.ts');
  });

  it('killed at any time goes on from what it had published', { timeout: 60_000 }, async () => {
    const home = tempHome();
    const root = repository(sources(200));
    for (const ms of [350, 500, 700]) {
      await runChild(['close', home, root, ''], (kill) => setTimeout(() => kill('SIGKILL'), ms));
    }
    const workspace = await (await testEngine({ home })).openWorkspace(root);
    const started = performance.now();
    await workspace.index();
    // A process that was killed holds no turn that others would wait for.
    expect(performance.now() - started).toBeLessThan(15_000);
    expect((await workspace.status()).notices).toEqual([]);
    expect((await pathsFor(workspace, 'turnWheel7x7'))[0]).toBe('src/part7.ts');
  });
});
