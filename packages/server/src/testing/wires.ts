/**
 * Four ways to the server: each protocol era over JSON lines and over HTTP, without an SDK on our side, so that a test sees
 * exactly what is sent. Over one made repository. Over HTTP it is asked at /mcp/<name>, which offers what stdio offers.
 */
import { PassThrough } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { buildMcpServer } from '../mcp/build-server.ts';
import { UNLISTED_TOOLS } from '../operations/registry.ts';
import { serverWorkspaces } from '../workspaces/server-workspaces.ts';
import { testSettings } from './connect.ts';
import type { FakeEngine, FakeOptions } from './fake-engine.ts';
import { fakeEngine } from './fake-engine.ts';
import { openTestServer } from './serve.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly id: unknown;
  readonly result?: Json;
  readonly error?: { readonly code: number; readonly message: string };
  /** What was told before the answer, oldest first. */
  readonly told: readonly Json[];
  /** Of HTTP. */
  readonly status?: number;
}

interface Asking {
  readonly id?: string | number;
  readonly meta?: Json;
  readonly signal?: AbortSignal;
}

export interface Wire {
  readonly era: WireEra;
  readonly way: 'stdio' | 'HTTP';
  readonly engine: FakeEngine;
  /** Everything the server has ever answered, as sent. */
  readonly heard: readonly Json[];
  /** undefined: the signal ended the call. */
  request(method: string, params?: Json, asking?: Asking): Promise<Answer | undefined>;
  /** A text as it is. undefined: nothing is answered to it. */
  send(text: string): Promise<Answer | undefined>;
  notify(method: string, params?: Json): Promise<void>;
  /** Leaves, and comes again as a new client of the same server. */
  reconnect(): Promise<void>;
  close(): Promise<void>;
}

export type WireEra = 'legacy' | 'modern';
export interface WireOptions extends FakeOptions {
  readonly env?: Readonly<Record<string, string>>;
}

const CLIENT = { name: 'test', version: '1' };
export const HELLO = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: CLIENT };
const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': CLIENT,
};
/** Methods whose subject is repeated in a header. */
const NAMED: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};
/** Long enough for a server under load to answer, if it is going to. */
const SILENCE_MS = 150;

/** A connection that has said hello. */
export async function openWire(
  era: WireEra,
  way: 'stdio' | 'HTTP',
  { env = {}, ...options }: WireOptions,
): Promise<Wire> {
  const wire = way === 'HTTP' ? await httpWire(era, options, env) : stdioWire(era, options, env);
  await greet(wire);
  return wire;
}

async function greet(wire: Wire): Promise<void> {
  if (wire.era === 'modern') return void (await wire.request('server/discover'));
  await wire.request('initialize', HELLO);
  await wire.notify('notifications/initialized');
}

function messageOf(era: WireEra, method: string, params: Json | undefined, { id, meta }: Asking): Json {
  const all = era === 'modern' ? { ...ENVELOPE, ...meta } : meta;
  const whole = all === undefined ? params : { ...params, _meta: all };
  return {
    jsonrpc: '2.0',
    ...(id !== undefined && { id }),
    method,
    ...(whole !== undefined && { params: whole }),
  };
}

interface Lines {
  readonly input: PassThrough;
  close(): Promise<void>;
}

function stdioWire(era: WireEra, options: FakeOptions, env: Record<string, string>): Wire {
  const engine = fakeEngine(options);
  const workspaces = serverWorkspaces(
    testSettings(env),
    async () => engine,
    () => undefined,
  );
  const heard: Json[] = [];
  const waiting = new Map<unknown, (answer: Json) => void>();
  let lines = open();
  let lastId = 0;

  function open(): Lines {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const handle = serveStdio(
      () => buildMcpServer({ workspaces, unlisted: UNLISTED_TOOLS, log: () => undefined }),
      { transport: new StdioServerTransport(input, output) },
    );
    let rest = '';
    output.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        const message = JSON.parse(line) as Json;
        heard.push(message);
        if (!('method' in message)) waiting.get(message['id'])?.(message);
      }
    });
    return {
      input,
      async close() {
        input.end();
        await handle.close();
      },
    };
  }

  const answerTo = (id: unknown, signal?: AbortSignal): Promise<Answer | undefined> =>
    new Promise((resolve) => {
      const from = heard.length;
      signal?.addEventListener('abort', () => {
        void wire.notify('notifications/cancelled', { requestId: id });
        resolve(undefined);
      });
      waiting.set(id, (answer) => {
        const told = heard.slice(from).filter((message) => 'method' in message);
        resolve({ ...answer, told } as unknown as Answer);
      });
    });
  const wire: Wire = {
    era,
    way: 'stdio',
    engine,
    heard,
    request(method, params, asking = {}) {
      const id = asking.id ?? ++lastId;
      const answer = answerTo(id, asking.signal);
      lines.input.write(`${JSON.stringify(messageOf(era, method, params, { ...asking, id }))}\n`);
      return answer;
    },
    async send(text) {
      const from = heard.length;
      lines.input.write(`${text}\n`);
      await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
      const answer = heard.slice(from).find((message) => !('method' in message));
      return answer && ({ ...answer, told: [] } as unknown as Answer);
    },
    async notify(method, params) {
      lines.input.write(`${JSON.stringify(messageOf(era, method, params, {}))}\n`);
    },
    async reconnect() {
      await lines.close();
      lines = open();
      await greet(wire);
    },
    async close() {
      await lines.close();
      await workspaces.close();
    },
  };
  return wire;
}

async function httpWire(era: WireEra, options: FakeOptions, env: Record<string, string>): Promise<Wire> {
  const server = await openTestServer({ repositories: { shop: options }, env });
  const heard: Json[] = [];
  let lastId = 0;
  const headersOf = (method: string, params: Json = {}): Record<string, string> => {
    if (era === 'legacy') return method === 'initialize' ? {} : { 'mcp-protocol-version': '2025-11-25' };
    const name = params[NAMED[method] ?? ''];
    return {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
    };
  };
  const post = async (text: string, headers: Record<string, string>, signal?: AbortSignal) => {
    const response = await fetch(`${server.url}/mcp/shop`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: text,
      ...(signal !== undefined && { signal }),
    });
    const body = await response.text();
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const texts = isStream ? [...body.matchAll(/^data: (.+)$/gm)].map(([, data = '']) => data) : [body];
    const messages = texts.filter((one) => one !== '').map((one) => JSON.parse(one) as Json);
    heard.push(...messages);
    const answer = messages.find((message) => !('method' in message));
    const told = messages.filter((message) => 'method' in message);
    return answer && ({ ...answer, told, status: response.status } as unknown as Answer);
  };
  const wire: Wire = {
    era,
    way: 'HTTP',
    engine: server.engines['shop'] as FakeEngine,
    heard,
    async request(method, params, asking = {}) {
      const id = asking.id ?? ++lastId;
      const text = JSON.stringify(messageOf(era, method, params, { ...asking, id }));
      try {
        return await post(text, headersOf(method, params), asking.signal);
      } catch (error) {
        if (asking.signal?.aborted === true) return undefined;
        throw error;
      }
    },
    send: (text) => post(text, headersOf('ping')),
    async notify(method, params) {
      await post(JSON.stringify(messageOf(era, method, params, {})), headersOf(method, params));
    },
    reconnect: () => greet(wire),
    close: () => server.close(),
  };
  return wire;
}
