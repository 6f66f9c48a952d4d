import {
  GrepOutput,
  IndexControlOutput,
  LocateOutput,
  RepositoriesOutput,
  SearchOutput,
  StatusOutput,
} from '@conexus/sdk/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod/v4';
import { UserError } from '../errors.ts';
import { SHARED } from '../operations/registry.ts';
import type { TestServer } from '../testing/serve.ts';
import { BANK, openTestServer, SHOP, until } from '../testing/serve.ts';

let server: TestServer;
beforeAll(async () => {
  const throws = (): unknown => new UserError('store_busy', 'Another process holds the index.', 'Try again.');
  server = await openTestServer({
    repositories: {
      shop: { files: SHOP },
      bank: { files: BANK },
      busy: { throws },
      broken: { throws: () => new Error('secret at /etc') },
    },
  });
});
afterAll(() => server.close());

describe('REST', () => {
  it.each<readonly [string, object, z.ZodType]>([
    ['repositories', {}, RepositoriesOutput],
    ['search_codebase', { repo: 'shop', query: 'invalidateSession' }, SearchOutput],
    ['locate_relevant_files', { repo: 'shop', task: 'invalidateSession fails' }, LocateOutput],
    ['index_control', { repo: 'shop', action: 'status' }, IndexControlOutput],
    ['grep', { repo: 'shop', pattern: 'store' }, GrepOutput],
    ['status', { repo: 'bank' }, StatusOutput],
  ])('answers %s as the contract says', async (name, args, output) => {
    const response = await server.post(`/v1/${name}`, args, { accept: 'application/json' });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    output.parse(await response.json());
  });

  it('answers in markdown where only that is wanted', async () => {
    const response = await server.post(
      '/v1/search_codebase',
      { repo: 'bank', query: 'vault' },
      { accept: 'text/markdown' },
    );
    expect(response.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(await response.text()).toMatch(/^1 result for “vault”[\s\S]*## 1\. src\/vault\.ts:1-2/);
  });

  it.each([
    ['an unknown operation', '/v1/drop_tables', {}, 404, 'invalid_argument'],
    ['an operation of the command line', '/v1/doctor', {}, 404, 'invalid_argument'],
    ['no such address', '/admin', {}, 404, 'invalid_argument'],
    ['a climbing address', '/v1/../mcp/../../etc/passwd', {}, 404, 'invalid_argument'],
    ['an unknown repository', '/v1/status', { repo: 'nope' }, 404, 'repository_not_found'],
    ['a repository that is a path', '/v1/status', { repo: '../../etc' }, 404, 'repository_not_found'],
    [
      'a repository that is a key of objects',
      '/v1/status',
      { repo: '__proto__' },
      404,
      'repository_not_found',
    ],
    ['an unknown address of one repository', '/mcp/nope', {}, 404, undefined],
    ['two repositories', '/v1/status', { repo: 'shop', repository: 'bank' }, 400, 'invalid_argument'],
    ['a repository that is a list', '/v1/status', { repo: ['shop'] }, 400, 'invalid_argument'],
    ['an unknown argument', '/v1/status', { repo: 'shop', fuzzy: 1 }, 400, 'invalid_argument'],
    [
      'a path that leaves the root',
      '/v1/search_codebase',
      { repo: 'shop', query: 'x', paths: ['../x'] },
      400,
      'path_outside_root',
    ],
    ['an index that is busy', '/v1/search_codebase', { repo: 'busy', query: 'x' }, 503, 'store_busy'],
    ['a defect', '/v1/search_codebase', { repo: 'broken', query: 'x' }, 500, 'internal'],
  ])('refuses %s', async (_what, path, args, status, code) => {
    const response = await server.post(path, args);
    const body = (await response.json()) as { error: { code: unknown; message: string } };
    expect(response.status).toBe(status);
    if (code !== undefined) expect(body.error.code).toBe(code);
    expect(JSON.stringify(body)).not.toContain('secret at');
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    'refuses %s where something is asked',
    async (method) => {
      for (const path of ['/mcp', '/mcp/shop', '/v1/status']) {
        const response = await fetch(server.url + path, { method });
        expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
      }
    },
  );

  it('tells of its health without saying what it holds', async () => {
    for (const path of ['/livez', '/healthz', '/readyz']) {
      const response = await fetch(server.url + path);
      expect(response.status).toBe(200);
      expect(await response.text()).not.toMatch(/shop|bank/);
    }
  });
});

describe('what watches requests', () => {
  it('is told of each once, and ends nothing when it fails', async () => {
    const fail = (): never => {
      throw new Error('no metrics today');
    };
    const watched = await openTestServer({ observers: [{ started: fail, ended: fail }] });
    expect((await watched.post('/v1/search_codebase', { query: 'invalidateSession' })).status).toBe(200);
    expect((await watched.post('/v1/nothing', {})).status).toBe(404);
    await until(() => watched.ends.length === 2);
    expect(watched.ends).toMatchObject([
      {
        door: 'rest',
        operation: 'search_codebase',
        repository: 'shop',
        principal: 'anonymous',
        status: 200,
        outcome: 'ok',
      },
      { door: 'rest', status: 404, outcome: 'user_error', error: 'invalid_argument' },
    ]);
    expect(watched.ends[0]?.requestBytes).toBeGreaterThan(10);
    expect(watched.ends[0]?.responseBytes).toBeGreaterThan(100);
    expect(watched.log.filter((line) => line.includes('no metrics today'))).toHaveLength(4);
    await watched.close();
  });
});

interface Described {
  readonly requestBody: { readonly content: { readonly 'application/json': { readonly schema: unknown } } };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly content: {
          readonly 'application/json': { readonly schema: { readonly properties: object } };
        };
      }
    >
  > & {
    readonly '200': {
      readonly content: { readonly 'application/json': { readonly schema: { readonly properties: object } } };
    };
  };
}

describe('the OpenAPI document', () => {
  it('describes every operation, and every reference in it leads somewhere', async () => {
    const text = await (await fetch(`${server.url}/openapi.json`)).text();
    const document = JSON.parse(text) as Readonly<Record<string, object>>;
    expect(document['openapi']).toBe('3.1.0');
    expect(Object.keys(document['paths'] ?? {})).toEqual(SHARED.map(({ name }) => `/v1/${name}`));
    for (const [, reference = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = reference
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
      expect(found, reference).toBeDefined();
    }
    expect(text).not.toMatch(/shop|bank/);
    for (const operation of SHARED) {
      const { post } = (document['paths'] as Record<string, { post: Described }>)[
        `/v1/${operation.name}`
      ] as { post: Described };
      expect(post.requestBody.content['application/json'].schema).toEqual(operation.inputSchema());
      expect(Object.keys(post.responses['200'].content['application/json'].schema.properties)).toEqual(
        Object.keys(operation.output.shape),
      );
      expect(Object.keys(post.responses)).toEqual(
        expect.arrayContaining(['400', '401', '403', '404', '429', '503']),
      );
    }
  });
});
