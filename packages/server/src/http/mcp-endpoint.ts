/**
 * MCP over Streamable HTTP, stateless, in both protocol eras: the fast path for what it recognises, the SDK for all else,
 * over the same operations. Each request stands alone: no session, no stream that outlives its call. Knows no key.
 */
import type { CallToolResult } from '@modelcontextprotocol/server';
import {
  createMcpHandler,
  SERVER_INFO_META_KEY,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server';
import type { DefectLog, SafeError } from '../errors.ts';
import { errorLine } from '../errors.ts';
import { buildMcpServer, CACHE_HINT, CAPABILITIES, SERVER_INFO } from '../mcp/build-server.ts';
import type { ProtocolExtension } from '../mcp/protocol-extension.ts';
import type { ToolServer } from '../mcp/tools.ts';
import { callTool, listTools } from '../mcp/tools.ts';
import { resultSize } from '../observe/request-events.ts';
import type { Scope } from '../operations/operation.ts';
import type { KnownExchange } from './exchange.ts';
import type { FastRequest } from './mcp-fast.ts';
import { recognise } from './mcp-fast.ts';
import { RPC } from './refusal.ts';
import type { Reply } from './reply.ts';
import { JSON_TYPE, startStream } from './reply.ts';
import { retryHeaders } from './rest.ts';
import { sendWebResponse, toWebRequest } from './web-response.ts';

/** What is offered at an address: all repositories, or one as over standard input and output. */
export interface McpSurface extends ToolServer {
  readonly instructions: string;
}

export interface McpCall {
  readonly exchange: KnownExchange;
  readonly message: Readonly<Record<string, unknown>>;
  readonly surface: McpSurface;
  readonly authorize: (needed: Scope) => void;
  /** How a refusal for want of a scope goes out. */
  readonly challenge: (needed: SafeError) => Reply;
}

export interface McpEndpoint {
  /** undefined: the answer was streamed. */
  answer(call: McpCall): Promise<Reply | undefined>;
  close(): Promise<void>;
}

const MAX_SUBSCRIPTIONS = 64;
const OF_THE_SERVER = new Set(['initialize', 'server/discover', 'tools/list']);
const RPC_METHODS = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'completion/complete',
  'subscriptions/listen',
  'notifications/initialized',
  'notifications/cancelled',
  'prompts/list',
  'prompts/get',
  'logging/setLevel',
]);

export function makeMcpEndpoint(log: DefectLog, extension?: ProtocolExtension): McpEndpoint {
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const call = authInfo?.extra?.['call'] as McpCall | undefined;
      if (call === undefined) throw new Error('a request reached the SDK without its call');
      const { surface, authorize, exchange } = call;
      // What is odd goes this way, and must not get around what the fast path asks for.
      return buildMcpServer({
        ...surface,
        authorize,
        extension,
        onError: ({ code }) => {
          exchange.note.error = code;
        },
      });
    },
    {
      maxSubscriptions: MAX_SUBSCRIPTIONS,
      onerror: (error) => log(`protocol: ${error.message.slice(0, 200)}`),
    },
  );
  return {
    async answer(call) {
      const { exchange, message, surface } = call;
      const known = recognise(exchange.request.headers, message);
      // What is said of the server itself is not what an extended one offers.
      const fast = extension !== undefined && OF_THE_SERVER.has(known?.method ?? '') ? undefined : known;
      const method = message['method'];
      exchange.note.rpcMethod = typeof method === 'string' && RPC_METHODS.has(method) ? method : 'other';
      if (fast !== undefined && (fast.method !== 'tools/call' || knows(surface, fast.params['name']))) {
        exchange.note.fast = true;
        exchange.note.era = fast.era;
        return answerFast(fast, call);
      }
      const authInfo = { token: '', clientId: exchange.principal.id, scopes: [], extra: { call } };
      const name =
        message['method'] === 'tools/call'
          ? (message['params'] as { name?: unknown } | undefined)?.name
          : undefined;
      if (typeof name === 'string' && knows(surface, name)) exchange.note.operation = name;
      const response = await handler.fetch(toWebRequest(exchange), { authInfo, parsedBody: message });
      if (response.status >= 400) exchange.note.error ??= 'invalid_argument';
      exchange.note.responseBytes = await sendWebResponse(response, exchange);
      return undefined;
    },
    close: () => handler.close(),
  };
}

function knows({ tools }: ToolServer, name: unknown): boolean {
  return tools.some((tool) => tool.name === name);
}

