import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { runScript } from './script-process.ts';

const SCRIPT = new URL('./testing/script.ts', import.meta.url);
const HOST = new URL('./testing/script-host.ts', import.meta.url);
const bytes = (text: string) => new TextEncoder().encode(text);

test('bytes go in and come out, however many', async () => {
  const large = new Uint8Array(5_000_000).map((_, i) => i % 251);
  const output = await runScript(SCRIPT, [bytes('echo\n'), new Uint8Array(), large]);
  expect(Buffer.compare(output, Buffer.concat([bytes('echo\n'), large]))).toBe(0);
});

test('the script gets no environment and no argument, and gives way to others', async () => {
  process.env['CONEXUS_TEST_SECRET'] = 'secret';
  onTestFinished(() => {
    delete process.env['CONEXUS_TEST_SECRET'];
  });
  const told = JSON.parse(new TextDecoder().decode(await runScript(SCRIPT, [bytes('tell\n')])));
  expect(told.env).not.toContain('CONEXUS_TEST_SECRET');
  expect(told.env).not.toContain('PATH');
  expect(told.argv).toBe(2);
  expect(told.priority).toBeGreaterThan(0);
});

test('a script that fails, or is not there, is an error', async () => {
  await expect(runScript(SCRIPT, [bytes('fail\n')])).rejects.toThrow('ended with 1');
  await expect(runScript(new URL('./no-such.ts', import.meta.url), [bytes('x')])).rejects.toThrow('ended');
});

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function until(holds: () => boolean): Promise<boolean> {
  for (let i = 0; i < 300 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  return holds();
}

function pidFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'conexus-script-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'pid');
}

async function pidIn(file: string): Promise<number> {
  expect(await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '')).toBe(true);
  const pid = Number(readFileSync(file, 'utf8'));
  expect(isAlive(pid)).toBe(true);
  return pid;
}

test('nothing is left of it when the process that started it is killed', async () => {
  const file = pidFile();
  const host = spawn(process.execPath, [fileURLToPath(HOST), file], { stdio: 'ignore' });
  const pid = await pidIn(file);
  host.kill('SIGKILL');
  expect(await until(() => !isAlive(pid))).toBe(true);
});

test('nor when it is cancelled', async () => {
  const file = pidFile();
  const controller = new AbortController();
  const running = runScript(SCRIPT, [bytes(`forever\n${file}`)], controller.signal).catch(String);
  const pid = await pidIn(file);
  controller.abort();
  expect(await running).toContain('AbortError');
  expect(await until(() => !isAlive(pid))).toBe(true);
});
