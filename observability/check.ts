/**
 * Rules, routes and configuration under the real tools, and the real Prometheus on the real server.
 * Usage: npm run check:observability. Needs promtool, prometheus and amtool (Debian: prometheus, prometheus-alertmanager).
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;
const LAUNCHER = join(here, '../packages/server/bin/conexus.js');

interface Step {
  readonly command: string;
  readonly args: readonly string[];
}

const ALERTMANAGER = join(here, 'alertmanager/alertmanager.yml');
const routes = (receiver: string, severity: string): Step => ({
  command: 'amtool',
  args: [
    'config',
    'routes',
    'test',
    `--config.file=${ALERTMANAGER}`,
    `--verify.receivers=${receiver}`,
    `severity=${severity}`,
  ],
});

const STEPS: readonly Step[] = [
  {
    command: 'promtool',
    args: ['check', 'config', '--syntax-only', join(here, 'prometheus/prometheus.yml')],
  },
  { command: 'promtool', args: ['check', 'rules', join(here, 'prometheus/rules/conexus.yml')] },
  { command: 'promtool', args: ['test', 'rules', join(here, 'prometheus/rules/conexus.test.yml')] },
  { command: 'promtool', args: ['test', 'rules', join(here, 'prometheus/rules/conexus-slo.test.yml')] },
  { command: 'amtool', args: ['check-config', ALERTMANAGER] },
  routes('slack-and-mail', 'critical'),
  routes('mail', 'warning'),
];

function run({ command, args }: Step): void {
  console.log(`$ ${command} ${args.slice(0, 2).join(' ')}`);
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error !== undefined)
    throw new Error(
      `${command} cannot be run (${error.message}); on Debian: apt-get install prometheus prometheus-alertmanager`,
    );
  if (status !== 0) throw new Error(`${command} ${args[0]} failed`);
}

/** Starts the server on a small repository and lets Prometheus read it by our configuration and rules. */
async function scrapeForReal(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'conexus-observability-'));
  const root = join(folder, 'shop');
  mkdirSync(root);
  writeFileSync(join(root, 'session.ts'), 'export function invalidateSession() {}\n');
  const server = spawn(
    process.execPath,
    [LAUNCHER, 'serve', '--port', '0', '--metrics-port', '0', '--log', 'json', '--repo', `shop=${root}`],
    { env: { ...process.env, CONEXUS_HOME: join(folder, 'home') }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    const lines = await textUntil(server.stdout, /metrics at http:\/\/([\d.:]+)/);
    const [, target = ''] = /metrics at http:\/\/([\d.:]+)/.exec(lines) ?? [];
    const [, url = ''] = /MCP at (http:\S+)\/mcp/.exec(lines) ?? [];
    const exposed = await (await fetch(`http://${target}/metrics`)).text();
    const { status } = spawnSync('promtool', ['check', 'metrics'], {
      input: exposed,
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    console.log(`$ promtool check metrics: ${status === 0 ? 'no complaint' : 'see above'}`);
    await fetch(`${url}/v1/search_codebase`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"invalidateSession"}',
    });
    await readByPrometheus(folder, target);
  } finally {
    server.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function readByPrometheus(folder: string, target: string): Promise<void> {
  cpSync(join(here, 'prometheus'), join(folder, 'prometheus'), { recursive: true });
  const config = readFileSync(join(here, 'prometheus/prometheus.yml'), 'utf8')
    .replaceAll('15s', '1s')
    .replace('conexus:9464', target)
    .replace(/alerting:[\s\S]*?(?=scrape_configs:)/, '');
  writeFileSync(join(folder, 'prometheus/prometheus.yml'), config);
  const port = 20_000 + (process.pid % 10_000);
  const prometheus = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus/prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  try {
    await until(async () => (await query(port, 'up{job="conexus"}')) === '1');
    await until(
      async () =>
        (await query(port, 'conexus_tool_calls_total{tool="search_codebase",outcome="ok"}')) === '1',
    );
    await until(async () => (await query(port, 'count({__name__=~"conexus:slo_availability:.*"})')) === '7');
    const rules = (await (await fetch(`http://127.0.0.1:${port}/api/v1/rules`)).json()) as {
      data: { groups: { rules: { name: string; health: string }[] }[] };
    };
    const ill = rules.data.groups.flatMap((group) => group.rules).filter(({ health }) => health === 'err');
    if (ill.length > 0)
      throw new Error(`rules that cannot be evaluated: ${ill.map(({ name }) => name).join(', ')}`);
    console.log('Prometheus reads the server, and evaluates every rule on it');
  } finally {
    prometheus.kill('SIGTERM');
    await new Promise((resolve) => void prometheus.once('exit', resolve));
  }
}

async function query(port: number, expr: string): Promise<string | undefined> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expr)}`).catch(
    () => undefined,
  );
  if (answer?.ok !== true) return undefined;
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result[0]?.value[1];
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('Prometheus did not come to see the server within 30 s');
}

function textUntil(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stream.on('data', (part: Buffer) => {
      text += String(part);
      if (pattern.test(text)) resolve(text);
    });
    stream.once('end', () => reject(new Error(`the server ended: ${text.slice(0, 400)}`)));
  });
}

for (const step of STEPS) run(step);
await scrapeForReal();
