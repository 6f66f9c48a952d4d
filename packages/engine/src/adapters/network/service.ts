/**
 * One service behind the door: requests that are tried again where that can help, and failures in the words of users.
 * Knows the address and the key of the service, not what it is asked. No text of the service reaches a message: it may
 * repeat what was sent, keys included.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecretSource } from '../../model/embedding.ts';
import { ConexusError, type ErrorCode } from '../../model/errors.ts';
import { cancelled } from './cancelled.ts';
import { type HttpDoor, type JsonReply, NetworkError } from './http-door.ts';

export interface Service {
  readonly door: HttpDoor;
  /** For messages: `the embedder voyage (voyage-code-3)`. */
  readonly name: string;
  readonly url: string;
  readonly key: SecretSource | undefined;
  /** Setting that a key would come from. */
  readonly keySetting: string;
  readonly urlSetting: string;
  readonly modelSetting: string;
  /** First pause before another try. */
  readonly retryMs: number;
  /** Nothing is sent before this, by anybody: the service said so. */
  pause?(ms: number): void;
}

export interface ServiceCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Tries in all; 1 for what must not wait. */
  readonly tries: number;
}

/** The request was understood and refused because of its size: smaller ones may pass. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

const MAX_PAUSE_MS = 60_000;
/** A service that asks for more patience than this is taken to be out of quota. */
const LONGEST_ASKED_MS = 120_000;
const RETRIED = new Set([408, 425, 429, 500, 502, 503, 504, 529]);

/** The JSON of a reply of status 2xx. @throws ConexusError, TooLargeError */
export async function callService(service: Service, call: ServiceCall): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(service, call);
    if ('json' in outcome) return outcome.json;
    const { failure, retryMs } = outcome;
    const isLast = attempt >= call.tries || retryMs === undefined || retryMs > LONGEST_ASKED_MS;
    if (isLast) throw failure;
    const backoff = Math.min(MAX_PAUSE_MS, service.retryMs * 2 ** (attempt - 1)) * (0.5 + Math.random());
    const pause = Math.max(retryMs, backoff);
    if (retryMs > 0) service.pause?.(retryMs);
    await sleep(pause, undefined, { signal: call.signal }).catch(() => {
      throw cancelled(call.signal);
    });
  }
}

type Outcome =
  | { readonly json: unknown }
  /** `retryMs` undefined: trying again would change nothing; else the least pause. */
  | { readonly failure: Error; readonly retryMs?: number | undefined };

async function tryOnce(service: Service, { path, headers, body, signal }: ServiceCall): Promise<Outcome> {
  try {
    const reply = await service.door.post({ url: service.url + path, headers, body, signal });
    if (reply.status >= 200 && reply.status < 300) {
      if (reply.isJson) return { json: reply.json };
      // A page of a proxy or of a portal, or a reply that was cut short.
      const what = `${service.name} answered with something that is not JSON`;
      return { failure: badReply(service, what) };
    }
    return failureOfStatus(service, reply);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    if (error.problem === 'aborted') throw cancelled(signal);
    return failureOfNetwork(service, error);
  }
}

