/** A real server on a free port of this machine, over made repositories, with a real home; and ways to ask it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Engine } from '@conexus/engine';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { keyStoreFile, openKeyStore } from '../access/key-store.ts';
import type { KeyRequest } from '../access/keys.ts';
import { makeKey } from '../access/keys.ts';
import { resolveServeSettings } from '../config/serve-settings.ts';
import { resolveSettings } from '../config/settings.ts';
import { openServer } from '../http/open-server.ts';
import { openObservation } from '../observe/observation.ts';
import type { RequestEnd, RequestObserver } from '../observe/request-events.ts';
import type { Era } from './connect.ts';
import type { FakeEngine, FakeOptions } from './fake-engine.ts';
import { fakeEngine } from './fake-engine.ts';
import { temporaryFolder } from './run-command.ts';

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly home: string;
  readonly engines: Readonly<Record<string, FakeEngine>>;
  readonly log: string[];
  /** Where metrics are, if observed. */
  readonly metrics: string | undefined;
  /** Requests that have ended, oldest first. */
  readonly ends: RequestEnd[];
  /** A new key, as text. */
  key(request?: Partial<KeyRequest>): string;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** The MCP client of the SDK, connected. */
  connect(era: Era, path?: string, key?: string): Promise<Client>;
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly repositories?: Readonly<Record<string, Partial<FakeOptions>>>;
  /** The configuration file, beside repositories and port. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Beside the one that fills `ends`. */
  readonly observers?: readonly RequestObserver[];
  /** With metrics, logs and, where given, traces to this OTLP endpoint. */
  readonly observe?: { readonly otlpEndpoint?: string };
  /** Make a key before the start, as `auth: keys` wants. */
  readonly withKey?: boolean;
}

export const SHOP = {
  'src/session.ts': 'export function invalidateSession(id: string) {\n  return store.delete(id);\n}\n',
};
export const BANK = { 'src/vault.ts': 'export const vaultCombination = "left right left";\n' };

export function addKey(home: string, request: Partial<KeyRequest> = {}): string {
  const store = openKeyStore(keyStoreFile(home));
  const { text, stored } = makeKey({
    name: 'test',
    scopes: ['read'],
    repositories: undefined,
    expiresAt: undefined,
    now: Date.now(),
    ...request,
  });
  store.add(stored, () => undefined);
  store.close();
  return text;
}

export async function openTestServer({
  repositories = { shop: { files: SHOP } },
  config = {},
  env = {},
  withKey = false,
  observers = [],
  observe,
}: TestServerOptions = {}): Promise<TestServer> {
  const home = temporaryFolder('serve');
  const folders = Object.fromEntries(
    Object.keys(repositories).map((name) => [name, join(home, 'roots', name)]),
  );
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const file = join(home, 'serve.json');
  writeFileSync(file, JSON.stringify({ port: 0, repositories: folders, ...config }));
  const settings = resolveSettings({ env: { CONEXUS_HOME: home, ...env }, cwd: home, platform: 'linux' });
  const serve = resolveServeSettings({
    cwd: home,
    file,
    repositories: [],
    allowedHosts: [],
    allowedOrigins: [],
    root: home,
    ...(observe && { metricsPort: '0', logFormat: 'json', otlpEndpoint: observe.otlpEndpoint }),
  });
  if (withKey) addKey(home);
  let turn: (() => Promise<void>) | undefined;
  const engines = Object.fromEntries(
    Object.entries(repositories).map(([name, options]) => [
      name,
      fakeEngine({ files: SHOP, turn: async () => turn?.(), ...options }),
    ]),
  );
  const byRoot = new Map(
    Object.entries(folders).map(([name, folder]) => [folder, engines[name] as FakeEngine]),
  );
  const engine: Engine = {
    openWorkspace: async (root) => (byRoot.get(root) as FakeEngine).openWorkspace(root),
    close: async () => undefined,
  };
  const log: string[] = [];
  const ends: RequestEnd[] = [];
  const write = (line: string) => void log.push(line);
  const observation = observe && (await openObservation(serve.observe, serve.repositories, write));
  const server = await openServer({
    settings,
    serve,
    loadEngine: async (_settings, extras) => {
      turn = extras?.turn;
      return engine;
    },
    log: observation?.log ?? write,
    ...(observation && { observation }),
    observers: [...observers, { ended: (end) => void ends.push(end) }],
  });
  let closed = false;
  return {
    url: server.url,
    port: server.port,
    home,
    engines,
    log,
    metrics: server.metrics,
    ends,
    key: (request) => addKey(home, request),
    post: (path, body, headers = {}) => post(server.url + path, body, headers),
    connect: (era, path = '/mcp', key) => connectClient(era, server.url + path, key),
    async close() {
      if (closed) return;
      closed = true;
      await server.close();
      await observation?.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

function post(url: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { ...JSON_HEADERS, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function connectClient(era: Era, url: string, key: string | undefined): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: era } });
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return client;
}

/** The JSON of an answer, plain or as the last event of a stream. */
export async function rpcOf(response: Response): Promise<Record<string, unknown> | undefined> {
  const text = await response.text();
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true)
    return text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
  const data = text.split('\n').filter((line) => line.startsWith('data: '));
  return JSON.parse((data.at(-1) ?? 'data: null').slice(6)) as Record<string, unknown>;
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Waits for what comes about a moment later. */
export async function until(condition: () => boolean, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error('did not come about in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Open, read and thrown away what comes; destroyed when it fails. */
export function socketTo(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    socket.once('error', reject);
    socket.resume();
  });
}
