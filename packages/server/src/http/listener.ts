/** The listening socket: limits on connections and on slow clients, TLS, and how it ends. Knows no route. */
import { readFileSync } from 'node:fs';
import type { Server, ServerOptions } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServeSettings } from '../config/serve-settings.ts';
import { UserError } from '../errors.ts';
import type { Service } from './service.ts';

export interface Listener {
  readonly url: string;
  readonly port: number;
  connections(): Promise<number>;
  /** Refuses new requests, waits for those in work, then aborts and closes what is left. */
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 16 << 10;
/** What aborted requests get to send their last words. */
const ABORT_MS = 500;

/** `onArrival`: a connection or a request has come. @throws UserError invalid_argument for a port or certificate that cannot be used */
export async function listen(
  settings: ServeSettings,
  service: Service,
  onArrival: () => void,
): Promise<Listener> {
  const server = makeServer(settings);
  server.on('connection', onArrival);
  server.on('request', onArrival);
  server.on('request', service.handle);
  // An upgrade or a tunnel is nothing that we speak.
  server.on('connect', (_request, socket) => void socket.destroy());
  server.on('upgrade', (_request, socket) => void socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(settings, error)));
    server.listen({ host: settings.host, port: settings.port }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return {
    url: `${settings.tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    port,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    async close() {
      service.drain();
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeIdleConnections();
      await within(settings.limits.drain_ms, service.idle());
      service.abort();
      await within(ABORT_MS, service.idle());
      server.closeAllConnections();
      await closed;
    },
  };
}

function makeServer({ tls, limits }: ServeSettings): Server {
  const options = {
    headersTimeout: limits.header_ms,
    requestTimeout: Math.max(limits.request_ms, limits.header_ms),
    keepAliveTimeout: limits.idle_ms,
    connectionsCheckingInterval: Math.min(1_000, limits.header_ms),
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const server = tls === undefined ? createServer(options) : tlsServer(options, tls);
  server.maxConnections = limits.connections;
  // Without traffic in either direction: a client that never reads, a peer that has vanished.
  server.timeout = limits.idle_ms;
  return server;
}

function tlsServer(options: ServerOptions, files: NonNullable<ServeSettings['tls']>): Server {
  try {
    return createTlsServer({ ...options, cert: readFileSync(files.cert), key: readFileSync(files.key) });
  } catch (error) {
    throw new UserError(
      'invalid_argument',
      `The TLS files cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      'Correct tls.cert and tls.key: PEM files that belong together.',
    );
  }
}

function cannotListen(
  { host, port }: ServeSettings,
  { code = 'unknown reason' }: NodeJS.ErrnoException,
): Error {
  const why = code === 'EADDRINUSE' ? 'another process has it' : code === 'EACCES' ? 'not permitted' : code;
  return new UserError(
    'invalid_argument',
    `Cannot listen on ${host} port ${port}: ${why}`,
    'Give another --port (0: any free one) or --host.',
  );
}

function within(ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
