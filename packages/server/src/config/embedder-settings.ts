/**
 * Raw settings -> which embedder and reranker to use. Keys come from the environment or a file, go into a closure, and
 * from there into requests alone: printing, serialising or dumping settings never shows one.
 */

import { resolve } from 'node:path';
import type { EmbeddingOptions, ProxySettings, RerankingOptions } from '@conexus/engine';
import { type Problem, readChoice, readInteger, readText, type SettingReader } from './problems.ts';
import { readKey } from './secret.ts';

export interface EmbedderSettings {
  readonly embedder: 'builtin' | 'none' | EmbeddingOptions;
  readonly reranker: RerankingOptions | undefined;
}

type Need = 'required' | 'optional' | 'none';

/** What each embedder needs of a user; the engine has defaults for what is optional. */
export const EMBEDDER_NEEDS: Readonly<
  Record<EmbeddingOptions['provider'], { readonly key: Need; readonly url: Need; readonly model: Need }>
> = {
  openai: { key: 'required', url: 'optional', model: 'optional' },
  azure: { key: 'required', url: 'required', model: 'required' },
  ollama: { key: 'optional', url: 'optional', model: 'optional' },
  lmstudio: { key: 'optional', url: 'optional', model: 'required' },
  vllm: { key: 'optional', url: 'optional', model: 'required' },
  tei: { key: 'optional', url: 'optional', model: 'optional' },
  voyage: { key: 'required', url: 'optional', model: 'optional' },
  cohere: { key: 'required', url: 'optional', model: 'optional' },
  gemini: { key: 'required', url: 'optional', model: 'optional' },
  onnx: { key: 'none', url: 'none', model: 'required' },
};
const PROVIDERS = Object.keys(EMBEDDER_NEEDS) as EmbeddingOptions['provider'][];
const RERANKERS = ['none', 'cohere', 'voyage', 'tei'] as const;
const KEYED_RERANKERS: readonly string[] = ['cohere', 'voyage'];

const MODEL_CHARS = 200;
const PREFIX_CHARS = 500;

/** Problems go into the reader; what is returned counts only where there are none. */
export function readEmbedderSettings(reader: SettingReader): EmbedderSettings {
  const name = readChoice(reader, 'CONEXUS_EMBEDDER', ['builtin', 'none', ...PROVIDERS]);
  if (name === undefined) refuseOrphans(reader);
  const embedder =
    name === undefined || name === 'builtin' || name === 'none'
      ? (name ?? 'builtin')
      : readProvider(reader, name);
  return { embedder, reranker: readReranker(reader, embedder) };
}

/** Who names a model and no embedder believes that it is in use. */
function refuseOrphans(reader: SettingReader): void {
  if (readText(reader, 'CONEXUS_EMBEDDER') !== undefined) return;
  for (const name of ['CONEXUS_EMBEDDING_MODEL', 'CONEXUS_EMBEDDING_URL', 'CONEXUS_EMBEDDING_DIMENSIONS']) {
    if (readText(reader, name) !== undefined)
      reader.problems.push({
        message: `The environment variable ${name} is set, and CONEXUS_EMBEDDER is not`,
        fix: `Set CONEXUS_EMBEDDER to one of: ${PROVIDERS.join(', ')}; or unset ${name}.`,
      });
  }
}

function readProvider(reader: SettingReader, provider: EmbeddingOptions['provider']): EmbeddingOptions {
  const needs = EMBEDDER_NEEDS[provider];
  const key = needs.key === 'none' ? undefined : readKey(reader, 'CONEXUS_EMBEDDING_API_KEY');
  const url = needs.url === 'none' ? undefined : readUrl(reader, 'CONEXUS_EMBEDDING_URL', key !== undefined);
  const model = readShort(reader, 'CONEXUS_EMBEDDING_MODEL', provider === 'onnx' ? 4_096 : MODEL_CHARS);
  const missing = (name: string, what: string) =>
    reader.problems.push({
      message: `The embedder ${provider} needs ${what}, and ${name} is not set`,
      fix: `Set ${name}.`,
    });
  const hasKey = key !== undefined || hasKeySetting(reader, 'CONEXUS_EMBEDDING_API_KEY');
  if (needs.key === 'required' && !hasKey)
    missing('CONEXUS_EMBEDDING_API_KEY', 'a key (or CONEXUS_EMBEDDING_API_KEY_FILE, a file that holds it)');
  if (needs.url === 'required' && readText(reader, 'CONEXUS_EMBEDDING_URL') === undefined)
    missing('CONEXUS_EMBEDDING_URL', 'an address');
  if (needs.model === 'required' && model === undefined)
    missing('CONEXUS_EMBEDDING_MODEL', provider === 'onnx' ? 'the folder of a model' : 'the name of a model');
  return {
    provider,
    key,
    url,
    ...(provider === 'onnx' && model !== undefined ? { folder: resolve(reader.raw.cwd, model) } : { model }),
    dimensions: readInteger(reader, 'CONEXUS_EMBEDDING_DIMENSIONS', 16, 8_192),
    apiVersion: readShort(reader, 'CONEXUS_EMBEDDING_API_VERSION', 40),
    queryPrefix: readShort(reader, 'CONEXUS_EMBEDDING_QUERY_PREFIX', PREFIX_CHARS),
    documentPrefix: readShort(reader, 'CONEXUS_EMBEDDING_DOCUMENT_PREFIX', PREFIX_CHARS),
    requestsPerMinute: readInteger(reader, 'CONEXUS_EMBEDDING_REQUESTS_PER_MINUTE', 1, 1_000_000),
    tokensPerMinute: readInteger(reader, 'CONEXUS_EMBEDDING_TOKENS_PER_MINUTE', 1_000, 1e12),
    concurrency: readInteger(reader, 'CONEXUS_EMBEDDING_CONCURRENCY', 1, 64),
    timeoutMs: readInteger(reader, 'CONEXUS_EMBEDDING_TIMEOUT_MS', 100, 600_000),
    confirmTokens: readInteger(reader, 'CONEXUS_EMBEDDING_CONFIRM_TOKENS', 0, Number.MAX_SAFE_INTEGER),
    cacheBytes: readInteger(reader, 'CONEXUS_EMBEDDING_CACHE_BYTES', 0, Number.MAX_SAFE_INTEGER),
    proxy: readProxy(reader),
  };
}

