import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { openEngine } from '@conexus/engine';
import { afterAll, describe, expect, it } from 'vitest';
import type { UserError } from '../errors.ts';
import { EMBEDDER_NEEDS } from './embedder-settings.ts';
import { resolveSettings, type Settings } from './settings.ts';

const KEY = 'sk-never-to-be-seen-1234567890';
const folder = mkdtempSync(join(tmpdir(), 'conexus-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const resolve = (env: Record<string, string>): Settings =>
  resolveSettings({ env, cwd: folder, platform: 'linux' });
const refusal = (env: Record<string, string>): string => {
  try {
    resolve(env);
  } catch (error) {
    const text = `${inspect(error, { depth: 9 })} ${(error as UserError).advice}`;
    expect(text).not.toContain(KEY);
    return text;
  }
  throw new Error('was not refused');
};
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const openAi = (more: Record<string, string> = {}) => ({
  CONEXUS_EMBEDDER: 'openai',
  CONEXUS_EMBEDDING_API_KEY: KEY,
  ...more,
});
const revealed = ({ embedder }: Settings) =>
  typeof embedder === 'object' ? embedder.key?.reveal() : undefined;

describe('embedder settings', () => {
  it('are the built-in model where nothing is said', () => {
    expect(resolve({})).toMatchObject({ embedder: 'builtin', reranker: undefined });
    expect(resolve({ CONEXUS_EMBEDDER: 'none' }).embedder).toBe('none');
    expect(resolve({ CONEXUS_EMBEDDER: 'Builtin' }).embedder).toBe('builtin');
  });

  it('read all that there is', () => {
    expect(
      resolve(
        openAi({
          CONEXUS_EMBEDDING_MODEL: 'm',
          CONEXUS_EMBEDDING_URL: 'https://example.com/v1',
          CONEXUS_EMBEDDING_DIMENSIONS: '256',
          CONEXUS_EMBEDDING_REQUESTS_PER_MINUTE: '60',
          CONEXUS_EMBEDDING_TOKENS_PER_MINUTE: '100000',
          CONEXUS_EMBEDDING_CONCURRENCY: '2',
          CONEXUS_EMBEDDING_CONFIRM_TOKENS: '0',
          CONEXUS_EMBEDDING_QUERY_PREFIX: 'query: ',
          HTTPS_PROXY: 'http://proxy:3128',
          no_proxy: 'inside.example',
          CONEXUS_RERANKER: 'tei',
        }),
      ),
    ).toMatchObject({
      embedder: {
        provider: 'openai',
        model: 'm',
        url: 'https://example.com/v1',
        dimensions: 256,
        requestsPerMinute: 60,
        tokensPerMinute: 100_000,
        concurrency: 2,
        confirmTokens: 0,
        queryPrefix: 'query: ',
        proxy: { https: 'http://proxy:3128', none: 'localhost,127.0.0.1,::1,inside.example' },
      },
      reranker: { provider: 'tei' },
    });
  });

  it('say everything that is wrong at once, each with its fix', () => {
    const text = refusal({
      CONEXUS_WORKERS: 'many',
      CONEXUS_EMBEDDER: 'azure',
      CONEXUS_EMBEDDING_DIMENSIONS: '1',
      CONEXUS_RERANKER: 'best',
    });
    for (const name of [
      'CONEXUS_WORKERS is "many"',
      'CONEXUS_EMBEDDING_API_KEY is not set',
      'CONEXUS_EMBEDDING_URL is not set',
      'CONEXUS_EMBEDDING_MODEL is not set',
      'CONEXUS_EMBEDDING_DIMENSIONS is "1"',
      'CONEXUS_RERANKER is "best", not one of: none, cohere, voyage, tei',
      '6 settings are wrong',
      '(6)',
    ])
      expect(text).toContain(name);
  });

  it.each([
    [{ CONEXUS_EMBEDDER: 'opnai' }, /not one of: builtin, none, openai/],
    [{ CONEXUS_EMBEDDING_MODEL: 'm' }, /CONEXUS_EMBEDDER is not/],
    [openAi({ CONEXUS_EMBEDDING_URL: 'example.com' }), /not the address of a web service/],
    [openAi({ CONEXUS_EMBEDDING_URL: 'file:///etc' }), /not the address of a web service/],
    [openAi({ CONEXUS_EMBEDDING_URL: `https://u:${KEY}@example.com` }), /more than an address/],
    [openAi({ CONEXUS_EMBEDDING_URL: `https://example.com?key=${KEY}` }), /more than an address/],
    [openAi({ CONEXUS_EMBEDDING_URL: 'http://example.com' }), /unencrypted/],
    [openAi({ CONEXUS_EMBEDDING_API_KEY_FILE: 'x' }), /Both CONEXUS_EMBEDDING_API_KEY and/],
    [openAi({ CONEXUS_EMBEDDING_API_KEY: `${KEY}\nx: y` }), /no key/],
    [{ CONEXUS_EMBEDDER: 'voyage', CONEXUS_EMBEDDING_API_KEY_FILE: 'nowhere' }, /cannot be read/],
    [{ CONEXUS_EMBEDDER: 'onnx' }, /the folder of a model/],
    [{ CONEXUS_RERANKER: 'cohere' }, /CONEXUS_RERANKER_API_KEY is not set/],
    [openAi({ HTTPS_PROXY: `socks5://u:${KEY}@proxy` }), /not the address of a proxy/],
  ])('refuse %j', (env, message) => {
    expect(refusal(env)).toMatch(message);
  });

  it.each([
    'http://127.0.0.1:1234',
    'http://localhost/v1',
    'http://10.1.2.3',
    'http://vllm:8000/v1',
    'http://box.local',
  ])('take %s with a key: it is on a network of the user', (url) => {
    expect(resolve(openAi({ CONEXUS_EMBEDDING_URL: url })).embedder).toMatchObject({ url });
  });
});

describe('a key', () => {
  it('comes from the environment or a file, without the line end', () => {
    expect(revealed(resolve(openAi()))).toBe(KEY);
    const path = file('key', `${KEY}\n`);
    expect(revealed(resolve({ CONEXUS_EMBEDDER: 'openai', CONEXUS_EMBEDDING_API_KEY_FILE: path }))).toBe(KEY);
  });

  it.each([
    ['empty', ''],
    ['of two lines', `${KEY}\n${KEY}`],
    ['too large', KEY.repeat(1_000)],
    ['binary', `${KEY}\u0000\u0007`],
  ])('that is %s is refused', (name, text) => {
    refusal({ CONEXUS_EMBEDDER: 'openai', CONEXUS_EMBEDDING_API_KEY_FILE: file(name, text) });
  });

  it('is in no print of the settings', () => {
    const settings = resolve(openAi({ CONEXUS_RERANKER: 'voyage', CONEXUS_RERANKER_API_KEY: KEY }));
    const prints = [
      inspect(settings, { depth: 20, showHidden: true }),
      JSON.stringify(settings),
      String(settings),
      JSON.stringify(structuredCloneable(settings)),
    ];
    for (const print of prints) expect(print).not.toContain(KEY);
  });

  it('of the embedder serves a reranker of the same provider, and of no other', () => {
    const voyage = { CONEXUS_EMBEDDER: 'voyage', CONEXUS_EMBEDDING_API_KEY: KEY };
    expect(resolve({ ...voyage, CONEXUS_RERANKER: 'voyage' }).reranker?.key?.reveal()).toBe(KEY);
    expect(refusal({ ...voyage, CONEXUS_RERANKER: 'cohere' })).toMatch(/CONEXUS_RERANKER_API_KEY/);
  });
});

/** What of the settings is data. */
function structuredCloneable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, each: unknown) => (typeof each === 'function' ? undefined : each)),
  );
}

describe('what an embedder needs', () => {
  const given = {
    key: ['CONEXUS_EMBEDDING_API_KEY', KEY],
    url: ['CONEXUS_EMBEDDING_URL', 'https://example.com'],
    model: ['CONEXUS_EMBEDDING_MODEL', 'model'],
  } as const;

  it.each(Object.entries(EMBEDDER_NEEDS).filter(([name]) => name !== 'onnx'))(
    '%s: what the settings require is what the engine requires',
    async (name, needs) => {
      const required = Object.entries(needs).filter(([, need]) => need === 'required');
      const env = Object.fromEntries([
        ['CONEXUS_EMBEDDER', name],
        ...required.map(([what]) => given[what as keyof typeof given]),
      ]) as Record<string, string>;
      const engine = await openEngine({ home: folder, workers: 1, embedder: resolve(env).embedder });
      await engine.close();
      for (const [what] of required) {
        const { [given[what as keyof typeof given][0]]: _, ...rest } = env;
        expect(refusal(rest)).toContain(given[what as keyof typeof given][0]);
      }
    },
  );
});
