/** An embedder behind HTTP: one provider's data, the door, limits, and what to do with a batch that is too large. */
import { createHash } from 'node:crypto';
import type { EmbeddingOptions } from '../../model/embedding.ts';
import { ConexusError } from '../../model/errors.ts';
import type { Embedder, EmbeddingRole } from '../../ports/embedder.ts';
import { cancelled } from '../network/cancelled.ts';
import { openHttpDoor } from '../network/http-door.ts';
import { badReply, callService, type Service, TooLargeError } from '../network/service.ts';
import { createBatchedEmbedder } from './batched-embedder.ts';
import { knownModel, priceOf } from './models.ts';
import type { EmbeddingProvider, Endpoint } from './provider.ts';
import { AZURE_API_VERSION, type HttpProviderName, PROVIDERS } from './providers.ts';
import { createRateLimiter } from './rate-limiter.ts';
import type { VectorCache } from './vector-cache.ts';
import { vectorsOfReply } from './vectors-of-reply.ts';

/** About two minutes of patience, with the pauses doubling from half a second. */
const TRIES = 8;
/** A question is worth one more try; its caller has a deadline. */
const QUERY_TRIES = 2;
const FIRST_RETRY_MS = 500;
/** How often a text that the model finds too long is halved. */
const MAX_HALVINGS = 5;

/** @throws ConexusError invalid_argument where a setting is missing that the provider needs */
export function openRemoteEmbedder(
  options: EmbeddingOptions & { readonly provider: HttpProviderName },
  cacheFor: (id: string) => VectorCache | undefined,
): Embedder {
  const provider = PROVIDERS[options.provider];
  const endpoint = endpointOf(options, provider);
  const known = knownModel(endpoint.model);
  const limits = { requestsPerMinute: options.requestsPerMinute, tokensPerMinute: options.tokensPerMinute };
  const limiter = createRateLimiter(limits);
  const door = openHttpDoor({ proxy: options.proxy, timeoutMs: options.timeoutMs });
  const name = `${options.provider}${endpoint.model === '' ? '' : ` ${endpoint.model}`}`;
  const service: Service = {
    door,
    name: `The embedder ${name}`,
    url: endpoint.url,
    key: options.key,
    keySetting: 'CONEXUS_EMBEDDING_API_KEY',
    urlSetting: 'CONEXUS_EMBEDDING_URL',
    modelSetting: 'CONEXUS_EMBEDDING_MODEL',
    retryMs: options.retryMs ?? FIRST_RETRY_MS,
    pause: limiter.pause,
  };
  const queryPrefix = options.queryPrefix ?? known.queryPrefix ?? '';
  const documentPrefix = options.documentPrefix ?? known.documentPrefix ?? '';

  const id = identity(options, provider, endpoint, queryPrefix + documentPrefix);

  const ask = async (texts: readonly string[], role: EmbeddingRole, signal: AbortSignal | undefined) => {
    const json = await callService(service, {
      path: provider.path(endpoint),
      headers: provider.headers(options.key?.reveal() ?? ''),
      body: provider.body(endpoint, texts, role),
      signal,
      tries: role === 'query' ? QUERY_TRIES : TRIES,
    });
    const vectors = vectorsOfReply(provider.read(json), texts.length, endpoint.dimensions);
    if (typeof vectors === 'string') throw badReply(service, `${service.name} sent a bad reply: ${vectors}`);
    return vectors;
  };

  return createBatchedEmbedder({
    id,
    name,
    remote: !isLoopback(endpoint.url),
    price: priceOf(options.provider, endpoint.model),
    tokensPerMinute: options.tokensPerMinute ?? provider.tokensPerMinute,
    limits: provider.limits,
    textTokens: known.textTokens ?? provider.textTokens,
    concurrency: options.concurrency ?? provider.concurrency,
    queryPrefix,
    documentPrefix,
    cache: cacheFor(id),
    async embedBatch(texts, tokens, role, signal) {
      if (role === 'query') limiter.count(tokens);
      else
        await limiter.take(tokens, signal).catch(() => {
          throw cancelled(signal);
        });
      return askSmaller((some) => ask(some, role, signal), texts, service);
    },
    close: async () => door.close(),
  });
}

/** Halves a batch that is too large for the provider, then a text. */
async function askSmaller(
  ask: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
  texts: readonly string[],
  service: Service,
  halvings = 0,
): Promise<readonly Float32Array[]> {
  try {
    return await ask(texts);
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    if (texts.length > 1) {
      const middle = texts.length >> 1;
      const first = await askSmaller(ask, texts.slice(0, middle), service);
      return [...first, ...(await askSmaller(ask, texts.slice(middle), service))];
    }
    if (halvings === MAX_HALVINGS) throw tooLong(service, error);
    const text = texts[0] as string;
    return askSmaller(ask, [text.slice(0, text.length >> 1).toWellFormed() || '-'], service, halvings + 1);
  }
}

function endpointOf(options: EmbeddingOptions, provider: EmbeddingProvider): Endpoint {
  const url = options.url ?? provider.url;
  const model = options.model ?? provider.model;
  if (url === undefined)
    throw missing(options.provider, 'the address of the service', 'CONEXUS_EMBEDDING_URL');
  if (model === undefined)
    throw missing(options.provider, 'the name of the model', 'CONEXUS_EMBEDDING_MODEL');
  if (provider.needsKey && !options.key)
    throw missing(options.provider, 'a key', 'CONEXUS_EMBEDDING_API_KEY');
  return {
    url: url.replace(/\/+$/, ''),
    model,
    dimensions: options.dimensions,
    apiVersion: options.apiVersion ?? AZURE_API_VERSION,
  };
}

const missing = (provider: string, what: string, setting: string) =>
  new ConexusError('invalid_argument', `The embedder ${provider} needs ${what}.`, `Set ${setting}.`);

const tooLong = (service: Service, cause: Error) =>
  new ConexusError(
    'embedder_rejected',
    `${service.name} refuses even a short text as too large.`,
    `Check ${service.modelSetting}.`,
    { cause },
  );

/**
 * `voyage/voyage-code-3@native`. An address that is not the provider's own, and words put before texts, go in as a hash:
 * two servers may call different models by one name.
 */
function identity(
  options: EmbeddingOptions,
  provider: EmbeddingProvider,
  endpoint: Endpoint,
  prefixes: string,
): string {
  const where = endpoint.url === provider.url ? '' : endpoint.url;
  const rest =
    where + prefixes === ''
      ? ''
      : `#${createHash('sha256').update(`${where}\0${prefixes}`).digest('hex').slice(0, 8)}`;
  return `${options.provider}/${endpoint.model}@${endpoint.dimensions ?? 'native'}${rest}`;
}

function isLoopback(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? '';
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}
