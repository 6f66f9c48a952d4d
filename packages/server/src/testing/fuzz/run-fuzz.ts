/** Starts `conexus serve` and `conexus mcp` over a small repository, as users do, and lets hostile messages loose on both. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { cleanEnv, LAUNCHER, makeRepository, SMALL_REPOSITORY, temporaryFolder } from '../run-command.ts';
import type { FuzzPlan, FuzzResult } from './fuzz-http.ts';
import { fuzzHttp } from './fuzz-http.ts';
import { fuzzStdio } from './fuzz-stdio.ts';

export interface FuzzReport extends FuzzResult {
  readonly door: 'http' | 'stdio';
  /** The process lives, and answers a search, after all of them. */
  readonly isAlive: boolean;
}

/** Rates would refuse most of it; a client that sends half a request waits for no longer than this. */
const LIMITS = {
  principal_rate: 1_000_000,
  principal_burst: 1_000_000,
  connections: 10_000,
  header_ms: 2_000,
  request_ms: 2_000,
};

export async function runFuzzOverHttp(plan: FuzzPlan): Promise<FuzzReport> {
  const root = makeRepository(SMALL_REPOSITORY);
  const home = temporaryFolder('fuzz');
  const config = join(home, 'serve.json');
  writeFileSync(config, JSON.stringify({ port: 0, repositories: { shop: root }, limits: LIMITS }));
  const child = spawn(process.execPath, [LAUNCHER, 'serve', '--config', config], {
    env: cleanEnv({ CONEXUS_HOME: home, CONEXUS_ADAPT: '0' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = defectsIn(child);
  try {
    const port = await new Promise<number>((resolve, reject) => {
      let log = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        const [, found] = /MCP at http:\/\/[\d.]+:(\d+)/.exec(log) ?? [];
        if (found !== undefined) resolve(Number(found));
      });
      child.once('exit', () => reject(new Error(`the server did not start: ${log}`)));
    });
    const result = await fuzzHttp(port, plan);
    const isAlive = child.exitCode === null && (await answersSearch(port));
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = await ended;
    const faults = [...result.faults, ...said(), ...(code === 0 ? [] : [`its end had exit code ${code}`])];
    return { door: 'http', ...result, faults, faultCount: result.faultCount + (code === 0 ? 0 : 1), isAlive };
  } finally {
    child.kill('SIGKILL');
    for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const MAX_SAID = 20_000;

/** What a server logs of defects of its own, and what it says when it dies. */
function defectsIn(child: ChildProcessByStdio<null, Readable, Readable>): () => readonly string[] {
  let defects = '';
  let last = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    last = (last + text).slice(-MAX_SAID);
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const [line] of text.matchAll(/^.*\berror [0-9a-f]{8}: .*$/gm)) defects += `${line}\n`;
    defects = defects.slice(0, MAX_SAID);
  });
  return () => [defects, last].filter((text) => text !== '');
}

/** Messages may have stopped the building of the index, or cleared it. */
async function answersSearch(port: number): Promise<boolean> {
  await post(port, 'index_control', { action: 'start', repo: 'shop' });
  for (let tries = 0; tries < 100; tries++) {
    if (await answersOnce(port)) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

async function answersOnce(port: number): Promise<boolean> {
  const response = await post(port, 'search_codebase', { query: 'invalidateSession', repo: 'shop' });
  return response?.status === 200 && (await response.text()).includes('src/session.ts');
}

function post(port: number, operation: string, body: object): Promise<Response | undefined> {
  return fetch(`http://127.0.0.1:${port}/v1/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => undefined);
}

export async function runFuzzOverStdio(plan: FuzzPlan): Promise<FuzzReport> {
  const root = makeRepository(SMALL_REPOSITORY);
  const home = temporaryFolder('fuzz');
  const child = spawn(process.execPath, [LAUNCHER, 'mcp', '--root', root], {
    env: cleanEnv({ CONEXUS_HOME: home, CONEXUS_ADAPT: '0' }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // Read, so that it never waits for us.
  child.stderr.resume();
  try {
    const result = await fuzzStdio(child, plan);
    const isAlive = child.exitCode === null;
    return { door: 'stdio', ...result, isAlive };
  } finally {
    const ended = once(child, 'exit');
    child.stdin.end();
    if (child.exitCode === null) await ended;
    for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
