import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/run-command.ts';
import { keyStoreFile, openKeyStore } from './key-store.ts';
import { checkKey, makeKey } from './keys.ts';

let home = '';
beforeEach(() => {
  home = temporaryFolder('keys');
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const make = (more: object = {}) =>
  makeKey({ name: 'ci', scopes: ['read'], repositories: ['api'], expiresAt: undefined, now: 5, ...more });

describe('the key store', () => {
  it('gives back what was added, to another process too, and lists the oldest first', () => {
    const [one, two] = [openKeyStore(keyStoreFile(home)), openKeyStore(keyStoreFile(home))];
    const [first, second] = [
      make(),
      make({ now: 6, repositories: undefined, scopes: ['read', 'index'], expiresAt: 9 }),
    ];
    one.add(second.stored, () => undefined);
    one.add(first.stored, () => undefined);
    expect(two.find(first.stored.id)).toMatchObject({
      name: 'ci',
      scopes: ['read'],
      repositories: ['api'],
      createdAt: 5,
    });
    expect(two.list().map(({ id }) => id)).toEqual([first.stored.id, second.stored.id]);
    expect(two.find(second.stored.id)).toMatchObject({ repositories: undefined, expiresAt: 9 });
    expect(two.revoke(first.stored.id, 7, () => undefined)).toBe(true);
    expect(two.revoke(first.stored.id, 8, () => undefined)).toBe(false);
    expect(one.find(first.stored.id)?.revokedAt).toBe(7);
    one.close();
    two.close();
  });

  it.skipIf(process.platform === 'win32')(
    'is the file that is there now: gone, nobody is found; another one, its keys hold',
    () => {
      const file = keyStoreFile(home);
      const store = openKeyStore(file);
      const { stored } = make();
      store.add(stored, () => undefined);
      for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
      expect(() => store.find(stored.id)).toThrow(/cannot be used/);
      const other = openKeyStore(file);
      expect(store.find(stored.id)).toBeUndefined();
      other.add(stored, () => undefined);
      expect(store.find(stored.id)?.revokedAt).toBeUndefined();
      other.revoke(stored.id, 9, () => undefined);
      expect(store.find(stored.id)?.revokedAt).toBe(9);
      for (const open of [store, other]) open.close();
    },
  );

  it('holds no secret: neither in its file nor in its log', () => {
    const store = openKeyStore(keyStoreFile(home));
    const { text, stored } = make();
    store.add(stored, () => undefined);
    const folder = dirname(keyStoreFile(home));
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
    expect(files.some((bytes) => bytes.includes(stored.id))).toBe(true);
    for (const bytes of files) expect(bytes).not.toContain(text.slice(17));
    store.close();
  });

  it.skipIf(process.platform === 'win32')('is readable by its owner alone', () => {
    openKeyStore(keyStoreFile(home)).close();
    expect(statSync(keyStoreFile(home)).mode & 0o077).toBe(0);
    expect(statSync(dirname(keyStoreFile(home))).mode & 0o077).toBe(0);
  });

  it('changes nothing that could not be recorded', () => {
    const store = openKeyStore(keyStoreFile(home));
    const { stored } = make();
    const fail = (): never => {
      throw new Error('no space left');
    };
    expect(() => store.add(stored, fail)).toThrow(/no space left/);
    expect(store.list()).toEqual([]);
    store.add(stored, () => undefined);
    expect(() => store.revoke(stored.id, 7, fail)).toThrow(/no space left/);
    expect(store.find(stored.id)?.revokedAt).toBeUndefined();
    store.close();
  });

  it('says what is wrong with its file: damaged, of a newer version, a folder', () => {
    const file = keyStoreFile(home);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'no database, but long enough to be taken for one'.repeat(100));
    expect(() => openKeyStore(file)).toThrow(
      expect.objectContaining({ code: 'state_unusable', message: expect.stringContaining(file) }),
    );
    rmSync(file);
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(() => openKeyStore(file)).toThrow(/newer Conexus \(format 99\)/);
    rmSync(file);
    mkdirSync(file);
    expect(() => openKeyStore(file)).toThrow(/state_unusable|cannot be used/);
    chmodSync(file, 0o700);
  });
});

describe('a key', () => {
  it('has 256 random bits, and is checked against its hash', () => {
    const keys = Array.from({ length: 200 }, () => make());
    expect(new Set(keys.map(({ text }) => text)).size).toBe(200);
    const [{ text, stored }] = keys as [ReturnType<typeof make>];
    expect(text).toMatch(/^cnx_[a-z2-9]{12}_[\w-]{43}$/);
    expect(Buffer.from(text.slice(17), 'base64url')).toHaveLength(32);
    expect(checkKey({ find: () => stored }, text, 0)).toEqual({
      principal: { id: `key:${stored.id}`, scopes: ['read'], repositories: ['api'] },
    });
  });

  it.each([
    '',
    'cnx_',
    'x'.repeat(10_000),
    'cnx_aaaaaaaaaaaa_short',
    `cnx_${'a'.repeat(12)}_${'A'.repeat(42)}\n`,
  ])('that is none is not looked up: %#', (text) => {
    const find = (): never => {
      throw new Error('was looked up');
    };
    expect(checkKey({ find }, text, 0)).toEqual({ refused: 'malformed' });
  });
});
