/** TLS of a running server: certificates that are renewed, ended, half written; and who does not finish his handshake. With real ones of openssl. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveServeSettings } from '../config/serve-settings.ts';
import { resolveSettings } from '../config/settings.ts';
import { openObservation } from '../observe/observation.ts';
import { fakeEngine } from '../testing/fake-engine.ts';
import { temporaryFolder } from '../testing/run-command.ts';
import { SHOP } from '../testing/serve.ts';
import { type OpenServer, openServer } from './open-server.ts';

const openssl = 'openssl';
const hasOpenssl = spawnSync(openssl, ['version']).status === 0;
let home = '';
let server: OpenServer | undefined;
let close: () => Promise<void> = async () => undefined;
let log: string[] = [];
beforeEach(() => {
  home = temporaryFolder('tls');
  log = [];
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await close();
  rmSync(home, { recursive: true, force: true });
});

/** `NAME.pem` and `NAME.key`, good for so many days from a day ago. */
function make(name: string, days: number): void {
  const files = ['-keyout', join(home, `${name}.key`), '-out', join(home, `${name}.pem`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'];
  const stamp = (at: number) => `${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  const time = [
    '-not_before',
    stamp(Date.now() - 86_400_000),
    '-not_after',
    stamp(Date.now() + (days - 1) * 86_400_000),
  ];
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const made = spawnSync(openssl, [...kind, ...time, ...files, ...subject], { stdio: 'ignore' });
  // Before 3.4 the beginning is always now.
  if (made.status !== 0)
    execFileSync(openssl, [...kind, '-days', String(days - 1), ...files, ...subject], { stdio: 'ignore' });
}

function put(cert: string, key: string): void {
  copyFileSync(join(home, `${cert}.pem`), join(home, 'cert.pem'));
  copyFileSync(join(home, `${key}.key`), join(home, 'key.pem'));
}

async function start(limits: object = {}): Promise<void> {
  const file = join(home, 'serve.json');
  const tls = { cert: 'cert.pem', key: 'key.pem' };
  writeFileSync(
    file,
    JSON.stringify({ port: 0, repositories: { shop: home }, tls, limits, metrics: { port: 0 } }),
  );
  const lists = { repositories: [], allowedHosts: [], allowedOrigins: [] };
  const serve = resolveServeSettings({ cwd: home, file, root: home, ...lists });
  const observation = await openObservation(serve.observe, serve.repositories, () => undefined);
  close = observation.close;
  server = await openServer({
    settings: resolveSettings({ env: { CONEXUS_HOME: home }, cwd: home, platform: 'linux' }),
    serve,
    loadEngine: async () => fakeEngine({ files: SHOP }),
    log: (line) => void log.push(line),
    observation,
    tlsPollMs: 30,
  });
}

/** Whose certificate a new connection gets. */
function served(): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const port = server?.port ?? 0;
    const socket = connectTls(
      { port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false },
      () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      },
    );
    socket.once('error', reject);
  });
}

const endSeconds = async (): Promise<number> => {
  const text = await (await fetch(server?.metrics ?? '')).text();
  return Number(/^conexus_tls_certificate_end_timestamp_seconds\{[^}]*\} (\S+)$/m.exec(text)?.[1]);
};

describe.skipIf(!hasOpenssl)('the certificate', () => {
  it('is exchanged while the server runs, and the old one serves until both files fit', async () => {
    make('old', 31);
    make('new', 61);
    put('old', 'old');
    await start();
    expect(await served()).toBe('old');
    expect(await endSeconds()).toBeGreaterThan(Date.now() / 1_000 + 20 * 86_400);
    put('new', 'old');
    await expect.poll(() => log.join('\n')).toContain('the certificate of before is used');
    expect(await served()).toBe('old');
    put('new', 'new');
    await expect.poll(served, { timeout: 10_000 }).toBe('new');
    expect(await endSeconds()).toBeGreaterThan(Date.now() / 1_000 + 50 * 86_400);
    rmSync(join(home, 'key.pem'));
    await expect.poll(() => log.filter((line) => line.includes('ENOENT'))).toHaveLength(1);
    expect(await served()).toBe('new');
  });

  it('that ends soon is told of at the start', async () => {
    make('short', 4);
    put('short', 'short');
    await start();
    expect(log.join('\n')).toMatch(/the TLS certificate ends at \d{4}-/);
  });
});

it.skipIf(!hasOpenssl)('a handshake that does not go on is dropped as a head is', async () => {
  make('old', 31);
  put('old', 'old');
  await start({ header_ms: 300 });
  const socket = connect({ port: server?.port ?? 0, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  // The first bytes of a ClientHello.
  socket.write(Buffer.from([22, 3, 1]));
  const started = performance.now();
  await new Promise((resolve) => socket.once('close', resolve));
  expect(performance.now() - started).toBeLessThan(5_000);
});
