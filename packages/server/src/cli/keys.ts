/** `conexus keys`: makes, lists and revokes keys, each change with a record in the audit log. Knows no server. */
import { REPOSITORY_NAME } from '@conexus/sdk/contract';
import { appendAdminRecord } from '../access/audit-files.ts';
import { auditFolder } from '../access/audit-log.ts';
import type { KeyStore, StoredKey } from '../access/key-store.ts';
import { keyStoreFile, openKeyStore } from '../access/key-store.ts';
import { makeKey } from '../access/keys.ts';
import { SCOPES } from '../access/principal.ts';
import type { Settings } from '../config/settings.ts';
import { invalidArgument } from '../errors.ts';
import type { Scope } from '../operations/operation.ts';
import { EXIT } from './exit-codes.ts';
import type { Host } from './host.ts';
import { withLineEnd } from './host.ts';
import type { ParsedFlags } from './options.ts';

export async function runKeys(parsed: ParsedFlags, settings: Settings, host: Host): Promise<number> {
  const [action, ...rest] = parsed.positionals;
  const json = parsed.values['json'] === true;
  const request = action === 'create' ? readRequest(parsed.values, rest) : undefined;
  const id = action === 'revoke' ? readId(rest) : undefined;
  if (action !== 'create' && action !== 'list' && action !== 'revoke')
    throw invalidArgument(`Unknown action "${action ?? ''}"`, 'Say one of: create, list, revoke.');
  const store = openKeyStore(keyStoreFile(settings.home));
  try {
    const record = recorder(settings, host);
    if (request !== undefined) return await create(store, request, { json, host, record });
    if (id !== undefined) return await revoke(store, id, { json, host, record });
    const keys = store.list();
    await host.out(withLineEnd(json ? JSON.stringify({ keys: keys.map(keyJson) }) : table(keys)));
    return keys.length === 0 ? EXIT.empty : EXIT.ok;
  } finally {
    store.close();
  }
}

interface Action {
  readonly json: boolean;
  readonly host: Host;
  readonly record: (
    event: string,
    key: string,
    details?: Readonly<Record<string, string | undefined>>,
  ) => void;
}

type KeyWish = Omit<Parameters<typeof makeKey>[0], 'now'>;

async function create(store: KeyStore, wish: KeyWish, { json, host, record }: Action): Promise<number> {
  const { text, stored } = makeKey({ ...wish, now: Date.now() });
  store.add(stored, () =>
    record('key created', stored.id, {
      name: stored.name,
      scopes: stored.scopes.join(','),
      repositories: stored.repositories?.join(','),
    }),
  );
  if (json) await host.out(withLineEnd(JSON.stringify({ key: text, ...keyJson(stored) })));
  else {
    await host.out(withLineEnd(text));
    host.err(
      `Key ${stored.id} for ${stored.name}: ${describe(stored)}. It is shown this once; keep it secret.\n`,
    );
  }
  return EXIT.ok;
}

async function revoke(store: KeyStore, id: string, { json, host, record }: Action): Promise<number> {
  if (!store.revoke(id, Date.now(), () => record('key revoked', id)))
    throw invalidArgument(`There is no key ${id} to revoke`, 'See "conexus keys list".');
  await host.out(withLineEnd(json ? JSON.stringify({ id, revoked: true }) : `Revoked ${id}.`));
  return EXIT.ok;
}

function recorder(settings: Settings, host: Host): Action['record'] {
  const by = host.env['USER'] ?? host.env['USERNAME'];
  return (event, key, details) =>
    appendAdminRecord(auditFolder(settings.home), { event, key, ...details, by }, new Date());
}

// --- arguments ---------------------------------------------------------------------------------------------------

function readRequest(values: ParsedFlags['values'], rest: readonly string[]): KeyWish {
  if (rest[0] !== undefined)
    throw invalidArgument(`Unexpected argument "${rest[0]}"`, 'Give the name with --name.');
  const name = values['name'];
  if (typeof name !== 'string' || !/^[^\p{C}]{1,80}$/u.test(name.trim()))
    throw invalidArgument(
      '--name is missing or longer than 80 characters',
      'Say whom the key is for: --name ci',
    );
  const repositories = words(values['repo']);
  const wrong = repositories.find((one) => !REPOSITORY_NAME.test(one));
  if (wrong !== undefined)
    throw invalidArgument(
      `--repo: "${wrong.slice(0, 80)}" is no name of a repository`,
      'Give names, not folders.',
    );
  return {
    name: name.trim(),
    scopes: readScopes(words(values['scope'])),
    repositories: repositories.length === 0 ? undefined : repositories,
    expiresAt: readExpiry(values['expires'], Date.now()),
  };
}

function readScopes(given: readonly string[]): readonly Scope[] {
  const unknown = given.find((word) => !SCOPES.some((scope) => scope === word));
  if (unknown !== undefined)
    throw invalidArgument(
      `--scope: "${unknown.slice(0, 40)}" is no scope`,
      `Say one or more of: ${SCOPES.join(', ')}.`,
    );
  return given.length === 0 ? ['read'] : SCOPES.filter((scope) => given.includes(scope));
}

const UNIT_MS = { h: 3_600_000, d: 86_400_000 } as const;

export function readExpiry(value: ParsedFlags['values'][string], now: number): number | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  const [, amount, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  const at =
    amount !== undefined
      ? now + Number(amount) * UNIT_MS[unit as 'h' | 'd']
      : /^\d{4}-\d{2}-\d{2}$/.test(text)
        ? Date.parse(`${text}T23:59:59Z`)
        : Number.NaN;
  if (at > now) return at;
  throw invalidArgument(
    `--expires is "${text.slice(0, 40)}", no time to come`,
    'Give hours (12h), days (90d) or a date (2027-01-31).',
  );
}

function readId(rest: readonly string[]): string {
  const [id, more] = rest;
  if (id !== undefined && more === undefined && /^[a-z0-9]{12}$/.test(id)) return id;
  throw invalidArgument('revoke takes the ID of one key', 'See "conexus keys list".');
}

function words(value: ParsedFlags['values'][string]): readonly string[] {
  return (Array.isArray(value) ? value : [])
    .flatMap((part: string) => part.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

// --- output ------------------------------------------------------------------------------------------------------

function table(keys: readonly StoredKey[]): string {
  if (keys.length === 0) return 'There are no keys. Make one: conexus keys create --name ci';
  return keys.map((key) => `${key.id}  ${key.name}: ${describe(key)}${stateOf(key)}`).join('\n');
}

function describe({ scopes, repositories, expiresAt }: StoredKey): string {
  const until = expiresAt === undefined ? '' : `, until ${new Date(expiresAt).toISOString().slice(0, 16)}Z`;
  return `${scopes.join(', ')}; ${repositories === undefined ? 'every repository' : repositories.join(', ')}${until}`;
}

function stateOf({ revokedAt, expiresAt }: StoredKey): string {
  if (revokedAt !== undefined) return ` (revoked ${new Date(revokedAt).toISOString().slice(0, 16)}Z)`;
  return expiresAt !== undefined && expiresAt <= Date.now() ? ' (expired)' : '';
}

function keyJson({ digest: _, ...key }: StoredKey): Readonly<Record<string, unknown>> {
  const time = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  return {
    id: key.id,
    name: key.name,
    scopes: key.scopes,
    repositories: key.repositories ?? null,
    created_at: time(key.createdAt),
    expires_at: time(key.expiresAt),
    revoked_at: time(key.revokedAt),
  };
}
