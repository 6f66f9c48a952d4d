/** Chooses the embedder a user asked for. The only module that knows all kinds. */
import { join } from 'node:path';
import type { EmbeddingOptions } from '../../model/embedding.ts';
import type { Embedder } from '../../ports/embedder.ts';
import { openOnnxEmbedder } from './onnx-embedder.ts';
import { openRemoteEmbedder } from './remote-embedder.ts';
import { openVectorCache } from './vector-cache.ts';

const DEFAULT_CACHE_BYTES = 2 * 2 ** 30;

/** `home`: folder for `cache/` and `state/`. Connects to nothing. @throws ConexusError invalid_argument, embedder_missing */
export function openEmbedder(options: EmbeddingOptions, home: string): Embedder {
  const cacheFor = (embedder: string) =>
    openVectorCache({
      file: join(home, 'cache', 'embeddings.sqlite'),
      embedder,
      maxBytes: options.cacheBytes ?? DEFAULT_CACHE_BYTES,
    });
  const { provider } = options;
  return provider === 'onnx'
    ? openOnnxEmbedder(options, cacheFor)
    : openRemoteEmbedder({ ...options, provider }, cacheFor);
}
