/**
 * The server as an OAuth 2.1 resource server: access tokens (JWT) of one issuer, proven by its published keys, made for
 * this resource and nothing else; and the metadata by which clients find the issuer (RFC 9728). Passes no token on.
 */
import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';
import type { Principal } from '../access/principal.ts';
import { SCOPES } from '../access/principal.ts';
import type { OAuthSettings } from '../config/serve-file.ts';
import { UserError } from '../errors.ts';
import type { Scope } from '../operations/operation.ts';
import { jwksFetch } from './jwks-fetch.ts';

export interface TokenVerifier {
  /** undefined: the token is not valid here. @throws UserError state_unusable when the issuer's keys cannot be had */
  verify(token: string): Promise<Principal | undefined>;
  scopeOf(scope: Scope): string;
  readonly metadataUrl: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Addresses of the metadata: with and without the path of the resource. */
  readonly metadataPaths: readonly string[];
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource';
const FETCH_MS = 5_000;
const LOG_MS = 10_000;
const MAX_SAID = 20;
/** Clocks differ. */
const TOLERANCE_S = 10;
const SUBJECT_CHARS = 200;

const scopeOf = (scope: Scope): string => `conexus:${scope}`;

export function makeTokenVerifier(settings: OAuthSettings, log: (line: string) => void): TokenVerifier {
  const { issuer, resource, jwks_uri, algorithms } = settings;
  // Fetched when first needed, kept for ten minutes; an unknown key id fetches again, at most every 30 s.
  const keys = createRemoteJWKSet(new URL(jwks_uri), {
    timeoutDuration: FETCH_MS,
    [customFetch]: jwksFetch(),
  });
  const options = {
    issuer,
    audience: resource,
    algorithms,
    clockTolerance: TOLERANCE_S,
    requiredClaims: ['exp', 'sub'],
  };
  const { pathname } = new URL(resource);
  const path = `${WELL_KNOWN}${pathname === '/' ? '' : pathname}`;
  const tell = nowAndThen(log);
  return {
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, keys, options);
        return principalOf(payload, settings);
      } catch (error) {
        if (isRefusal(error)) return undefined;
        tell(
          `the keys of the issuer cannot be had: ${error instanceof Error ? error.message : String(error)}`,
        );
        throw new UserError(
          'state_unusable',
          'Access tokens cannot be checked now',
          'Try again in a moment; a key of "conexus keys create" works meanwhile.',
        );
      }
    },
    scopeOf,
    metadataUrl: new URL(path, resource).href,
    metadataPaths: [path, WELL_KNOWN],
    metadata: {
      resource,
      resource_name: 'Conexus',
      authorization_servers: [issuer],
      scopes_supported: [scopeOf('read')],
      bearer_methods_supported: ['header'],
    },
  };
}

/** Anybody can send tokens: the same is not said for each. */
function nowAndThen(log: (line: string) => void): (line: string) => void {
  const said = new Map<string, number>();
  return (line) => {
    const now = performance.now();
    if (now - (said.get(line) ?? Number.NEGATIVE_INFINITY) < LOG_MS) return;
    if (said.size > MAX_SAID) said.clear();
    said.set(line, now);
    log(line);
  };
}

/** What is wrong with the token; not with reaching the issuer. */
function isRefusal(error: unknown): boolean {
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return true;
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false;
  // Of a reply of the issuer that is no key set the library throws the plain one.
  return error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC';
}

function principalOf(
  payload: Readonly<Record<string, unknown>>,
  { repositories_claim, default_repositories }: OAuthSettings,
): Principal | undefined {
  const { sub } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > SUBJECT_CHARS) return undefined;
  const granted = words(payload['scope'] ?? payload['scp']);
  const names = words(payload[repositories_claim] ?? default_repositories);
  return {
    id: `token:${sub}`,
    scopes: SCOPES.filter((scope) => granted.includes(scopeOf(scope))),
    repositories: names.includes('*') ? undefined : names,
  };
}

/** A list, or words in one text, as providers write both. */
function words(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(/\s+/).filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word): word is string => typeof word === 'string') : [];
}
