/**
 * Who sends this request: a key or an access token as `Authorization: Bearer`, or anybody where a server on a loopback
 * address needs none. Refusals carry the challenge that clients act on. Knows no route.
 */
import type { IncomingMessage } from 'node:http';
import type { KeyStore } from '../access/key-store.ts';
import { checkKey } from '../access/keys.ts';
import type { Principal } from '../access/principal.ts';
import { ANONYMOUS } from '../access/principal.ts';
import type { Scope } from '../operations/operation.ts';
import type { Bucket } from './limits.ts';
import { boundedMap, makeBucket } from './limits.ts';
import type { TokenVerifier } from './oauth.ts';
import { overloaded, Refusal } from './refusal.ts';

/** Why somebody was not let in, for the audit log. */
export interface Denial {
  readonly reason: 'no key' | 'malformed' | 'unknown' | 'revoked' | 'expired' | 'proxied' | 'token';
  readonly key?: string | undefined;
  readonly remote: string;
}

export interface Authenticator {
  /** @throws Refusal 401, 403, 429; UserError state_unusable */
  check(request: IncomingMessage, remote: string): Promise<Principal>;
  /** The header of a refusal for want of a scope. */
  challenge(needed: Scope): string;
}

/** Wrong keys that one address may try: 20 at once, one a second. Guessing is hopeless anyway; the log must stay small. */
const FAILURE_BURST = 20;
const FAILURE_RATE = 1;
const ADDRESSES = 10_000;
/** Of all addresses together: who has many of them must not fill the log either. */
const ALL_BURST = 1_000;
const ALL_RATE = 20;

export function keyAuthenticator(
  store: Pick<KeyStore, 'find'>,
  tokens: TokenVerifier | undefined,
  onDenied: (denial: Denial) => void,
): Authenticator {
  const realm = `Bearer realm="conexus"${tokens === undefined ? '' : `, resource_metadata="${tokens.metadataUrl}", scope="${tokens.scopeOf('read')}"`}`;
  const failures = boundedMap<Bucket>(ADDRESSES, () => true);
  const now = () => performance.now();
  const all = makeBucket(ALL_RATE, ALL_BURST, now);
  const deny = (denial: Denial, challenge: string): never => {
    const own = failures.get(networkOf(denial.remote), () => makeBucket(FAILURE_RATE, FAILURE_BURST, now));
    const waitMs = own.take() || all.take();
    if (waitMs > 0) throw overloaded(429, 'Too many requests without a valid key', Math.ceil(waitMs / 1_000));
    onDenied(denial);
    throw new Refusal(
      401,
      {
        code: 'unauthenticated',
        message: denial.reason === 'no key' ? 'No key was sent' : 'The key is not valid',
        advice:
          tokens === undefined
            ? 'Send Authorization: Bearer with a key of "conexus keys create".'
            : 'Send Authorization: Bearer with an access token of the provider, or a key of "conexus keys create".',
      },
      { headers: { 'www-authenticate': challenge } },
    );
  };
  return {
    async check({ headers }, remote) {
      const [, text] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
      if (text === undefined) return deny({ reason: 'no key', remote }, realm);
      if (tokens !== undefined && !text.startsWith('cnx_')) {
        const principal = await tokens.verify(text);
        return principal ?? deny({ reason: 'token', remote }, `${realm}, error="invalid_token"`);
      }
      const checked = checkKey(store, text, Date.now());
      if ('principal' in checked) return checked.principal;
      return deny({ reason: checked.refused, key: checked.id, remote }, `${realm}, error="invalid_token"`);
    },
    challenge: (needed) => scopeChallenge(tokens, needed),
  };
}

/** Who has one address of IPv6 has 2^64 of them, as a rule: they count as one. */
export function networkOf(remote: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remote) ?? [];
  if (mapped !== undefined) return mapped;
  if (!remote.includes(':')) return remote;
  const [head = '', tail] = (remote.split('%')[0] ?? '').split('::');
  const begin = head === '' ? [] : head.split(':');
  const end = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - begin.length - end.length)).fill('0');
  return [...begin, ...zeros, ...end].slice(0, 4).join(':');
}

/** Without keys only this machine may ask; a proxy in front would let in whom it likes. */
export function openAuthenticator(onDenied: (denial: Denial) => void): Authenticator {
  return {
    async check({ headers }, remote) {
      if (headers['x-forwarded-for'] === undefined && headers.forwarded === undefined) return ANONYMOUS;
      onDenied({ reason: 'proxied', remote });
      throw new Refusal(403, {
        code: 'forbidden',
        message: 'This request came through a proxy, and the server has no authentication',
        advice: 'Create a key with "conexus keys create" and start the server with --auth keys.',
      });
    },
    challenge: (needed) => scopeChallenge(undefined, needed),
  };
}

/** Each operation needs one scope of a key; a client that asks a provider for a new token asks for all at once. */
function scopeChallenge(tokens: TokenVerifier | undefined, needed: Scope): string {
  const refused = 'Bearer realm="conexus", error="insufficient_scope"';
  if (tokens === undefined) return `${refused}, scope="${needed}"`;
  const scopes = needed === 'read' ? ['read' as const] : (['read', 'index'] as const);
  return `${refused}, scope="${scopes.map(tokens.scopeOf).join(' ')}", resource_metadata="${tokens.metadataUrl}"`;
}
