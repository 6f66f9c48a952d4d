/** The guides are run: their commands against the real binary, their programs and the configurations of clients against the server that these start. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveServeSettings } from '../../packages/server/src/config/serve-settings.ts';
import { root } from '../checks/files.ts';
import { type GuideBlock, guideBlocks } from './guide-blocks.ts';

const read = (guide: string) => guideBlocks(readFileSync(join(root, 'docs/guides', guide), 'utf8'));
const SERVE = read('serve.md');
const MONITORING = read('monitoring.md');
const of = (blocks: readonly GuideBlock[], mark: GuideBlock['mark']) =>
  blocks.filter((block) => block.mark === mark);

const SESSION =
  '/** Ends a session: its cookie is refused from now on. */\nexport function invalidateSession(id: string) {}\n';
const LAUNCHER = join(root, 'packages/server/bin/conexus.js');
/** Started servers, each with the shell that started it. */
const shells: ChildProcess[] = [];
let home = '';
let port = 0;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as { port: number };
      probe.close(() => resolve(free));
    });
  });

/** As on a fresh machine: a home of its own, and the binary of this checkout as `conexus`. */
function environment(): NodeJS.ProcessEnv {
  return {
    PATH: `${join(home, 'bin')}:${dirname(process.execPath)}:${process.env['PATH']}`,
    HOME: home,
    CONEXUS_HOME: join(home, 'cache'),
    CONEXUS_KEY: keyOf(),
  };
}

const keyOf = (): string => {
  try {
    return readFileSync(join(home, 'work/ada.key'), 'utf8').trim();
  } catch {
    return '';
  }
};

/** Runs the lines in one shell that stays until the end of the tests, because it has a server behind it; gives what they print. */
function runLines(lines: string): Promise<string> {
  const script = `set -euo pipefail\n${lines}\necho; echo all-done; wait`;
  const shell = spawn('bash', ['-c', script], {
    cwd: join(home, 'work'),
    env: environment(),
    detached: true,
  });
  shells.push(shell);
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    shell.stderr?.on('data', (part: Buffer) => (err += String(part)));
    shell.stdout?.on('data', (part: Buffer) => {
      out += String(part);
      if (out.endsWith('all-done\n')) resolve(out);
    });
    shell.once('close', (code) =>
      reject(new Error(`ended with ${code}: ${out.slice(-500)} ${err.slice(-500)}`)),
    );
  });
}

beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'conexus-guides-')));
  for (const repository of ['api', 'web', 'src/api']) {
    mkdirSync(join(home, repository, 'src'), { recursive: true });
    writeFileSync(join(home, repository, 'src/session.ts'), SESSION);
  }
  mkdirSync(join(home, 'work/node_modules/@conexus'), { recursive: true });
  symlinkSync(join(root, 'packages/sdk'), join(home, 'work/node_modules/@conexus/sdk'));
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin/conexus'), `#!/bin/sh\nexec "${process.execPath}" "${LAUNCHER}" "$@"\n`, {
    mode: 0o755,
  });
  port = await freePort();
});
afterAll(() => {
  // One that has ended has no group any more.
  for (const { pid, exitCode } of shells)
    if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGTERM');
  rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
});

const onPort = (text: string, from: number) => text.replaceAll(String(from), String(port));

