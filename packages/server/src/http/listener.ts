/** The listening socket: limits on connections and on slow clients, TLS, and how it ends. Knows no route. */
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServeSettings } from '../config/serve-settings.ts';
import { UserError } from '../errors.ts';
import type { Service } from './service.ts';
import { type Followed, followCertificate, readCertificate } from './tls-files.ts';

export interface Listener {
  readonly url: string;
  readonly port: number;
  /** When the TLS certificate in use ends; undefined: there is none. Milliseconds since 1970. */
  certificateEnds(): number | undefined;
  connections(): Promise<number>;
  /** Refuses new requests, waits for those in work, then aborts and closes what is left. */
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 16 << 10;
/** What aborted requests get to send their last words. */
const ABORT_MS = 500;

export interface ListenOptions {
  /** A connection or a request has come. */
  readonly onArrival: () => void;
  readonly log: (line: string) => void;
  /** How often the TLS files are looked at. */
  readonly tlsPollMs?: number | undefined;
}

/** @throws UserError invalid_argument for a port or certificate that cannot be used */
export async function listen(
  settings: ServeSettings,
  service: Service,
  { onArrival, log, tlsPollMs }: ListenOptions,
): Promise<Listener> {
  const { server, follow } = makeServer(settings, log, tlsPollMs);
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
  const certificate = follow();
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return {
    url: `${settings.tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    port,
    certificateEnds: () => certificate?.endsAt,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    async close() {
      service.leave();
      // Without a balancer to wait for, at once.
      if (settings.limits.leave_ms > 0) await sleep(settings.limits.leave_ms);
      service.drain();
      certificate?.stop();
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

function makeServer(
  { tls, limits }: ServeSettings,
  log: (line: string) => void,
  tlsPollMs: number | undefined,
): { readonly server: Server; follow(): Followed | undefined } {
  const options = {
    headersTimeout: limits.header_ms,
    requestTimeout: Math.max(limits.request_ms, limits.header_ms),
    keepAliveTimeout: limits.idle_ms,
    connectionsCheckingInterval: Math.min(1_000, limits.header_ms),
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const bounded = <Made extends Server>(server: Made): Made => {
    server.maxConnections = limits.connections;
    // Without traffic in either direction: a client that never reads, a peer that has vanished.
    server.timeout = limits.idle_ms;
    return server;
  };
  if (tls === undefined) return { server: bounded(createServer(options)), follow: () => undefined };
  const first = readCertificate(tls);
  const { cert, key } = first;
  const server = bounded(createTlsServer({ ...options, cert, key, handshakeTimeout: limits.header_ms }));
  return { server, follow: () => followCertificate(server, tls, first, log, tlsPollMs) };
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
