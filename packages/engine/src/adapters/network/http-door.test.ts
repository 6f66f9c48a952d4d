import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpDoor, type HttpDoorOptions, NetworkError, openHttpDoor } from './http-door.ts';
import { selfSigned } from './testing/self-signed.ts';

const servers: (Server | SecureServer)[] = [];
const doors: HttpDoor[] = [];
afterEach(() => {
  for (const door of doors.splice(0)) door.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function door(options?: HttpDoorOptions): HttpDoor {
  const opened = openHttpDoor(options);
  doors.push(opened);
  return opened;
}

const SECRET = 'Bearer sk-secret';
const post = (url: string, options?: HttpDoorOptions, signal?: AbortSignal) =>
  door(options).post({ url, headers: { authorization: SECRET }, body: { a: 'ü' }, signal });
const problem = async (work: Promise<unknown>): Promise<NetworkError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(NetworkError);
  expect(inspect(error)).not.toContain('sk-secret');
  return error as NetworkError;
};

describe('the door to the network', () => {
  it('sends JSON with its headers and gives JSON back, whatever the status', async () => {
    const url = await serve(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      response.statusCode = 418;
      response.end(JSON.stringify({ body, method: request.method, auth: request.headers.authorization }));
    });
    expect(await post(url)).toEqual({
      status: 418,
      isJson: true,
      json: { body: '{"a":"ü"}', method: 'POST', auth: SECRET },
      retryAfterMs: undefined,
    });
  });

  it('follows a redirect within the origin that keeps the body', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/there') return response.end('"arrived"');
      response.writeHead(308, { location: '/there' });
      return response.end();
    });
    expect((await post(url)).json).toBe('arrived');
  });

  it('takes neither key nor text to another origin', async () => {
    let reached = 0;
    const other = await serve((_request, response) => {
      reached++;
      response.end('1');
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const url = await serve((_request, response) => {
        response.writeHead(status, { location: `${other}/steal` });
        response.end();
      });
      expect((await problem(post(url))).problem).toBe('redirect');
    }
    expect(reached).toBe(0);
  });

  it('ends a loop of redirects, and refuses one that would lose the body', async () => {
    const loop = await serve((_request, response) => {
      response.writeHead(307, { location: '/again' });
      response.end();
    });
    expect((await problem(post(loop))).problem).toBe('redirect');
    const lost = await serve((_request, response) => {
      response.writeHead(302, { location: '/login' });
      response.end();
    });
    expect((await problem(post(lost))).problem).toBe('redirect');
  });

  it('stops reading a reply that is too large', async () => {
    const url = await serve((_request, response) => {
      const write = () => {
        while (response.write('x'.repeat(1 << 16)));
      };
      response.on('drain', write);
      write();
    });
    expect((await problem(post(url, { maxReplyBytes: 1 << 20 }))).problem).toBe('too_large');
  });

  it('bounds the whole request, also a reply that trickles', async () => {
    const url = await serve((_request, response) => {
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    });
    expect((await problem(post(url, { timeoutMs: 60 }))).problem).toBe('timeout');
  });

  it('ends when the caller does', async () => {
    const url = await serve(() => {});
    expect((await problem(post(url, {}, AbortSignal.timeout(20)))).problem).toBe('aborted');
  });

  it.each(['ftp://127.0.0.1/x', 'file:///etc/passwd'])('refuses %s', async (url) => {
    expect((await problem(post(url))).problem).toBe('unreachable');
  });

  it('believes no certificate that nobody signed, whatever the environment says', async () => {
    let reached = 0;
    const server = createSecureServer(selfSigned('localhost'), (_request, response) => {
      reached++;
      response.end('1');
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    try {
      for (const value of ['1', '0']) {
        process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = value;
        expect(await problem(post(url))).toMatchObject({
          problem: 'certificate',
          detail: 'DEPTH_ZERO_SELF_SIGNED_CERT',
        });
      }
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
    expect(reached).toBe(0);
  });

  it('goes through the proxy it is given, past it for hosts that are named, and reads no environment', async () => {
    const seen: string[] = [];
    const proxy = await serve((request, response) => {
      seen.push(request.url ?? '');
      response.end('"by proxy"');
    });
    const url = await serve((_request, response) => response.end('"direct"'));
    expect((await post(url, { proxy: { http: proxy } })).json).toBe('by proxy');
    expect(seen).toEqual([`${url}/`]);
    expect((await post(url, { proxy: { http: proxy, none: '127.0.0.1' } })).json).toBe('direct');
    process.env['HTTP_PROXY'] = proxy;
    try {
      expect((await post(url)).json).toBe('direct');
    } finally {
      delete process.env['HTTP_PROXY'];
    }
  });

  it('reads pauses in seconds, milliseconds and dates', async () => {
    const headers: Record<string, string>[] = [
      { 'retry-after': '2' },
      { 'retry-after': '2', 'retry-after-ms': '250' },
      { 'retry-after': new Date(Date.now() + 60_000).toUTCString() },
      { 'retry-after': 'soon' },
    ];
    const url = await serve((_request, response) => {
      response.writeHead(429, headers.shift());
      response.end();
    });
    const pauses = [];
    for (let i = 0; i < 4; i++) pauses.push((await post(url)).retryAfterMs);
    expect(pauses.slice(0, 2)).toEqual([2_000, 250]);
    expect(pauses[2]).toBeGreaterThan(50_000);
    expect(pauses[3]).toBeUndefined();
  });
});
