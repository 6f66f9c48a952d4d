/**
 * The only door to the network: one JSON request, one JSON reply, both bounded. Sends what it is given to the host it is
 * given and nowhere else: a redirect to another origin is refused, certificates are always verified, proxies are used only
 * when named by the caller. It knows no provider, tries nothing twice, and neither logs nor repeats a header.
 *
 * On `node:http` rather than `fetch`: agents take a proxy per connection, and certificates stay verified whatever
 * NODE_TLS_REJECT_UNAUTHORIZED says.
 */
import type { AgentOptions, IncomingMessage, RequestOptions, request as startRequest } from 'node:http';
import type { ProxySettings } from '../../model/embedding.ts';

export interface HttpDoorOptions {
  readonly proxy?: ProxySettings | undefined;
  /** Whole request, from connecting to the last byte. Default 60 s. */
  readonly timeoutMs?: number | undefined;
  /** Default 64 MiB: a thousand vectors of 4,096 numbers in decimal. */
  readonly maxReplyBytes?: number | undefined;
}

export interface JsonRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface JsonReply {
  readonly status: number;
  /** Parsed, when the body was JSON. */
  readonly json: unknown;
  readonly isJson: boolean;
  /** From `retry-after-ms` or `retry-after`. */
  readonly retryAfterMs: number | undefined;
}

export type NetworkProblem = 'timeout' | 'unreachable' | 'certificate' | 'too_large' | 'redirect' | 'aborted';

/** No reply was had. `detail` is a code or a host, never a text of the other side. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly problem: NetworkProblem;
  readonly detail: string;
  constructor(problem: NetworkProblem, detail: string) {
    super(`${problem}: ${detail}`);
    this.problem = problem;
    this.detail = detail;
  }
}

export interface HttpDoor {
  /** Any status is a reply. @throws NetworkError */
  post(request: JsonRequest): Promise<JsonReply>;
  close(): void;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_REPLY_BYTES = 64 << 20;
const MAX_REDIRECTS = 3;
/** `proxyEnv` of agents came with Node 24.5; before it, a proxy would be passed by in silence. */
const PROXY_SINCE = [24, 5] as const;

export function openHttpDoor(options: HttpDoorOptions = {}): HttpDoor {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const maxBytes = options.maxReplyBytes ?? DEFAULT_MAX_REPLY_BYTES;
  const proxy = proxyOf(options.proxy);
  let opened: ReturnType<typeof openSenders> | undefined;

  const once = async (url: URL, body: Buffer, request: JsonRequest, signal: AbortSignal) => {
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new NetworkError('unreachable', `${url.protocol} is not a web address`);
    opened ??= openSenders({ keepAlive: true, maxSockets: 64, ...proxy });
    const { agent, start } = (await opened)[url.protocol];
    const response = await send(start, url, body, {
      agent,
      headers: { ...request.headers, ...JSON_HEADERS, 'content-length': body.length },
      signal,
    });
    return { response, bytes: await readAll(response, maxBytes) };
  };

  return {
    async post(request) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
      const body = Buffer.from(JSON.stringify(request.body));
      let url = new URL(request.url);
      try {
        for (let hops = 0; ; hops++) {
          const { response, bytes } = await once(url, body, request, signal);
          const status = response.statusCode ?? 0;
          if (status < 300 || status >= 400) return replyOf(response, status, bytes);
          url = redirected(url, response, hops);
        }
      } catch (error) {
        if (error instanceof NetworkError) throw error;
        if (request.signal?.aborted) throw new NetworkError('aborted', 'by the caller');
        if (deadline.aborted) throw new NetworkError('timeout', `${timeoutMs} ms`);
        throw connectionError(error);
      }
    },
    close() {
      void opened?.then((senders) => {
        for (const { agent } of Object.values(senders)) agent.destroy();
      });
    },
  };
}

/** Loaded with the first request: Node brings a client of its own with these modules, 30 ms that every command would wait for. */
async function openSenders(options: AgentOptions) {
  const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
  return {
    'http:': { agent: new http.Agent(options), start: http.request },
    'https:': { agent: new https.Agent(options), start: https.request },
  };
}

const JSON_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json',
  // No compression: a small reply must not become a large one.
  'accept-encoding': 'identity',
  'user-agent': 'conexus',
};

function send(
  start: typeof startRequest,
  url: URL,
  body: Buffer,
  options: RequestOptions,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const secure = url.protocol === 'https:' ? { rejectUnauthorized: true } : {};
  const request = start(url, { method: 'POST', ...options, ...secure }, resolve);
  request.on('error', reject);
  request.end(body);
  return promise;
}

async function readAll(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response) {
    bytes += (part as Buffer).length;
    if (bytes > maxBytes) {
      response.destroy();
      throw new NetworkError('too_large', `more than ${maxBytes} bytes`);
    }
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

/** Only what keeps method and body, and only within the origin that the key was meant for. */
function redirected(from: URL, response: IncomingMessage, hops: number): URL {
  const { location } = response.headers;
  const to = location === undefined ? undefined : URL.parse(location, from.href);
  if (!to || to.origin !== from.origin)
    throw new NetworkError('redirect', to ? `to ${to.host}` : `status ${response.statusCode}`);
  const keepsBody = response.statusCode === 307 || response.statusCode === 308;
  if (!keepsBody || hops >= MAX_REDIRECTS)
    throw new NetworkError('redirect', `status ${response.statusCode}`);
  return to;
}

function replyOf(response: IncomingMessage, status: number, bytes: Buffer): JsonReply {
  const retryAfterMs = retryAfter(response.headers);
  try {
    return { status, json: JSON.parse(bytes.toString('utf8')), isJson: true, retryAfterMs };
  } catch {
    return { status, json: undefined, isJson: false, retryAfterMs };
  }
}

/** Seconds or a date (RFC 9110, 10.2.3); OpenAI and Azure send milliseconds beside it. */
function retryAfter(headers: IncomingMessage['headers']): number | undefined {
  const exact = Number(headers['retry-after-ms']);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

function connectionError(error: unknown): NetworkError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reply';
  const isCertificate = /CERT|SELF_SIGNED|TLS|SSL|UNABLE_TO_VERIFY/.test(code);
  return new NetworkError(isCertificate ? 'certificate' : 'unreachable', code);
}

function proxyOf(proxy: ProxySettings | undefined) {
  if (!proxy?.http && !proxy?.https) return {};
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < PROXY_SINCE[0] || (major === PROXY_SINCE[0] && minor < PROXY_SINCE[1]))
    throw new NetworkError('unreachable', `a proxy needs Node ${PROXY_SINCE.join('.')}`);
  return { proxyEnv: { HTTP_PROXY: proxy.http, HTTPS_PROXY: proxy.https, NO_PROXY: proxy.none } };
}
