/** One hostile request out of a seed and a number: what is odd about it is its kind. Knows no transport's timing. */
import { SHARED, SHARED_TOOLS } from '../../operations/registry.ts';
import { hostileArguments, hostileText, hostileValue } from './hostile-values.ts';
import type { Random } from './random.ts';
import { randomOf } from './random.ts';

export interface HostileMessage {
  readonly number: number;
  readonly kind: Kind;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or what should have been. */
  readonly body: Buffer;
  /** The bytes of a request that is none of HTTP, instead of all above. */
  readonly raw?: Buffer;
  /** Fewer bytes than the head declares, or a broken head: the client ends the connection after it. */
  readonly isCut: boolean;
}

/** Of a hundred messages. */
const SHARES = {
  arguments: 34,
  params: 16,
  envelope: 14,
  headers: 12,
  bytes: 14,
  transport: 9,
  size: 1,
} as const;
export type Kind = keyof typeof SHARES;
const KINDS = (Object.keys(SHARES) as Kind[]).flatMap((kind) => Array<Kind>(SHARES[kind]).fill(kind));

const VERSIONS = ['2025-11-25', '2026-07-28', '2024-11-05', '1999-01-01', '', '\u00e9'] as const;
const METHODS = [
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'resources/subscribe',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'subscriptions/listen',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'tasks/get',
  '__proto__',
  '',
] as const;
const PATHS = [
  '/mcp',
  '/mcp/shop',
  '/mcp/none',
  '/mcp/..',
  '/',
  '/livez',
  '/readyz',
  '/openapi.json',
] as const;

type Json = Record<string, unknown>;

export function hostileMessage(seed: number, number: number): HostileMessage {
  const random = randomOf(seed, number);
  const kind = random.of(KINDS);
  const sound = soundRequest(random);
  const made = { number, kind, method: 'POST', isCut: false, ...sound, ...MAKE[kind](random, sound) };
  return { ...made, body: typeof made.body === 'string' ? Buffer.from(made.body) : made.body };
}

interface Sound {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly message: Json;
  readonly body: string | Buffer;
}
type Change = Partial<Omit<HostileMessage, 'body'> & { readonly body: string | Buffer }>;

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** A request as a client sends it, with arguments that may be anything. */
function soundRequest(random: Random): Sound {
  const operation = random.of(random.chance(0.3) ? SHARED : SHARED_TOOLS);
  const args = withoutBuilding(random, hostileArguments(random, operation.inputSchema()));
  if (random.chance(0.3))
    return {
      path: `/v1/${operation.name}`,
      headers: JSON_HEADERS,
      message: args,
      body: JSON.stringify(args),
    };
  const isModern = random.chance(0.5);
  const params = { name: operation.name, arguments: args, ...(isModern && { _meta: ENVELOPE }) };
  const message = { jsonrpc: '2.0', id: random.below(1e6), method: 'tools/call', params };
  const headers = isModern ? modernHeaders('tools/call', operation.name) : JSON_HEADERS;
  return { path: random.chance(0.8) ? '/mcp' : '/mcp/shop', headers, message, body: JSON.stringify(message) };
}

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

function modernHeaders(method: string, name?: string): Record<string, string> {
  return {
    ...JSON_HEADERS,
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(name !== undefined && { 'mcp-name': name }),
  };
}

/** An index that is cleared or built anew at every third call measures the disk. */
function withoutBuilding(random: Random, args: Json): Json {
  const { action } = args;
  if (typeof action !== 'string' || ['status', 'cancel'].includes(action) || random.chance(0.002))
    return args;
  return { ...args, action: random.of(['status', 'cancel', 'Start', 'rebuild ']), wait: false };
}