function failureOfStatus(service: Service, reply: JsonReply): Outcome {
  const { status, retryAfterMs } = reply;
  const said = saidCode(service, reply);
  const what = `${service.name} at ${shownUrl(service.url)} answered ${status}${said ? ` (${said})` : ''}`;
  const fail = (code: ErrorCode, message: string, advice: string) => new ConexusError(code, message, advice);
  if (status === 401 || status === 403 || /invalid.?api.?key|api_key_invalid/i.test(said)) {
    const { key, keySetting } = service;
    const refused = key
      ? `${what}: the key from ${key.from} is refused.`
      : `${what}: it wants a key, and none is set.`;
    const advice = key
      ? `Put a valid key into ${key.from}, one that may use this model.`
      : `Set ${keySetting}, or ${keySetting}_FILE to the file that holds the key.`;
    return { failure: fail('embedder_auth', refused, advice) };
  }
  if (status === 429) {
    const isQuota = /quota|billing|credit|balance/i.test(said);
    const failure = isQuota
      ? fail(
          'embedder_limited',
          `${what}: its quota is used up.`,
          'Raise the quota at the provider, then index again.',
        )
      : fail(
          'embedder_limited',
          `${what}: too many requests or tokens.`,
          'Wait and try again; what was embedded is kept. Set CONEXUS_EMBEDDING_REQUESTS_PER_MINUTE or CONEXUS_EMBEDDING_TOKENS_PER_MINUTE to what your account allows.',
        );
    return { failure, retryMs: isQuota ? undefined : (retryAfterMs ?? 0) };
  }
  if (RETRIED.has(status) || status >= 500) {
    const failure = fail('embedder_unavailable', `${what}.`, 'Try again later; what was embedded is kept.');
    return { failure, retryMs: retryAfterMs ?? 0 };
  }
  if (status === 413 || ((status === 400 || status === 422) && saysTooLarge(reply)))
    return { failure: new TooLargeError(what) };
  const { modelSetting, urlSetting } = service;
  const advice =
    status === 404 || status === 405
      ? `Check ${urlSetting} and ${modelSetting}: there is no such address, or no such model.`
      : `Check ${modelSetting} and CONEXUS_EMBEDDING_DIMENSIONS against what the provider offers.`;
  return { failure: fail('embedder_rejected', `${what}: the request is refused.`, advice) };
}

function failureOfNetwork(service: Service, { problem, detail }: NetworkError): Outcome {
  const host = shownUrl(service.url);
  const { urlSetting } = service;
  const fail = (message: string, advice: string, code: ErrorCode = 'embedder_unavailable') =>
    new ConexusError(code, message, advice);
  switch (problem) {
    case 'timeout':
      return {
        failure: fail(
          `${service.name} at ${host} did not answer within ${detail}.`,
          'Try again later; what was embedded is kept.',
        ),
        retryMs: 0,
      };
    case 'redirect':
      return {
        failure: fail(
          `${service.name} at ${host} sends elsewhere (${detail}); keys and text go only to the address that was set.`,
          `Set ${urlSetting} to the address itself.`,
          'embedder_bad_reply',
        ),
      };
    case 'too_large':
      return { failure: badReply(service, `${service.name} sent a reply of ${detail}`) };
    case 'certificate':
      return {
        failure: fail(
          `The certificate of ${host} is not trusted (${detail}).`,
          'Give the authority that signed it in NODE_EXTRA_CA_CERTS; checks cannot be switched off.',
        ),
      };
    default:
      return {
        failure: fail(
          `${service.name} at ${host} cannot be reached (${detail}).`,
          `Check ${urlSetting}, that the server runs, and HTTPS_PROXY if you need a proxy.`,
        ),
        retryMs: 0,
      };
  }
}

export function badReply(service: Pick<Service, 'name' | 'url' | 'urlSetting'>, what: string): ConexusError {
  return new ConexusError(
    'embedder_bad_reply',
    `${what}. Nothing of the reply is used.`,
    `Check that ${service.urlSetting} (${shownUrl(service.url)}) is the address of such a service, then try again.`,
  );
}

/** Host, port and path: a URL may have been written with more in it. */
export function shownUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.origin}${parsed.pathname.replace(/\/$/, '')}` : 'an invalid address';
}

/** The service's own code for an error, when it is a plain word: `model_not_found`. Never free text, never the key. */
function saidCode({ key }: Service, { json }: JsonReply): string {
  const error = at(json, 'error') ?? json;
  const google = (at(error, 'details') as readonly unknown[] | undefined)?.[0];
  const candidates = [
    at(google, 'reason'),
    at(error, 'code'),
    at(error, 'type'),
    at(error, 'status'),
    at(error, 'error_type'),
  ];
  const word = candidates.find(
    (each): each is string => typeof each === 'string' && /^[A-Za-z_]{3,48}$/.test(each),
  );
  const secret = key?.reveal() ?? '';
  return word === undefined || (secret !== '' && (word.includes(secret) || secret.includes(word)))
    ? ''
    : word;
}

/** Reads the text of a refusal for one thing only: whether a smaller request would do. */
function saysTooLarge({ json }: JsonReply): boolean {
  const text = JSON.stringify(json ?? '').slice(0, 4_000);
  return /too (long|large|many (tokens|inputs))|context.?length|max(imum)?.{0,20}(tokens|length|context|batch|inputs)|token limit/i.test(
    text,
  );
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
