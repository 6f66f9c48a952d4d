/** Programs started here and by the small process: the same suite for both, and what becomes of the small one. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Command, type Started, startHere } from './start-process.ts';
import { CHANNELS, openStarter } from './starter.ts';

const node = (script: string, more: Partial<Command> = {}): Command => ({
  binary: process.execPath,
  args: ['-e', script],
  cwd: process.cwd(),
  env: {},
  hasInput: false,
  isGroup: true,
  ...more,
});

async function outputOf({ stdout }: Started): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stdout as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

async function readyStarter() {
  const starter = openStarter();
  onTestFinished(() => starter.close());
  const start = (command: Command) => starter.start(command) as Started;
  // Each channel reports by itself.
  await expect.poll(() => hasRoom(starter, CHANNELS), { timeout: 20_000 }).toBe(true);
  return { starter, start };
}

async function hasRoom(starter: ReturnType<typeof openStarter>, count: number): Promise<boolean> {
  const all = Array.from({ length: count }, () => starter.start(node('setTimeout(() => {}, 1e6)')));
  for (const one of all) one?.kill();
  for (const one of all) one?.stdout.destroy();
  await Promise.all(all.map((one) => one?.ended.catch(() => undefined)));
  return all.every((one) => one !== undefined);
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    // One that nobody has taken note of is not alive either.
    return !/^State:\s+Z/m.test(execFileSync('cat', [`/proc/${pid}/status`], { encoding: 'utf8' }));
  } catch {
    return false;
  }
};

describe.each(['here', 'elsewhere'])('a program started %s', (way) => {
  const starting = async () => (way === 'here' ? startHere : (await readyStarter()).start);

  it('gives what it writes, what it complains of, and how it ends', async () => {
    const start = await starting();
    const started = start(
      node('console.log(process.cwd(), process.env.A); console.error("no"); process.exitCode = 3', {
        env: { A: 'b' },
        cwd: '/',
      }),
    );
    expect((await outputOf(started)).toString()).toBe('/ b\n');
    expect(await started.ended).toEqual({ code: 3, errorText: 'no\n' });
  }, 60_000);

  it('gives all of a long output to a slow reader, and takes all of a long input', async () => {
    const start = await starting();
    const started = start(node('process.stdin.pipe(process.stdout)', { hasInput: true }));
    const input = Buffer.alloc(12 << 20, 'abcdefghijklmnopqrstuvwxyz');
    started.stdin.end(input);
    const parts: Buffer[] = [];
    for await (const part of started.stdout as AsyncIterable<Buffer>) {
      if (parts.push(part) % 40 === 0) await sleep(5);
    }
    expect(Buffer.concat(parts).equals(input)).toBe(true);
    expect((await started.ended).code).toBe(0);
  }, 60_000);

  it('may end before it has read its input, or be read no further, and the next one is not disturbed', async () => {
    const start = await starting();
    for (let i = 0; i < 12; i++) {
      const deaf = start(node('process.exit(4)', { hasInput: true }));
      deaf.stdin.end(Buffer.alloc(3 << 20));
      deaf.stdout.resume();
      expect((await deaf.ended).code).toBe(4);
      const loud = start(node('for (;;) require("fs").writeSync(1, "x".repeat(9999))'));
      for await (const _ of loud.stdout) break;
      loud.kill();
      // Killed, or by its own hand when it was told first that nobody reads.
      expect([null, 1]).toContain((await loud.ended).code);
    }
    expect((await outputOf(start(node('console.log(1)')))).toString()).toBe('1\n');
  }, 60_000);

  it('is killed with what it has started', async () => {
    const start = await starting();
    const started = start(
      node(
        'const c = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"]); console.log(c.pid); setInterval(() => {}, 1e6)',
      ),
    );
    let pid = 0;
    for await (const bytes of started.stdout as AsyncIterable<Buffer>) {
      pid = Number(String(bytes));
      break;
    }
    expect(isAlive(pid)).toBe(true);
    started.kill();
    expect((await started.ended).code).toBe(null);
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  }, 60_000);

  it('that does not exist fails', async () => {
    const start = await starting();
    await expect(start(node('', { binary: '/nowhere/at-all' })).ended).rejects.toThrow('ENOENT');
    await expect(start(node('', { cwd: '/nowhere' })).ended).rejects.toThrow('ENOENT');
  }, 60_000);
});

describe('the process that starts others', () => {
  it('has no room for more than its channels at a time', async () => {
    const { starter, start } = await readyStarter();
    const running = Array.from({ length: CHANNELS }, (_, i) =>
      start(node(`setTimeout(() => console.log(${i}), 300)`)),
    );
    expect(starter.start(node(''))).toBeUndefined();
    const texts = await Promise.all(running.map(outputOf));
    expect(texts.map(String)).toEqual(running.map((_, i) => `${i}\n`));
    expect(await hasRoom(starter, CHANNELS)).toBe(true);
  }, 60_000);

  it('when it is gone, what ran fails, and nothing more is started by it', async () => {
    const { starter, start } = await readyStarter();
    const started = start(node('console.log(process.pid, process.ppid); setInterval(() => {}, 1e6)'));
    let pids: number[] = [];
    for await (const bytes of started.stdout as AsyncIterable<Buffer>) {
      pids = String(bytes).trim().split(' ').map(Number);
      break;
    }
    process.kill(pids[1] as number, 'SIGKILL');
    await expect(started.ended).rejects.toThrow('gone');
    await expect.poll(() => starter.isGone).toBe(true);
    expect(starter.start(node(''))).toBeUndefined();
    // Killed so, it could not end what it had started.
    process.kill(pids[0] as number, 'SIGKILL');
  }, 60_000);

  it('ends, and what it started with it, when who uses it is killed', async () => {
    const script = `
      const { openStarter } = await import(${JSON.stringify(new URL('./starter.ts', import.meta.url).href)});
      const starter = openStarter();
      let started;
      while (!(started = starter.start(${JSON.stringify(node('console.log(process.pid, process.ppid); setInterval(() => {}, 1e6)'))})))
        await new Promise((resolve) => setTimeout(resolve, 20));
      started.stdout.pipe(process.stdout);`;
    const user = startHere({ ...node(''), args: ['--input-type=module', '-e', script], isGroup: false });
    let pids: number[] = [];
    for await (const bytes of user.stdout as AsyncIterable<Buffer>) {
      pids = String(bytes).trim().split(' ').map(Number);
      break;
    }
    expect(pids).toHaveLength(2);
    expect(pids.every(isAlive)).toBe(true);
    user.kill();
    await user.ended;
    await expect.poll(() => pids.some(isAlive), { timeout: 10_000 }).toBe(false);
  }, 60_000);
});
