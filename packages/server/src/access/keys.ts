/**
 * Keys: `cnx_<id>_<secret>`. The id finds the stored key, the secret (256 random bits) proves it. Made here, shown once,
 * kept as SHA-256. Knows where neither requests nor stores come from.
 */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Scope } from '../operations/operation.ts';
import type { KeyStore, StoredKey } from './key-store.ts';
import type { Principal } from './principal.ts';

const ID_CHARS = 'abcdefghijkmnpqrstuvwxyz23456789';
const ID_LENGTH = 12;
const KEY = /^cnx_([a-z0-9]{12})_([\w-]{43})$/;
/** Compared with when there is no such key, so that an unknown id costs what a known one does. */
const NO_DIGEST = new Uint8Array(32);

export interface KeyRequest {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly repositories: readonly string[] | undefined;
  readonly expiresAt: number | undefined;
  readonly now: number;
}

/** `text` is the key itself; it exists nowhere else. */
export function makeKey(request: KeyRequest): { readonly text: string; readonly stored: StoredKey } {
  const id = Array.from({ length: ID_LENGTH }, () => ID_CHARS[randomInt(ID_CHARS.length)]).join('');
  const secret = randomBytes(32).toString('base64url');
  const { name, scopes, repositories, expiresAt, now } = request;
  return {
    text: `cnx_${id}_${secret}`,
    stored: {
      id,
      digest: digestOf(secret),
      name,
      scopes,
      repositories,
      createdAt: now,
      expiresAt,
      revokedAt: undefined,
    },
  };
}

export type KeyCheck =
  | { readonly principal: Principal }
  /** `id` only of a key that exists: what else was sent may be a secret of another system. */
  | { readonly refused: 'malformed' | 'unknown' | 'revoked' | 'expired'; readonly id?: string };

/** @throws UserError state_unusable */
export function checkKey(store: Pick<KeyStore, 'find'>, text: string, now: number): KeyCheck {
  const [, id, secret] = KEY.exec(text) ?? [];
  if (id === undefined || secret === undefined) return { refused: 'malformed' };
  const stored = store.find(id);
  const isSame = timingSafeEqual(digestOf(secret), stored?.digest.length === 32 ? stored.digest : NO_DIGEST);
  if (stored === undefined || !isSame) return { refused: 'unknown', ...(stored !== undefined && { id }) };
  if (stored.revokedAt !== undefined) return { refused: 'revoked', id };
  if (stored.expiresAt !== undefined && stored.expiresAt <= now) return { refused: 'expired', id };
  return { principal: { id: `key:${id}`, scopes: stored.scopes, repositories: stored.repositories } };
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