const MAKE: Readonly<Record<Kind, (random: Random, sound: Sound) => Change>> = {
  arguments: () => ({}),

  params(random) {
    const method = random.of(METHODS);
    const isModern = random.chance(0.5);
    const given = random.chance(0.8) ? paramsOf(random) : hostileValue(random);
    const params = isModern && isObject(given) ? { ...given, _meta: ENVELOPE } : given;
    const name = random.chance(0.5) ? hostileHeader(hostileText(random)) : undefined;
    return {
      path: '/mcp',
      headers: isModern ? modernHeaders(hostileHeader(method), name) : JSON_HEADERS,
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    };
  },

  envelope(random, { message }) {
    const envelope: Json = { ...message };
    for (const key of ['jsonrpc', 'id', 'method', 'params', '_meta'] as const) {
      if (random.chance(0.3)) delete envelope[key];
      if (random.chance(0.3)) envelope[key] = hostileValue(random);
    }
    const value = random.of([envelope, [envelope], [envelope, envelope], hostileValue(random)]);
    return { path: '/mcp', body: JSON.stringify(value) ?? 'undefined' };
  },

  headers(random, { headers, body }) {
    const changed: Record<string, string> = { ...headers };
    for (const name of [
      'content-type',
      'accept',
      'mcp-protocol-version',
      'mcp-method',
      'mcp-name',
      'mcp-session-id',
      'authorization',
      'origin',
      'content-encoding',
      'x-forwarded-for',
      'host',
      'expect',
      'last-event-id',
    ])
      if (random.chance(0.15))
        changed[name] = hostileHeader(random.chance(0.3) ? random.of(VERSIONS) : hostileText(random));
    const method = random.of(['POST', 'POST', 'POST', 'GET', 'DELETE', 'PUT', 'OPTIONS', 'HEAD', 'PATCH']);
    const path = random.of([...PATHS, `/v1/${encodeURIComponent(hostileText(random).toWellFormed())}`]);
    return { method, path, headers: changed, body: method === 'GET' || method === 'HEAD' ? '' : body };
  },

  bytes(random, { body }) {
    const bytes = Buffer.from(body);
    for (let changes = 1 + random.below(8); changes > 0 && bytes.length > 0; changes--)
      bytes[random.below(bytes.length)] = random.below(256);
    const end = random.chance(0.3) ? random.below(bytes.length + 1) : bytes.length;
    const prefix = random.chance(0.1) ? Buffer.from([0xef, 0xbb, 0xbf]) : Buffer.alloc(0);
    return { path: '/mcp', body: Buffer.concat([prefix, bytes.subarray(0, end)]) };
  },

  transport(random, { path, headers, body }) {
    const head = headOf('POST', path, headers, Buffer.byteLength(body));
    const whole = Buffer.concat([Buffer.from(head), Buffer.from(body)]);
    const kind = random.below(5);
    if (kind === 0) return { raw: whole.subarray(0, random.below(whole.length)), isCut: true };
    if (kind === 1) {
      for (let changes = 1 + random.below(5); changes > 0; changes--)
        whole[random.below(head.length)] = random.below(256);
      return { raw: whole, isCut: true };
    }
    if (kind === 2)
      return {
        raw: Buffer.from(
          `${headOf('POST', path, headers)}Transfer-Encoding: chunked\r\n\r\n${random.of(['zz', 'ffffffffffff', '-1', '5'])}\r\n${body}\r\n0\r\n\r\n`,
        ),
        isCut: true,
      };
    if (kind === 3) {
      const lie = Math.max(0, Buffer.byteLength(body) + random.below(200) - 100);
      return {
        raw: Buffer.concat([Buffer.from(headOf('POST', path, headers, lie)), Buffer.from(body)]),
        isCut: true,
      };
    }
    return {
      raw: Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256))),
      isCut: true,
    };
  },

  size(random) {
    const depth = 1 + random.below(50_000);
    const text = random.of([
      () => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`,
      () => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
      () => JSON.stringify({ query: 'x'.repeat(random.below(1 << 21)) }),
      () => JSON.stringify({ paths: Array(20_000).fill('a/b') }),
      () => `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":0`).join(',')}}`,
    ])();
    return { path: random.of(['/mcp', '/v1/search_codebase']), headers: JSON_HEADERS, body: text };
  },
};

function paramsOf(random: Random): Json {
  const keys = [
    'name',
    'uri',
    'cursor',
    'arguments',
    'ref',
    'argument',
    'protocolVersion',
    'capabilities',
    'clientInfo',
    'requestId',
    'progressToken',
    '_meta',
  ];
  return Object.fromEntries(
    keys.filter(() => random.chance(0.4)).map((key) => [key, PARAMS[key]?.(random) ?? hostileValue(random)]),
  );
}

const PARAMS: Readonly<Record<string, (random: Random) => unknown>> = {
  uri: (random) => (random.chance(0.5) ? `conexus://file/${hostileText(random)}` : hostileText(random)),
  ref: (random) => ({
    type: random.of(['ref/resource', 'ref/prompt', 'ref/']),
    uri: hostileText(random),
    name: hostileText(random),
  }),
  argument: (random) => ({ name: random.of(['path', 'target', '__proto__']), value: hostileValue(random) }),
};

/** A head without an end when the length is not said. */
export function headOf(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  length?: number,
): string {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...('host' in headers ? [] : ['host: 127.0.0.1']),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(length === undefined ? [] : [`content-length: ${length}`]),
  ];
  return `${lines.join('\r\n')}\r\n${length === undefined ? '' : '\r\n'}`;
}

/** One line of at most 300 bytes of Latin 1: a head that ends early is another kind. */
function hostileHeader(text: string): string {
  return text
    .replace(/[\r\n\0]/g, ' ')
    .replace(/[^\x20-\xff]/g, '?')
    .slice(0, 300);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
