/**
 * How long a client waits for the stdio server: process start to the answer of `initialize`, beside a bare Node that
 * prints one byte; and, on an index that exists, process start to the answer of the first search.
 * The two processes take turns, so that a loaded machine slows both.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchContext, Scenario, ScenarioResult } from '../support/context.ts';
import { corpus } from '../support/corpora.ts';
import { median, percentile, round } from '../support/numbers.ts';

const LAUNCHER = fileURLToPath(new URL('../../packages/server/bin/conexus.js', import.meta.url));
const ROUNDS = 20;

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
};
const INITIALIZED = { jsonrpc: '2.0', method: 'notifications/initialized' };
const SEARCH = {
  jsonrpc: '2.0',
  id: 2,
  method: 'tools/call',
  params: { name: 'search_codebase', arguments: { query: 'parse cookie header', limit: 3 } },
};

interface Answer {
  readonly ms: number;
  readonly text: string;
}

/** Time from spawning to the answer with each id, one message after the other. */
async function converse(
  args: readonly string[],
  home: string,
  messages: readonly object[],
): Promise<Answer[]> {
  const started = performance.now();
  const env = { PATH: process.env['PATH'] ?? '', CONEXUS_HOME: home };
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => undefined);
  const answers: Answer[] = [];
  let text = '';
  let arrived: () => void = () => undefined;
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (text.includes('\n')) arrived();
  });
  for (const message of messages) {
    child.stdin.write(`${JSON.stringify(message)}\n`);
    if (!('id' in message)) continue;
    await new Promise<void>((resolve) => {
      arrived = resolve;
      if (text.includes('\n')) resolve();
    });
    answers.push({ ms: performance.now() - started, text });
    text = '';
  }
  child.stdin.end();
  await new Promise((resolve) => child.once('close', resolve));
  return answers;
}

async function run(context: BenchContext): Promise<ScenarioResult> {
  const root = corpus(context.corpora, 'hono');
  const home = join(context.work, 'home');
  mkdirSync(home, { recursive: true });
  const server = [LAUNCHER, 'mcp', '--root', root];
  // Fills the compile cache and builds the index.
  const [cold] = await converse(server, home, [INITIALIZE]);
  const wait = { ...SEARCH, params: { name: 'index_control', arguments: { action: 'start', wait: true } } };
  await converse(server, home, [INITIALIZE, INITIALIZED, wait]);

  const bare: number[] = [];
  const initialize: number[] = [];
  const firstSearch: number[] = [];
  for (let i = 0; i < Math.max(3, Math.round(ROUNDS * context.scale)); i++) {
    bare.push((await converse(['-e', 'console.log(0)'], home, [INITIALIZE]))[0]?.ms ?? Number.NaN);
    const answers = await converse(server, home, [INITIALIZE, INITIALIZED, SEARCH]);
    if (!answers[1]?.text.includes('Index: fresh'))
      throw new Error(`not a fresh answer: ${answers[1]?.text.slice(0, 300)}`);
    initialize.push(answers[0]?.ms ?? Number.NaN);
    firstSearch.push(answers[1].ms);
  }
  const baseline = round(median(bare), 0);
  return {
    about:
      'Process start to the answer of initialize, and of the first search on an existing index of hono, over MCP stdio.',
    figures: [
      {
        name: 'initialize p50',
        value: round(median(initialize), 0),
        unit: 'ms',
        target: 300,
        baseline,
        note: 'baseline: node -e',
      },
      { name: 'initialize p95', value: round(percentile(initialize, 0.95), 0), unit: 'ms', target: 300 },
      {
        name: 'initialize, nothing cached',
        value: round(cold?.ms ?? Number.NaN, 0),
        unit: 'ms',
        target: 300,
      },
      { name: 'initialize over a bare Node', value: round(median(initialize) / median(bare)), unit: 'times' },
      {
        name: 'first answer p50',
        value: round(median(firstSearch), 0),
        unit: 'ms',
        target: 300,
        baseline,
        note: 'start of the process included',
      },
    ],
    details: { bare, initialize, firstSearch },
  };
}

export const scenario: Scenario = { name: 'initialize-latency', run };