function readReranker(
  reader: SettingReader,
  embedder: EmbedderSettings['embedder'],
): RerankingOptions | undefined {
  const provider = readChoice(reader, 'CONEXUS_RERANKER', RERANKERS);
  if (provider === undefined || provider === 'none') return undefined;
  // One account serves both.
  const shared = typeof embedder === 'object' && embedder.provider === provider ? embedder.key : undefined;
  const key = readKey(reader, 'CONEXUS_RERANKER_API_KEY') ?? shared;
  if (KEYED_RERANKERS.includes(provider) && !key && !hasKeySetting(reader, 'CONEXUS_RERANKER_API_KEY'))
    reader.problems.push({
      message: `The reranker ${provider} needs a key, and CONEXUS_RERANKER_API_KEY is not set`,
      fix: 'Set it, or CONEXUS_RERANKER_API_KEY_FILE.',
    });
  return {
    provider,
    key,
    url: readUrl(reader, 'CONEXUS_RERANKER_URL', key !== undefined),
    model: readShort(reader, 'CONEXUS_RERANKER_MODEL', MODEL_CHARS),
    proxy: readProxy(reader),
  };
}

const hasKeySetting = (reader: SettingReader, name: string): boolean =>
  readText(reader, name) !== undefined || readText(reader, `${name}_FILE`) !== undefined;

function readShort(reader: SettingReader, name: string, maxChars: number): string | undefined {
  const text = readText(reader, name);
  if (text === undefined || (text.length <= maxChars && !text.includes('\0'))) return text;
  reader.problems.push({
    message: `The environment variable ${name} is longer than ${maxChars} characters`,
    fix: `Correct or unset ${name}.`,
  });
  return undefined;
}

/** The address itself is never repeated: somebody may have put a key into it. */
function readUrl(reader: SettingReader, name: string, hasKey: boolean): string | undefined {
  const text = readText(reader, name);
  if (text === undefined) return undefined;
  const problem = urlProblem(name, URL.parse(text), hasKey);
  if (problem === undefined) return text;
  reader.problems.push(problem);
  return undefined;
}

function urlProblem(name: string, url: URL | null, hasKey: boolean): Problem | undefined {
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return {
      message: `The environment variable ${name} is not the address of a web service`,
      fix: `Set ${name} to one that begins with https:// (or http:// on your own network).`,
    };
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return {
      message: `The environment variable ${name} holds more than an address: a user, a password, or something after "?" or "#"`,
      fix: `Give the address alone; keys go into ${name.replace('_URL', '_API_KEY')}.`,
    };
  if (url.protocol === 'http:' && hasKey && !isOwnNetwork(url.hostname))
    return {
      message: `The environment variable ${name} is an http:// address of another network, and the key would travel unencrypted`,
      fix: `Use https:// in ${name}, or unset ${name.replace('_URL', '_API_KEY')}.`,
    };
  return undefined;
}

/** Loopback, private ranges (RFC 1918, RFC 4193), and names without a domain. */
function isOwnNetwork(host: string): boolean {
  if (/^(127|10)(\.\d+){3}$|^192\.168(\.\d+){2}$|^172\.(1[6-9]|2\d|3[01])(\.\d+){2}$/.test(host)) return true;
  return (
    host === '[::1]' || /^\[f[cd]/.test(host) || !/[.:]/.test(host) || /\.(local|internal|lan)$/.test(host)
  );
}

/** Of the system, as other tools read it. This machine is never asked through a proxy. */
function readProxy(reader: SettingReader): ProxySettings | undefined {
  const either = (name: string) => readText(reader, name.toLowerCase()) ?? readText(reader, name);
  const http = either('HTTP_PROXY');
  const https = either('HTTPS_PROXY');
  if (http === undefined && https === undefined) return undefined;
  for (const [name, text] of [
    ['HTTP_PROXY', http],
    ['HTTPS_PROXY', https],
  ] as const)
    if (text !== undefined && !/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
      reader.problems.push({
        message: `The environment variable ${name} is not the address of a proxy`,
        fix: `Set ${name} to one that begins with http:// or https://, or unset it.`,
      });
  const none = ['localhost', '127.0.0.1', '::1', either('NO_PROXY')].filter(Boolean).join(',');
  return { http, https, none };
}
