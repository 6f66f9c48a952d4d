/** A real MCP client on the real server process, as an agent starts it. */
import { rmSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Era, TextResult } from './connect.ts';
import { cleanEnv, LAUNCHER, temporaryFolder } from './run-command.ts';

export interface StdioConnection {
  readonly client: Client;
  /** Text of a tool's answer; of an error, too. */
  call(name: string, args: Record<string, unknown>): Promise<TextResult & { readonly text: string }>;
  close(): Promise<void>;
}

/** A home of its own, so that each connection begins without an index; `home` shares one. */
export async function connectStdio(era: Era, root: string, home?: string): Promise<StdioConnection> {
  const own = home ?? temporaryFolder('home');
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: era } });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [LAUNCHER, 'mcp', '--root', root],
      env: cleanEnv({ CONEXUS_HOME: own, CONEXUS_ADAPT: '0' }),
      stderr: 'pipe',
    }),
  );
  return {
    client,
    async call(name, args) {
      const result = (await client.callTool({ name, arguments: args })) as unknown as TextResult;
      return { ...result, text: result.content.map((part) => part.text ?? '').join('\n') };
    },
    async close() {
      await client.close();
      if (home === undefined) rmSync(own, { recursive: true, force: true });
    },
  };
}
