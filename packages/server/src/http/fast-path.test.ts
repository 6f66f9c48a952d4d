/** The fast path against the SDK alone, over the same operations: what both answer is the same, and odd requests go to the SDK. */
import { createMcpHandler } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMcpServer } from '../mcp/build-server.ts';
import { INSTRUCTIONS } from '../mcp/instructions.ts';
import { TOOLS } from '../operations/registry.ts';
import { testSettings } from '../testing/connect.ts';
import { fakeEngine } from '../testing/fake-engine.ts';
import type { TestServer } from '../testing/serve.ts';
import { openTestServer, rpcOf, SHOP } from '../testing/serve.ts';
import { serverWorkspaces } from '../workspaces/server-workspaces.ts';

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
};
const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const call = { name: 'search_codebase', arguments: { query: 'invalidateSession' } };
const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };

type Case = readonly [what: string, message: unknown, headers?: Readonly<Record<string, string>> | undefined];

const legacy = (method: string, params?: unknown): unknown => ({
  jsonrpc: '2.0',
  id: 1,
  method,
  ...(params !== undefined && { params }),
});
const modern = (method: string, params: object = {}): unknown =>
  legacy(method, { ...params, _meta: ENVELOPE });
const named = (method: string, name?: string) => ({
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': method,
  ...(name !== undefined && { 'mcp-name': name }),
});

/** Answered by us. */
const FAST: readonly Case[] = [
  ['legacy initialize', legacy('initialize', hello)],
  ['legacy initialize, an older version', legacy('initialize', { ...hello, protocolVersion: '2025-06-18' })],
  [
    'legacy initialize, an unknown version',
    legacy('initialize', { ...hello, protocolVersion: '1999-01-01' }),
  ],
  ['legacy initialized', { jsonrpc: '2.0', method: 'notifications/initialized' }],
  ['legacy cancelled', { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }],
  ['legacy ping', legacy('ping')],
  ['legacy tools/list', legacy('tools/list', {}), { 'mcp-protocol-version': '2025-11-25' }],
  ['legacy tools/call', legacy('tools/call', call), { 'mcp-protocol-version': '2025-11-25' }],
  ['legacy tools/call, text id', { ...(legacy('tools/call', call) as object), id: 'a"b' }],
  ['legacy tools/call, no arguments', legacy('tools/call', { name: 'search_codebase' })],
  [
    'legacy tools/call, wrong arguments',
    legacy('tools/call', { name: 'search_codebase', arguments: { query: 7 } }),
  ],
  ['modern discover', modern('server/discover'), named('server/discover')],
  ['modern tools/list', modern('tools/list'), named('tools/list')],
  ['modern tools/call', modern('tools/call', call), named('tools/call', 'search_codebase')],
];

/** Left to the SDK, whose refusal is the answer. */
const LEFT: readonly Case[] = [
  ['no version of JSON-RPC', { id: 1, method: 'ping' }],
  ['another version of JSON-RPC', { jsonrpc: '1.0', id: 1, method: 'ping' }],
  ['no method', { jsonrpc: '2.0', id: 1 }],
  ['a method that is no text', { jsonrpc: '2.0', id: 1, method: 7 }],
  ['an id that is null', { jsonrpc: '2.0', id: null, method: 'ping' }],
  ['an id that is an object', { jsonrpc: '2.0', id: {}, method: 'ping' }],
  ['an id that is a fraction', { jsonrpc: '2.0', id: 1.5, method: 'ping' }],
  ['params that are text', { jsonrpc: '2.0', id: 1, method: 'ping', params: 'x' }],
  ['params that are a list', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: ['search_codebase'] }],
  ['an unknown method', legacy('tools/drop')],
  ['an unknown modern method', modern('tools/drop'), named('tools/drop')],
  ['a removed modern method', modern('ping'), named('ping')],
  ['prompts', legacy('prompts/list')],
  ['an unknown tool', legacy('tools/call', { name: 'drop', arguments: {} })],
  ['an unknown modern tool', modern('tools/call', { name: 'drop' }), named('tools/call', 'drop')],
  ['a tool whose name is a number', legacy('tools/call', { name: 7 })],
  ['arguments that are a list', legacy('tools/call', { name: 'search_codebase', arguments: ['x'] })],
  ['arguments that are text', legacy('tools/call', { name: 'search_codebase', arguments: 'x' })],
  ['initialize without params', legacy('initialize')],
  ['initialize without client', legacy('initialize', { protocolVersion: '2025-11-25', capabilities: {} })],
  ['initialize with a modern header', legacy('initialize', hello), { 'mcp-protocol-version': '2026-07-28' }],
  ['a version header nobody knows', legacy('tools/list'), { 'mcp-protocol-version': '2020-01-01' }],
  ['a modern header without envelope', legacy('tools/list', {}), named('tools/list')],
  ['an envelope without headers', modern('tools/list')],
  ['an envelope without Mcp-Method', modern('tools/list'), { 'mcp-protocol-version': '2026-07-28' }],
  ['another Mcp-Method', modern('tools/call', call), named('tools/list', 'search_codebase')],
  ['another Mcp-Name', modern('tools/call', call), named('tools/call', 'index_control')],
  ['no Mcp-Name', modern('tools/call', call), named('tools/call')],
  [
    'an envelope of a version to come',
    legacy('tools/list', { _meta: { ...ENVELOPE, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' } }),
    { ...named('tools/list'), 'mcp-protocol-version': '2099-01-01' },
  ],
  [
    'an envelope without capabilities',
    legacy('tools/list', { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } }),
    named('tools/list'),
  ],
  ['a posted response', { jsonrpc: '2.0', id: 1, result: {} }],
  ['a client that takes JSON alone', legacy('tools/list'), { accept: 'application/json' }],
  ['a client that takes text', legacy('tools/list'), { accept: 'text/html' }],
  ['resources', legacy('resources/list')],
  ['a notification nobody knows', { jsonrpc: '2.0', method: 'notifications/other' }],
];

let server: TestServer;
const workspaces = serverWorkspaces(
  testSettings(),
  async () => fakeEngine({ files: SHOP }),
  () => undefined,
);
const sdk = createMcpHandler(() =>
  buildMcpServer({ workspaces, tools: TOOLS, instructions: INSTRUCTIONS, log: () => undefined }),
);
beforeAll(async () => {
  server = await openTestServer();
});
afterAll(async () => {
  await server.close();
  await sdk.close();
  await workspaces.close();
});

async function both([, message, headers = {}]: Case): Promise<readonly [unknown, unknown]> {
  const ours = await server.post('/mcp/shop', message, headers);
  const theirs = await sdk.fetch(
    new Request('http://localhost/mcp', {
      method: 'POST',
      headers: { ...HEADERS, ...headers },
      body: JSON.stringify(message),
    }),
  );
  return [
    { status: ours.status, body: await rpcOf(ours) },
    { status: theirs.status, body: await rpcOf(theirs) },
  ];
}

describe('the fast path', () => {
  it.each(FAST.map((one) => [one[0], one] as const))('answers as the SDK does: %s', async (_what, one) => {
    const [ours, theirs] = await both(one);
    expect(ours).toEqual(theirs);
    expect(server.ends.at(-1)?.fast).toBe(true);
  });

  it.each(LEFT.map((one) => [one[0], one] as const))('leaves to the SDK: %s', async (_what, one) => {
    const [ours, theirs] = await both(one);
    expect(ours).toEqual(theirs);
    expect(server.ends.at(-1)?.fast).toBeUndefined();
  });
});
