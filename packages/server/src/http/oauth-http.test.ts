/** Access tokens: a provider of our own on this machine, real signatures, and every token that must not pass. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ERAS, textOf } from '../testing/connect.ts';
import type { TestServer } from '../testing/serve.ts';
import { BANK, bearer, openTestServer, SHOP, until } from '../testing/serve.ts';

const ISSUER = 'https://login.example.org/';
const RESOURCE = 'https://conexus.example.org/mcp';

let provider: Server;
let jwksUri = '';
let fetches = 0;
const askedFor = new Set<string | undefined>();
let reply: () => string;
/** Where the provider sends who asks for its keys. */
let location: string | undefined;
let pair: Awaited<ReturnType<typeof generateKeyPair>>;
let other: Awaited<ReturnType<typeof generateKeyPair>>;
let publicPem = '';

beforeAll(async () => {
  [pair, other] = [await generateKeyPair('RS256', { extractable: true }), await generateKeyPair('RS256')];
  publicPem = await exportSPKI(pair.publicKey);
  const keys = JSON.stringify({
    keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }],
  });
  reply = () => keys;
  provider = createServer((request, response) => {
    fetches++;
    askedFor.add(request.url);
    response.setHeader('content-type', 'application/json');
    if (location !== undefined && request.url === '/jwks') response.writeHead(302, { location });
    response.end(reply());
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  jwksUri = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks`;
});
afterAll(() => provider.close());

let server: TestServer;
const open = async (oauth: object = {}): Promise<void> => {
  server = await openTestServer({
    repositories: { shop: { files: SHOP }, bank: { files: BANK } },
    config: { oauth: { issuer: ISSUER, resource: RESOURCE, jwks_uri: jwksUri, ...oauth } },
  });
};
afterEach(() => server.close());

const CLAIMS: JWTPayload = { scope: 'openid conexus:read', conexus_repositories: ['shop'] };

function token(
  claims: JWTPayload = {},
  change: (jwt: SignJWT) => SignJWT = (jwt) => jwt,
  {
    key = pair.privateKey,
    header = {},
  }: { readonly key?: typeof pair.privateKey; readonly header?: object } = {},
): Promise<string> {
  const jwt = new SignJWT({ ...CLAIMS, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'one', ...header })
    .setIssuer(ISSUER)
    .setAudience(RESOURCE)
    .setSubject('ada')
    .setIssuedAt()
    .setExpirationTime('5m');
  return change(jwt).sign(key);
}

const status = async (text: string, repo = 'shop') =>
  (await server.post('/v1/status', { repo }, bearer(text))).status;

describe('access tokens', () => {
  it('name who asks, what he may read, and nothing more', async () => {
    await open();
    expect(await status(await token())).toBe(200);
    expect(await status(await token(), 'bank')).toBe(404);
    expect(await status(await token({ conexus_repositories: '*' }), 'bank')).toBe(200);
    expect(await status(await token({ conexus_repositories: 'bank shop' }), 'bank')).toBe(200);
    expect(await status(await token({ conexus_repositories: undefined }))).toBe(404);
    expect(await status(await token({ scope: 'openid' }))).toBe(404);
    expect(await status(await token({ scope: undefined, scp: ['conexus:read'] }))).toBe(200);
    expect(server.ends[0]).toMatchObject({ principal: 'token:ada', outcome: 'ok' });
    expect(fetches).toBe(1);
  });

  it('that must not pass do not', async () => {
    await open();
    const forged: Readonly<Record<string, Promise<string> | string>> = {
      'signed by another key': token({}, undefined, { key: other.privateKey }),
      'for another resource': token({}, (jwt) => jwt.setAudience('https://other.example.org/mcp')),
      'for a longer name of ours': token({}, (jwt) => jwt.setAudience(`${RESOURCE}.evil.example`)),
      'of another issuer': token({}, (jwt) => jwt.setIssuer('https://login.example.org')),
      expired: token({}, (jwt) => jwt.setExpirationTime('-1m')),
      'that never ends': signedWithoutEnd(),
      'not valid yet': token({}, (jwt) => jwt.setNotBefore('5m')),
      'of nobody': token({}, (jwt) => jwt.setSubject('')),
      'of a key nobody knows': token({}, undefined, { header: { kid: 'two' } }),
      'with an unknown critical header': token().then((text) =>
        withHeader(text, { alg: 'RS256', kid: 'one', crit: ['x'], x: 1 }),
      ),
      unsigned: new UnsecuredJWT(CLAIMS)
        .setIssuer(ISSUER)
        .setAudience(RESOURCE)
        .setSubject('ada')
        .setExpirationTime('5m')
        .encode(),
      'signed with the public key as a secret': new SignJWT(CLAIMS)
        .setProtectedHeader({ alg: 'HS256', kid: 'one' })
        .setIssuer(ISSUER)
        .setAudience(RESOURCE)
        .setSubject('ada')
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(publicPem)),
      'with a changed claim': token().then((text) =>
        withClaims(text, { ...CLAIMS, conexus_repositories: '*' }),
      ),
      'with its own key in the header': token({}, undefined, {
        key: other.privateKey,
        header: { jku: `${jwksUri}/evil`, kid: 'evil' },
      }),
      'cut off': token().then((text) => text.slice(0, -10)),
      nonsense: 'a.b.c',
    };
    for (const [what, text] of Object.entries(forged))
      expect(`${what}: ${await status(await text)}`).toBe(`${what}: 401`);
    const refused = await server.post('/mcp', {}, bearer((await forged['expired']) as string));
    expect(refused.headers.get('www-authenticate')).toBe(
      'Bearer realm="conexus", resource_metadata="https://conexus.example.org/.well-known/oauth-protected-resource/mcp", scope="conexus:read", error="invalid_token"',
    );
    const none = await server.post('/mcp', {});
    expect(none.headers.get('www-authenticate')).not.toContain('error=');
  });

  it('without the scope get the challenge for all that is needed', async () => {
    await open();
    const call = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'index_control', arguments: { repo: 'shop', action: 'clear' } },
    };
    const response = await server.post('/mcp', call, bearer(await token()));
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain(
      'error="insufficient_scope", scope="conexus:read conexus:index", resource_metadata="https://',
    );
    const allowed = await server.post(
      '/mcp',
      call,
      bearer(await token({ scope: 'conexus:read conexus:index' })),
    );
    expect(allowed.status).toBe(200);
    expect(server.engines['shop']?.calls).toContain('clear');
  });

  it('are wanted without any key, and keys still work beside them', async () => {
    await open();
    expect((await server.post('/v1/status', { repo: 'shop' })).status).toBe(401);
    expect(await status(server.key())).toBe(200);
    await server.close();
    await open({ default_repositories: ['bank'] });
    expect(await status(await token({ conexus_repositories: undefined }), 'bank')).toBe(200);
  });

  it('cannot be checked while the issuer is away: 503, and nobody is let in', async () => {
    const keys = reply;
    reply = () => '<html>maintenance</html>';
    await open();
    for (let i = 0; i < 3; i++) expect(await status(await token())).toBe(503);
    expect(await status(server.key())).toBe(200);
    expect(server.log.join('\n').match(/keys of the issuer cannot be had/g)).toHaveLength(1);
    reply = keys;
    expect(await status(await token())).toBe(200);
  });

  it('never choose what the server fetches, nor make it fetch again and again', async () => {
    await open();
    const before = fetches;
    askedFor.clear();
    const header = { jku: `${jwksUri}/evil`, x5u: `${jwksUri}/evil` };
    for (let i = 0; i < 40; i++) {
      const unknown = await token({}, undefined, { header: { ...header, kid: `unknown-${i}` } });
      expect([401, 429]).toContain(await status(unknown));
    }
    expect(fetches - before).toBeLessThanOrEqual(2);
    expect([...askedFor]).toEqual(['/jwks']);
    const keys = reply;
    reply = () => 'down';
    await server.close();
    await open();
    const failing = fetches;
    for (let i = 0; i < 40; i++) expect(await status(await token())).toBe(503);
    expect(fetches - failing).toBeLessThanOrEqual(6);
    reply = keys;
  });

  it('are refused while the issuer redirects or sends a flood instead of its keys', async () => {
    const keys = reply;
    location = `${jwksUri}/elsewhere`;
    await open();
    askedFor.clear();
    expect(await status(await token())).toBe(503);
    expect([...askedFor]).toEqual(['/jwks']);
    location = undefined;
    reply = () => keys().padEnd(300 * 1024);
    expect(await status(await token())).toBe(503);
    expect(server.log.join('\n')).toContain('more than 262144 bytes');
    reply = keys;
    expect(await status(await token())).toBe(200);
  });

  it('that are too large are refused before anything looks into them', async () => {
    await open();
    const claims = (count: number) => Array.from({ length: count }, (_, i) => `repository-${i}`);
    expect(await status(await token({ conexus_repositories: [...claims(300), 'shop'] }))).toBe(200);
    for (const count of [2_000, 20_000]) {
      const text = await token({ conexus_repositories: claims(count) });
      // The server may cut the connection before all of it was sent.
      expect([431, 'cut'], String(text.length)).toContain(await status(text).catch(() => 'cut'));
    }
    expect(await status('a'.repeat(8_000))).toBe(401);
    expect(await status(await token())).toBe(200);
  });

  for (const era of ERAS) {
    it(`work over MCP, ${era} client, and are found nowhere afterwards`, async () => {
      await open();
      const text = await token();
      const client = await server.connect(era, '/mcp', text);
      const found = await client.callTool({
        name: 'search_codebase',
        arguments: { query: 'invalidateSession' },
      });
      expect(textOf(found)).toMatch(/src\/session\.ts/);
      await client.listResources();
      await client.close();
      await until(() => server.ends.length > 2);
      expect(JSON.stringify([server.log, server.ends, server.engines['shop']?.calls])).not.toContain(
        text.slice(-30),
      );
    });
  }
});

describe('the metadata of the resource', () => {
  it('says where tokens come from, to everybody', async () => {
    await open();
    for (const path of ['', '/mcp']) {
      const response = await fetch(`${server.url}/.well-known/oauth-protected-resource${path}`);
      expect(await response.json()).toEqual({
        resource: RESOURCE,
        resource_name: 'Conexus',
        authorization_servers: [ISSUER],
        scopes_supported: ['conexus:read'],
        bearer_methods_supported: ['header'],
      });
    }
  });

  it('is not there without a provider', async () => {
    server = await openTestServer();
    expect((await fetch(`${server.url}/.well-known/oauth-protected-resource`)).status).toBe(404);
  });
});

function signedWithoutEnd(): Promise<string> {
  return new SignJWT(CLAIMS)
    .setProtectedHeader({ alg: 'RS256', kid: 'one' })
    .setIssuer(ISSUER)
    .setAudience(RESOURCE)
    .setSubject('ada')
    .sign(pair.privateKey);
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function withHeader(text: string, header: object): string {
  return [encoded(header), ...text.split('.').slice(1)].join('.');
}

function withClaims(text: string, claims: object): string {
  const [header = '', payload = '', signature = ''] = text.split('.');
  const before = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  return [header, encoded({ ...before, ...claims }), signature].join('.');
}
