import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readGrammar } from './grammar-files.ts';
import { languages } from './registry.ts';

const folder = join(import.meta.dirname, '..', '..', 'grammars');
const lock: Record<
  string,
  { file: string; sha256: string; bytes: number; licence: string; licenceFile: string }
> = JSON.parse(readFileSync(join(folder, 'grammars.lock.json'), 'utf8'));

describe.each(Object.entries(lock))('grammar %s', (grammar, entry) => {
  test('is the one in the lock', async () => {
    const wasm = await readGrammar(grammar);
    expect(wasm.length).toBe(entry.bytes);
    expect(createHash('sha256').update(wasm).digest('hex')).toBe(entry.sha256);
  });

  test('comes with a licence that allows to ship it', () => {
    expect(['MIT', 'Apache-2.0', 'Unlicense']).toContain(entry.licence);
    expect(readFileSync(join(folder, entry.licenceFile), 'utf8').length).toBeGreaterThan(500);
  });
});

test('every grammar is used and every one used is there', () => {
  const used = new Set(languages.flatMap((language) => language.tree?.grammar ?? []));
  expect([...used].sort()).toEqual(Object.keys(lock).sort());
});

test('the grammars stay small enough to ship', () => {
  const bytes = readdirSync(folder)
    .filter((file) => file.endsWith('.br'))
    .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  expect(bytes).toBeLessThan(3_000_000);
});

test('a grammar that is not there is an error, not a hang', async () => {
  await expect(readGrammar('no-such-grammar')).rejects.toThrow();
});
