/** A real MCP client on the real server, in one process, for either protocol era. */
import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Settings } from '../config/settings.ts';
import { resolveSettings } from '../config/settings.ts';
import { buildMcpServer } from '../mcp/build-server.ts';
import type { ServerWorkspaces } from '../workspaces/server-workspaces.ts';
import { serverWorkspaces } from '../workspaces/server-workspaces.ts';
import type { FakeEngine, FakeOptions } from './fake-engine.ts';
import { fakeEngine } from './fake-engine.ts';

export type Era = 'legacy' | 'auto';
export const ERAS: readonly Era[] = ['legacy', 'auto'];

export interface Connection {
  readonly client: Client;
  readonly engine: FakeEngine;
  readonly workspaces: ServerWorkspaces;
  readonly log: string[];
  close(): Promise<void>;
}

export function testSettings(env: Record<string, string> = {}): Settings {
  return resolveSettings({ env: { CONEXUS_HOME: '/home', ...env }, cwd: '/repository', platform: 'linux' });
}

export async function connect(
  era: Era,
  options: FakeOptions,
  env: Record<string, string> = {},
): Promise<Connection> {
  const engine = fakeEngine(options);
  const log: string[] = [];
  const write = (line: string) => void log.push(line);
  const workspaces = serverWorkspaces(testSettings(env), async () => engine, write);
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const handle = serveStdio(() => buildMcpServer({ workspaces, log: write }), { transport: serverSide });
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: era } });
  await client.connect(clientSide);
  return {
    client,
    engine,
    workspaces,
    log,
    async close() {
      await client.close();
      await handle.close();
      await workspaces.close();
    },
  };
}

export interface TextResult {
  readonly isError?: boolean | undefined;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: unknown;
}

export function textOf(result: unknown): string {
  return (result as TextResult).content.map((part) => part.text ?? '').join('\n');
}
