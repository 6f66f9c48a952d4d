/** What is really answered, by the real engine, against what /openapi.json says of it: every operation, answers and refusals. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from '@conexus/sdk/contract';
import Ajv from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resolveServeSettings } from '../config/serve-settings.ts';
import { resolveSettings } from '../config/settings.ts';
import { SHARED } from '../operations/registry.ts';
import { makeRepository, SMALL_REPOSITORY, temporaryFolder, writeFiles } from '../testing/run-command.ts';
import { loadEngine } from '../workspaces/load-engine.ts';
import { type OpenServer, openServer } from './open-server.ts';
import { statusOf } from './rest.ts';

interface Described {
  readonly requestBody: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, object>>;
}

let root = '';
let bare = '';
let home = '';
let server: OpenServer;
let ajv: Ajv.default;
let described: Readonly<Record<string, { readonly post: Described }>>;

beforeAll(async () => {
  root = makeRepository(SMALL_REPOSITORY);
  home = temporaryFolder('openapi');
  bare = temporaryFolder('no-git');
  writeFiles(bare, { 'a.py': 'def alone():\n    return 1\n' });
  const file = join(home, 'serve.json');
  writeFileSync(
    file,
    JSON.stringify({ port: 0, repositories: { shop: root, bare, gone: join(home, 'gone') } }),
  );
  const lists = { repositories: [], allowedHosts: [], allowedOrigins: [] };
  server = await openServer({
    settings: resolveSettings({
      env: { CONEXUS_HOME: home, CONEXUS_ADAPT: '0' },
      cwd: home,
      platform: process.platform,
    }),
    serve: resolveServeSettings({ cwd: home, file, root: home, ...lists }),
    loadEngine,
    log: () => undefined,
  });
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: typeof described };
  described = document.paths;
  ajv = new Ajv.default({ strict: false });
  ajv.addSchema(document, 'doc');
  for (const repo of ['shop', 'bare']) await post('index_control', { repo, action: 'start', wait: true });
}, 60_000);
afterAll(async () => {
  await server.close();
  for (const folder of [root, bare, home]) rmSync(folder, { recursive: true, force: true });
});

async function post(operation: string, args: object): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${server.url}/v1/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  return { status: response.status, json: await response.json() };
}

/** What is wrong with it; none: it is as described. */
function faultsOf(operation: string, status: number, json: unknown): unknown {
  const at = `doc#/paths/~1v1~1${operation}/post/responses/${status}`;
  const response = described[`/v1/${operation}`]?.post.responses[String(status)];
  if (response === undefined) return `status ${status} is not described`;
  const place = '$ref' in response ? `doc${String(response.$ref)}` : at;
  const check = ajv.getSchema(`${place}/content/application~1json/schema`);
  if (check === undefined) return `no schema at ${place}`;
  return check(json) === true ? 'none' : check.errors;
}

const shop = (args: object = {}) => ({ repo: 'shop', ...args });
const CALLS: readonly (readonly [string, object, status?: number])[] = [
  ['repositories', {}],
  ['search_codebase', shop({ query: 'invalidateSession', explain: true })],
  ['search_codebase', shop({ query: 'session', detail: 'locations', limit: 1 })],
  ['search_codebase', { query: 'session', max_tokens: 300 }],
  ['search_codebase', { repos: ['shop', 'bare'], query: 'nothing of the sort here', detail: 'signatures' }],
  ['locate_relevant_files', shop({ task: 'sessions end too early', explain: true })],
  ['locate_relevant_files', { task: 'alone' }],
  ['analyze_implementation', shop({ target: 'invalidateSession' })],
  ['analyze_implementation', shop({ target: 'src/session.ts', max_tokens: 500 })],
  ['get_related_info', shop({ target: 'src/session.ts' })],
  ['get_related_info', shop({ target: 'src/session.ts:4-5', max_tokens: 300 })],
  ['find_references', shop({ name: 'invalidateSession' })],
  ['find_references', shop({ name: 'invalidateSession', relation: 'callers', depth: 2 })],
  ['find_references', shop({ name: 'invalidateSession', relation: 'callees' })],
  ['impact', shop({ target: 'invalidateSession' })],
  ['impact', shop({ diff: 'HEAD' })],
  ['index_control', shop({ action: 'status' })],
  ['index_control', shop({ action: 'start', wait: true })],
  ['index_control', shop({ action: 'cancel' })],
  ['grep', shop({ pattern: 'session', limit: 2 })],
  ['grep', { repo: 'bare', pattern: 'x{1,3}' }],
  ['status', { repo: 'bare' }],
  ['search_codebase', shop({ query: 7 }), 400],
  ['grep', shop({ pattern: '(', regex: true }), 400],
  ['status', { repo: 'nope' }, 404],
  ['get_related_info', shop({ target: 'src/none.ts' }), 404],
  ['impact', { repo: 'bare', diff: 'HEAD' }, 409],
  ['search_codebase', { repo: 'gone', query: 'x' }, 503],
  ['status', { repo: 'gone' }, 503],
];

it.each(CALLS.map((call) => [call] as const))('%j', async ([operation, args, status = 200]) => {
  const answer = await post(operation, args);
  expect([answer.status, faultsOf(operation, answer.status, answer.json), answer.json]).toEqual([
    status,
    'none',
    answer.json,
  ]);
  if (status === 200) {
    const request = ajv.getSchema(
      `doc#/paths/~1v1~1${operation}/post/requestBody/content/application~1json/schema`,
    );
    request?.(args);
    expect([request === undefined, request?.errors]).toEqual([false, null]);
  }
});

it('every operation was asked, and every status that an error can get is described', () => {
  expect(new Set(CALLS.map(([operation]) => operation))).toEqual(new Set(SHARED.map(({ name }) => name)));
  const statuses = new Set(
    ERROR_CODES.filter((code) => code !== 'cancelled').map((code) =>
      String(statusOf({ code, message: '', advice: '' })),
    ),
  );
  for (const { post: one } of Object.values(described))
    expect(Object.keys(one.responses)).toEqual(expect.arrayContaining([...statuses].toSorted()));
});
