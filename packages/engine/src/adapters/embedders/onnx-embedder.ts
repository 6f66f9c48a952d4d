/**
 * A model on this machine through `@huggingface/transformers`, which users install themselves: it brings 300 MB of runtime.
 * Nothing is downloaded: the model lies in a folder, and loading from elsewhere is switched off before anything is loaded.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { basename, join } from 'node:path';
import type { EmbeddingOptions } from '../../model/embedding.ts';
import { ConexusError } from '../../model/errors.ts';
import type { Embedder, EmbeddingRole } from '../../ports/embedder.ts';
import { cancelled } from '../network/cancelled.ts';
import { createBatchedEmbedder } from './batched-embedder.ts';
import { knownModel } from './models.ts';
import type { VectorCache } from './vector-cache.ts';
import { vectorsOfReply } from './vectors-of-reply.ts';

const PACKAGE = '@huggingface/transformers';
/** A text of more tokens is cut by the model's own tokenizer; this bounds what it is handed. */
const TEXT_TOKENS = 8_000;
const TOKENS_PER_MINUTE = 60_000;

/** The part of the package that is used. */
interface Transformers {
  readonly env: { allowRemoteModels: boolean; allowLocalModels: boolean; useFSCache: boolean };
  pipeline(task: 'feature-extraction', model: string, options: object): Promise<Extractor>;
}

interface Extractor {
  (texts: readonly string[], options: object): Promise<{ tolist(): unknown; dispose?(): void }>;
  dispose(): Promise<unknown>;
}

/** Loads nothing yet. @throws ConexusError invalid_argument, embedder_missing where there is no such folder */
export function openOnnxEmbedder(
  options: EmbeddingOptions,
  cacheFor: (id: string) => VectorCache | undefined,
): Embedder {
  const folder = modelFolder(options.folder);
  const name = options.model ?? basename(folder);
  const known = knownModel(name);
  const prefixes = [
    options.queryPrefix ?? known.queryPrefix ?? '',
    options.documentPrefix ?? known.documentPrefix ?? '',
  ];
  const id = `onnx/${name}@native#${fingerprint(folder, prefixes.join('\0'))}`;
  const pooling = poolingOf(folder);
  let extractor: Promise<Extractor> | undefined;
  const load = () => {
    extractor ??= loadExtractor(folder);
    return extractor;
  };
  return createBatchedEmbedder({
    id,
    name: `onnx ${name}`,
    remote: false,
    price: undefined,
    tokensPerMinute: TOKENS_PER_MINUTE,
    limits: { texts: 16, tokens: 8_000 },
    textTokens: known.textTokens ?? TEXT_TOKENS,
    // The runtime uses all cores for one batch.
    concurrency: 1,
    queryPrefix: prefixes[0] ?? '',
    documentPrefix: prefixes[1] ?? '',
    cache: cacheFor(id),
    embedBatch: async (texts, _tokens, _role: EmbeddingRole, signal) => {
      const extract = await load();
      if (signal?.aborted) throw cancelled(signal);
      return extractBatch(extract, texts, pooling, options.dimensions, folder);
    },
    async close() {
      const loaded = await extractor?.catch(() => undefined);
      await loaded?.dispose();
    },
  });
}

async function extractBatch(
  extract: Extractor,
  texts: readonly string[],
  pooling: string,
  dimensions: number | undefined,
  folder: string,
): Promise<readonly Float32Array[]> {
  let rows: unknown;
  try {
    const tensor = await extract(texts, { pooling, normalize: true });
    rows = tensor.tolist();
    tensor.dispose?.();
  } catch (error) {
    throw unusable(folder, error);
  }
  const raw = Array.isArray(rows) ? rows.map((values: unknown) => ({ values })) : undefined;
  const vectors = vectorsOfReply(raw, texts.length, dimensions);
  if (typeof vectors === 'string')
    throw new ConexusError(
      'embedder_bad_reply',
      `The model in ${folder} gives what cannot be used: ${vectors}.`,
      'Choose an embedding model, and leave CONEXUS_EMBEDDING_DIMENSIONS unset unless it is what the model gives.',
    );
  return vectors;
}

async function loadExtractor(folder: string): Promise<Extractor> {
  const { env, pipeline } = await loadPackage();
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.useFSCache = false;
  try {
    return await pipeline('feature-extraction', folder, { local_files_only: true });
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Not named where a bundler or a checker would look for it: it is there only where a user has put it. */
async function loadPackage(): Promise<Transformers> {
  try {
    return (await import(PACKAGE)) as Transformers;
  } catch (error) {
    throw new ConexusError(
      'embedder_missing',
      isInstalled()
        ? `The package ${PACKAGE} cannot be loaded.`
        : `The embedder onnx needs the package ${PACKAGE}, which is not installed beside Conexus.`,
      `Run "npm install -g ${PACKAGE}" where conexus is installed globally, "npm install ${PACKAGE}" where it is part of a project; or choose another CONEXUS_EMBEDDER.`,
      { cause: error },
    );
  }
}

function isInstalled(): boolean {
  try {
    return findPackageJSON(PACKAGE, import.meta.url) !== undefined;
  } catch {
    return false;
  }
}

const unusable = (folder: string, cause: unknown) =>
  new ConexusError(
    'embedder_missing',
    `The model in ${folder} cannot be loaded or run.`,
    'The folder needs config.json, tokenizer.json and onnx/model.onnx, of a model for feature extraction.',
    { cause },
  );

function modelFolder(folder: string | undefined): string {
  if (folder === undefined)
    throw new ConexusError(
      'invalid_argument',
      'The embedder onnx needs the folder of a model.',
      'Set CONEXUS_EMBEDDING_MODEL to it.',
    );
  if (statSync(join(folder, 'config.json'), { throwIfNoEntry: false })?.isFile()) return folder;
  throw new ConexusError(
    'embedder_missing',
    `There is no model in ${folder}: it has no config.json.`,
    'Set CONEXUS_EMBEDDING_MODEL to the folder of a model that you have; nothing is downloaded.',
  );
}

/** Models of one name differ: size and time of the weights tell them apart, as reading hundreds of megabytes would. */
function fingerprint(folder: string, prefixes: string): string {
  const weights = statSync(join(folder, 'onnx', 'model.onnx'), { throwIfNoEntry: false });
  const config = readFileSync(join(folder, 'config.json'));
  const parts = [config, `${weights?.size ?? 0}`, prefixes];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 8);
}

/** What sentence-transformers wrote beside the model; the mean where it wrote nothing. */
function poolingOf(folder: string): 'mean' | 'cls' | 'last_token' {
  try {
    const text = readFileSync(join(folder, '1_Pooling', 'config.json'), 'utf8');
    const config = JSON.parse(text) as Record<string, unknown>;
    if (config['pooling_mode_cls_token'] === true) return 'cls';
    if (config['pooling_mode_lasttoken'] === true) return 'last_token';
  } catch {
    // No such file, or not of that kind.
  }
  return 'mean';
}