async function answerFast(request: FastRequest, call: McpCall): Promise<Reply | undefined> {
  const { id, era, method, params } = request;
  if (id === undefined) return { status: 202 };
  switch (method) {
    case 'ping':
      return rpcReply(id, '{}');
    case 'initialize':
      return rpcReply(id, initializeResult(String(params['protocolVersion']), call.surface));
    case 'server/discover':
      return rpcReply(id, discoverResult(call.surface));
    case 'tools/list':
      return rpcReply(id, toolsResult(call.surface, era));
    default:
      return answerCall({ ...request, id }, call);
  }
}

/** The text of `result`, spliced in: lists are made once, not once a request. */
function rpcReply(id: string | number, result: string): Reply {
  return {
    status: 200,
    headers: JSON_TYPE,
    body: `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`,
  };
}

const MODERN_META = { resultType: 'complete', _meta: { [SERVER_INFO_META_KEY]: SERVER_INFO } };

function discoverResult({ instructions }: McpSurface): string {
  const supportedVersions = ['2026-07-28'];
  return JSON.stringify({
    supportedVersions,
    capabilities: CAPABILITIES,
    instructions,
    ...CACHE_HINT,
    ...MODERN_META,
  });
}

function initializeResult(wanted: string, { instructions }: McpSurface): string {
  const [latest] = SUPPORTED_PROTOCOL_VERSIONS;
  const protocolVersion = SUPPORTED_PROTOCOL_VERSIONS.includes(wanted) ? wanted : latest;
  return JSON.stringify({
    protocolVersion,
    capabilities: CAPABILITIES,
    serverInfo: SERVER_INFO,
    instructions,
  });
}

const toolResults = new WeakMap<ToolServer['tools'], Record<FastRequest['era'], string>>();

function toolsResult({ tools }: ToolServer, era: FastRequest['era']): string {
  let results = toolResults.get(tools);
  if (results === undefined) {
    const list = { tools: listTools(tools) };
    results = {
      legacy: JSON.stringify(list),
      modern: JSON.stringify({ ...list, ...CACHE_HINT, ...MODERN_META }),
    };
    toolResults.set(tools, results);
  }
  return results[era];
}

async function answerCall(
  request: FastRequest & { readonly id: string | number },
  { exchange, surface, authorize, challenge }: McpCall,
): Promise<Reply | undefined> {
  const { id, era, params, meta } = request;
  const { response, note, signal } = exchange;
  const name = String(params['name']);
  note.operation = name;
  let failure: SafeError | undefined;
  const work = () =>
    callTool(
      surface,
      { name, arguments: params['arguments'] as Record<string, unknown> | undefined },
      {
        signal,
        meta,
        authorize,
        onOutcome: (outcome, format, text) => {
          note.result = resultSize(outcome, format, text());
        },
        onError(error) {
          failure = error;
          note.error = error.code;
        },
        async notify(notification) {
          // The answer becomes a stream only when there is something to stream.
          if (!response.headersSent) {
            startStream(response);
            exchange.streaming();
          }
          response.write(eventOf(JSON.stringify({ jsonrpc: '2.0', ...notification })));
        },
      },
    );
  const result = await exchange.observed(meta, work);
  if (failure?.code === 'forbidden' && !response.headersSent) {
    const { status, headers = {} } = challenge(failure);
    return {
      status,
      headers: { ...headers, ...JSON_TYPE },
      body: rpcError(id, RPC.refused, errorLine(failure)),
    };
  }
  // As a refusal before the call: who speaks HTTP is told in its words, and when to come again.
  if (failure?.code === 'overloaded' && !response.headersSent)
    return {
      status: 503,
      headers: { ...retryHeaders(failure), ...JSON_TYPE },
      body: rpcError(id, RPC.refused, errorLine(failure)),
    };
  const reply = rpcReply(id, resultText(result, era));
  if (!response.headersSent) return reply;
  const event = eventOf(String(reply.body));
  response.end(event);
  note.responseBytes = event.length;
  return undefined;
}

function resultText(result: CallToolResult, era: FastRequest['era']): string {
  return JSON.stringify(era === 'modern' ? { ...result, ...MODERN_META } : result);
}

function eventOf(json: string): string {
  return `event: message\ndata: ${json}\n\n`;
}

export function rpcError(id: unknown, code: number, message: string): string {
  const known = typeof id === 'string' || typeof id === 'number' ? id : null;
  return JSON.stringify({ jsonrpc: '2.0', id: known, error: { code, message } });
}
