/** An embedder against a real server on loopback, closed after each test. Not part of the engine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { EmbeddingOptions } from '../../../model/embedding.ts';
import { ConexusError } from '../../../model/errors.ts';
import type { Embedder } from '../../../ports/embedder.ts';
import { type ProviderServer, startProviderServer, vectorOf } from '../../network/testing/provider-server.ts';
import { openEmbedder } from '../open-embedder.ts';

export const KEY = 'sk-very-secret-0123456789';

export interface EmbedderBench {
  readonly server: ProviderServer;
  open(options?: Partial<EmbeddingOptions>): Embedder;
}

/** To be called at the top of a test file. */
export function embedderBench(): EmbedderBench {
  let server: ProviderServer;
  let home: string;
  const opened: Embedder[] = [];
  beforeEach(async () => {
    server = await startProviderServer();
    home = mkdtempSync(join(tmpdir(), 'conexus-embedder-'));
  });
  afterEach(async () => {
    for (const embedder of opened.splice(0)) await embedder.close();
    await server.close();
    rmSync(home, { recursive: true });
  });
  return {
    get server() {
      return server;
    },
    open(options = {}) {
      const embedder = openEmbedder(
        {
          provider: 'openai',
          url: server.url,
          key: { from: 'CONEXUS_EMBEDDING_API_KEY', reveal: () => KEY },
          retryMs: 1,
          cacheBytes: 0,
          ...options,
        },
        home,
      );
      opened.push(embedder);
      return embedder;
    },
  };
}

export const numbered = (count: number) => Array.from({ length: count }, (_, i) => `text ${i}`);

/** The vector is the one that the server has for the text. */
export function expectVector(vector: Float32Array | undefined, text: string, dimensions = 8): void {
  const wanted = vectorOf(text, dimensions);
  expect(vector).toHaveLength(dimensions);
  for (const [i, value] of wanted.entries()) expect(vector?.[i]).toBeCloseTo(value, 5);
}

/** What a user is told. */
export async function failureOf(work: Promise<unknown>): Promise<ConexusError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConexusError);
  return error as ConexusError;
}
