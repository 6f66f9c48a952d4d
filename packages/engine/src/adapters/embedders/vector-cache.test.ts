import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vectorOf } from '../network/testing/provider-server.ts';
import { openVectorCache, type VectorCache } from './vector-cache.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conexus-vectors-'));
  file = join(folder, 'cache', 'embeddings.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (embedder = 'e', maxBytes = 1 << 24, day = 100): VectorCache =>
  openVectorCache({ file, embedder, maxBytes, today: () => day }) as VectorCache;
const vector = (text: string, dimensions = 64) => Float32Array.from(vectorOf(text, dimensions));
const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const codesOf = (values: Float32Array) => {
  const largest = Math.max(...values.map(Math.abs));
  return Int8Array.from(values, (value) => Math.round((value / largest) * 127));
};

describe('vectors by content', () => {
  it('come back close to what they were, and the same codes of int8 follow from them', () => {
    const cache = open();
    const texts = Array.from({ length: 50 }, (_, i) => `text ${i}`);
    cache.write(
      texts,
      texts.map((text) => vector(text)),
    );
    for (const [i, found] of cache.read(texts).entries()) {
      const before = vector(texts[i] as string);
      expect(cosine(found as Float32Array, before)).toBeGreaterThan(0.9999);
      expect(codesOf(found as Float32Array)).toEqual(codesOf(before));
    }
    cache.close();
  });

  it('are apart by embedder and by every byte of the text', () => {
    const one = open('one');
    one.write(['text'], [vector('text')]);
    const two = open('two');
    expect(two.has(['text'])).toEqual([false]);
    expect(one.read(['text', 'text ', 'Text', '']).map(Boolean)).toEqual([true, false, false, false]);
    one.close();
    two.close();
  });

  it('are there for another process at once, and after a connection that was never closed', () => {
    const writer = open();
    writer.write(['a'], [vector('a')]);
    const reader = open();
    expect(reader.has(['a'])).toEqual([true]);
    reader.close();
  });

  it('keep to the limit: what was used longest ago goes first', () => {
    const limit = 1 << 20;
    const texts = Array.from({ length: 2_000 }, (_, i) => `text ${i}`);
    const old = open('e', limit, 100);
    for (let i = 0; i < 1_000; i += 10) {
      const some = texts.slice(i, i + 10);
      old.write(
        some,
        some.map((text) => vector(text, 1_024)),
      );
    }
    const before = old.has(texts).filter(Boolean).length;
    expect(before).toBeLessThan(1_000);
    old.read(texts.slice(0, 5));
    old.close();
    const later = open('e', limit, 101);
    const present = later.has(texts);
    const kept = texts.filter((_, i) => present[i]).slice(0, 3);
    later.read(kept);
    for (let i = 1_000; i < 1_500; i += 10) {
      const some = texts.slice(i, i + 10);
      later.write(
        some,
        some.map((text) => vector(text, 1_024)),
      );
    }
    later.close();
    const again = open('e', limit, 102);
    expect(again.has(kept)).toEqual(kept.map(() => true));
    again.close();
    expect(statSync(file).size).toBeLessThan(limit * 1.5);
  });

  it.each([
    ['text', 'this is no database'],
    ['another database', ''],
  ])('%s in its place is replaced', (_what, content) => {
    open().close();
    if (content) writeFileSync(file, content.repeat(1000));
    else {
      rmSync(file);
      const other = new DatabaseSync(file);
      other.exec('CREATE TABLE t (a); PRAGMA user_version = 77');
      other.close();
    }
    const cache = open();
    cache.write(['a'], [vector('a')]);
    expect(cache.has(['a'])).toEqual([true]);
    cache.close();
  });

  it('a row that was damaged is not believed', () => {
    const cache = open();
    cache.write(['a'], [vector('a')]);
    const db = new DatabaseSync(file);
    db.exec("UPDATE vector SET codes = x'0102'");
    db.close();
    expect(cache.read(['a'])).toEqual([undefined]);
    cache.close();
  });

  it('a place that cannot be written means no cache', () => {
    writeFileSync(join(folder, 'cache'), 'a file, not a folder');
    expect(openVectorCache({ file, embedder: 'e', maxBytes: 1 << 20 })).toBeUndefined();
    expect(openVectorCache({ file, embedder: 'e', maxBytes: 0 })).toBeUndefined();
  });

  it('is readable by its user alone', () => {
    open().close();
    expect(statSync(file).mode & 0o077).toBe(0);
  });
});
