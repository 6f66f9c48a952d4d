import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddingOptions } from '../../model/embedding.ts';
import type { Embedder } from '../../ports/embedder.ts';
import { openEmbedder } from './open-embedder.ts';
import { failureOf } from './testing/embedder-bench.ts';
import { writeTinyModel } from './testing/tiny-onnx-model.ts';

/** The runtime takes 300 MB and is no dependency: what it does is tested where somebody has installed it. */
const isInstalled = (() => {
  try {
    return findPackageJSON('@huggingface/transformers', import.meta.url) !== undefined;
  } catch {
    return false;
  }
})();

let home: string;
let folder: string;
const opened: Embedder[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'conexus-onnx-'));
  folder = join(home, 'tiny model');
});
afterEach(async () => {
  for (const embedder of opened.splice(0)) await embedder.close();
  rmSync(home, { recursive: true });
});

const WORDS = ['[PAD]', '[UNK]', '[MASK]', 'retry', 'backoff', 'parse', 'query', ':'];
const TABLE = [
  [0, 0, 0, 0],
  [0, 0, 0, 1],
  [0, 0, 0, 0],
  [1, 0, 0, 0],
  [0.8, 0.6, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 0.5],
  [0, 0, 0, 0.5],
];

function open(options: Partial<EmbeddingOptions> = {}): Embedder {
  const embedder = openEmbedder({ provider: 'onnx', folder, cacheBytes: 0, ...options }, home);
  opened.push(embedder);
  return embedder;
}

describe('a model in a folder', () => {
  it.skipIf(isInstalled)('says how to install what runs it', async () => {
    writeTinyModel(folder, WORDS, TABLE);
    const error = await failureOf(open().embed(['retry'], 'document'));
    expect(error.code).toBe('embedder_missing');
    expect(error.message).toMatch(/needs the package @huggingface\/transformers, which is not installed/);
    expect(error.advice).toContain('npm install -g @huggingface/transformers');
  });

  it('that is none is refused when it is opened', () => {
    expect(() => open({ folder: undefined })).toThrow(/needs the folder of a model/);
    expect(() => open()).toThrow(/There is no model in .*no config\.json/);
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.json'), '{}');
    expect(open().remote).toBe(false);
  });

  it('has an identity of its weights, its configuration and its prefixes', () => {
    writeTinyModel(folder, WORDS, TABLE);
    const first = open().id;
    expect(first).toMatch(/^onnx\/tiny model@native#[0-9a-f]{8}$/);
    expect(open().id).toBe(first);
    expect(open({ documentPrefix: 'passage: ' }).id).not.toBe(first);
    writeTinyModel(folder, [...WORDS, 'more'], [...TABLE, [0, 1, 0, 0]]);
    expect(open().id).not.toBe(first);
  });

  describe.runIf(isInstalled)('runs on this machine', () => {
    it('gives the mean of what the words are, at length 1', async () => {
      writeTinyModel(folder, WORDS, TABLE);
      const [one, two, three] = await open().embed(['Retry', 'retry retry backoff', 'parse'], 'document');
      expect([...(one as Float32Array)]).toEqual([1, 0, 0, 0]);
      const [a = 0, b = 0] = [2.8 / 3, 0.6 / 3];
      expect(two?.[0]).toBeCloseTo(a / Math.hypot(a, b), 5);
      expect([...(three as Float32Array)]).toEqual([0, 0, 1, 0]);
    });

    it('puts prefixes before texts, and batches', async () => {
      writeTinyModel(folder, WORDS, TABLE);
      const embedder = open({ queryPrefix: 'query : ' });
      const [vector] = await embedder.embed(['retry'], 'query');
      expect(vector?.[3]).toBeGreaterThan(0.5);
      const many = await embedder.embed(
        Array.from({ length: 40 }, (_, i) => `retry ${i}`),
        'document',
      );
      expect(many).toHaveLength(40);
    });

    it('downloads nothing: what is not in the folder is missing', async () => {
      mkdirSync(folder);
      writeFileSync(join(folder, 'config.json'), '{"model_type": "bert"}');
      expect(await failureOf(open().embed(['retry'], 'document'))).toMatchObject({
        code: 'embedder_missing',
      });
    });

    it('refuses weights that are damaged', async () => {
      writeTinyModel(folder, WORDS, TABLE);
      writeFileSync(join(folder, 'onnx', 'model.onnx'), 'no weights');
      expect(await failureOf(open().embed(['retry'], 'document'))).toMatchObject({
        code: 'embedder_missing',
      });
    });

    it('refuses dimensions that the model does not give', async () => {
      writeTinyModel(folder, WORDS, TABLE);
      const error = await failureOf(open({ dimensions: 16 }).embed(['retry'], 'document'));
      expect(error.message).toContain('4 dimensions, not 16');
    });
  });
});
