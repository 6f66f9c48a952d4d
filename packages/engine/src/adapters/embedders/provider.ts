/** What is particular to a provider of embeddings: an address, the shape of a body and of a reply, its limits. Mostly data. */
import type { EmbeddingRole } from '../../ports/embedder.ts';

/** What requests to one endpoint have in common. */
export interface Endpoint {
  /** Without a slash at the end. */
  readonly url: string;
  readonly model: string;
  /** Asked for; undefined leaves it to the provider. */
  readonly dimensions: number | undefined;
  readonly apiVersion: string;
}

export interface EmbeddingProvider {
  /** undefined: the user must say. */
  readonly url: string | undefined;
  /** undefined: the user must say; '': the endpoint serves one model and is not asked for it. */
  readonly model: string | undefined;
  readonly needsKey: boolean;
  /** Of one request. */
  readonly limits: { readonly texts: number; readonly tokens: number };
  /** Of one text, where the model is not in the table; longer texts are cut at their end. */
  readonly textTokens: number;
  readonly concurrency: number;
  /** What to expect of a small account or machine; a user's own limit replaces it. */
  readonly tokensPerMinute: number;
  path(endpoint: Endpoint): string;
  headers(key: string): Readonly<Record<string, string>>;
  body(endpoint: Endpoint, texts: readonly string[], role: EmbeddingRole): unknown;
  /** Entries that say which text they belong to, or that stand in the order of the texts. Whatever is missing is undefined. */
  read(reply: unknown): readonly RawVector[] | undefined;
}

export interface RawVector {
  /** undefined: its place in the list. */
  readonly index?: unknown;
  /** Numbers, or little-endian float32 in base64. */
  readonly values: unknown;
}

export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

export function list(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
