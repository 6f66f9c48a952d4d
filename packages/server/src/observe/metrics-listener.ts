/** `/metrics` on a listener of its own: what operators read is not offered where clients ask. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopback } from '../config/serve-faults.ts';
import { invalidArgument } from '../errors.ts';

export interface MetricsListener {
  readonly url: string;
  close(): Promise<void>;
}

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const LOCAL_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d{1,5})?$/i;

/** @throws UserError invalid_argument for an address that cannot be used */
export async function listenForMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  scrape: () => Promise<string>,
): Promise<MetricsListener> {
  const isLocal = isLoopback(host);
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    // A web page that rebinds its name to this machine sends its own name.
    if (isLocal && !LOCAL_HOST.test(request.headers.host ?? '')) {
      response.writeHead(403, { 'content-type': 'text/plain' });
      response.end('The Host header names no host of this machine.\n');
      return;
    }
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(path === '/metrics' ? 405 : 404, { 'content-type': 'text/plain' });
      response.end('The metrics are at GET /metrics.\n');
      return;
    }
    scrape().then(
      (text) => {
        response.writeHead(200, { 'content-type': METRICS_TYPE });
        response.end(request.method === 'HEAD' ? undefined : text);
      },
      () => response.writeHead(500).end(),
    );
  });
  server.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        invalidArgument(
          `Cannot offer metrics on ${host} port ${port}: ${error.code ?? error.message}`,
          'Give another metrics.port (0: any free one), or leave metrics out.',
        ),
      ),
    );
    server.listen({ host, port }, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