describe('the guide of a shared server', () => {
  it('has configurations that the server takes', () => {
    const blocks = [...of(SERVE, 'config'), ...of(SERVE, 'file'), ...of(MONITORING, 'config')];
    expect(blocks).toHaveLength(4);
    writeFileSync(join(home, 'collector.header'), 'Bearer x\n');
    for (const [i, { text }] of blocks.entries()) {
      const file = join(home, `guide-${i}.json`);
      writeFileSync(file, text);
      const settings = resolveServeSettings({
        cwd: home,
        file,
        root: home,
        repositories: [],
        allowedHosts: [],
        allowedOrigins: [],
      });
      expect(settings.repositories.length).toBeGreaterThan(0);
    }
  });

  it('has commands that work, one after the other', { timeout: 180_000 }, async () => {
    for (const { name, text } of of(SERVE, 'file'))
      writeFileSync(join(home, 'work', name), onPort(text, 7979));
    const [commands] = of(SERVE, 'runs').filter(({ language }) => language === 'sh');
    const out = await runLines(onPort(commands?.text ?? '', 7979));
    expect(keyOf()).toMatch(/^cnx_/);
    expect(out).toContain('src/session.ts:1-2');
    expect(out).toMatch(/ada: read; api, until/);
    expect(out).toMatch(/records|chain|holds/i);
  });

  it('has a program that works', { timeout: 60_000 }, () => {
    const [program] = of(SERVE, 'runs').filter(({ language }) => language === 'ts');
    const text = program?.text.replace('https://conexus.example.org:7979', `http://127.0.0.1:${port}`);
    const file = join(home, 'work', program?.name ?? '');
    writeFileSync(
      file,
      `${text}\nconsole.log(results[0].path, everywhere.repositories.map(({ name }) => name).join());\n`,
    );
    const printed = execFileSync(process.execPath, ['--conditions=source', '--no-warnings', file], {
      env: environment(),
    });
    expect(String(printed)).toBe('src/session.ts api\n');
  });

  it.each(of(SERVE, 'client').map((block) => [`${block.name} (${block.language})`, block] as const))(
    'connects %s',
    { timeout: 60_000 },
    async (_name, block) => {
      const { url, authorization } = connectionOf(block);
      expect(url).toBe('https://conexus.example.org:7979/mcp');
      expect(authorization).toBe(`Bearer ${keyOf()}`);
      const client = new Client({ name: block.name, version: '1' });
      const address = new URL(url.replace('https://conexus.example.org:7979', `http://127.0.0.1:${port}`));
      await client.connect(
        new StreamableHTTPClientTransport(address, { requestInit: { headers: { authorization } } }),
      );
      expect((await client.listTools()).tools.map(({ name }) => name)).toContain('search_codebase');
      await client.close();
      const stranger = new Client({ name: 'stranger', version: '1' });
      await expect(stranger.connect(new StreamableHTTPClientTransport(address))).rejects.toThrow();
    },
  );
});

describe('the guide of monitoring', () => {
  it('has commands that work', { timeout: 180_000 }, async () => {
    port = await freePort();
    const [commands] = of(MONITORING, 'runs');
    // A key exists by now, and its server has the usual port.
    const text = onPort(commands?.text ?? '', 9464).replace('conexus serve', 'conexus serve --port 0');
    expect(await runLines(text)).toMatch(/conexus_tool_calls_total\{tool="search_codebase",outcome="ok"\} 0/);
  });
});

interface Connection {
  readonly url: string;
  readonly authorization: string;
}

/** What a client makes of its configuration: each has its own words for a variable of the environment. */
function connectionOf({ language, text }: GuideBlock): Connection {
  if (language === 'sh') return ofCommand(text);
  if (language === 'toml') {
    const value = (key: string) => new RegExp(`^${key} = "([^"]*)"$`, 'm').exec(text)?.[1] ?? '';
    expect(text).toMatch(/^\[mcp_servers\.conexus\]$/m);
    return { url: value('url'), authorization: `Bearer ${environment()[value('bearer_token_env_var')]}` };
  }
  interface Server {
    readonly url: string;
    readonly headers: { readonly Authorization: string };
  }
  const config = JSON.parse(text) as {
    mcpServers?: Record<string, Server>;
    servers?: Record<string, Server>;
    inputs?: { id: string }[];
  };
  const server = (config.mcpServers ?? config.servers)?.['conexus'] as Server;
  const asked = new Set(config.inputs?.map(({ id }) => `input:${id}`));
  const authorization = server.headers.Authorization.replace(/\$\{([^}]+)\}/g, (_whole, name: string) =>
    asked.has(name) || name.replace(/^env:/, '') === 'CONEXUS_KEY' ? keyOf() : '',
  );
  return { url: server.url, authorization };
}

/** The words that the program gets from a shell. */
function ofCommand(line: string): Connection {
  const shell = 'claude() { printf "%s\\n" "$@"; }; npx() { claude "$@"; };';
  const words = String(execFileSync('bash', ['-c', `${shell} ${line}`], { env: environment() })).split('\n');
  const url = words.find((word) => /^https?:/.test(word)) ?? '';
  const header = words[words.indexOf('--header') + 1] ?? '';
  expect(words).toEqual(expect.arrayContaining(['--transport', 'http']));
  return { url, authorization: header.replace(/^Authorization: /, '') };
}
