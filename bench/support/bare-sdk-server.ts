/**
 * The server that the SDK's documentation shows: a fresh SDK server for each request, over our operations, on node:http.
 * The baseline of load measurements; it has no guard and must never be served to anybody.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { buildMcpServer } from '../../packages/server/src/mcp/build-server.ts';
import type { WorkspaceProvider } from '../../packages/server/src/operations/operation.ts';

export interface BareServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function openBareSdkServer(workspaces: WorkspaceProvider): Promise<BareServer> {
  const handler = createMcpHandler(() => buildMcpServer({ workspaces, log: () => undefined }));
  const server = createServer((request, response) => {
    const web = new Request(`http://localhost${request.url ?? '/'}`, {
      method: request.method ?? 'GET',
      headers: request.headers as Record<string, string>,
      ...(request.method === 'POST' && { body: Readable.toWeb(request), duplex: 'half' }),
    } as RequestInit);
    void handler.fetch(web).then((answer) => {
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      if (answer.body === null) response.end();
      else Readable.fromWeb(answer.body as never).pipe(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      await handler.close();
    },
  };
}
