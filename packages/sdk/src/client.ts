/**
 * A client of Conexus, typed by the contract: one method for each operation, structure back, errors with code and advice.
 * Over HTTP it asks a shared server (`conexus serve`), over standard input and output a process of its own (`conexus mcp`).
 * Uses nothing of ours but types. Does not retry: only the caller knows whether an answer is still wanted, and a refusal
 * says when to come back.
 */
import type * as z from 'zod/v4';
import type { Connection } from './connection.ts';
import type {
  AnalyzeInput,
  AnalyzeOutput,
  FindReferencesInput,
  GrepInput,
  GrepOutput,
  ImpactInput,
  ImpactOutput,
  IndexControlInput,
  IndexControlOutput,
  LocateInput,
  LocateOutput,
  RelatedInput,
  RelatedOutput,
  RelationsOutput,
  RepositoriesOutput,
  SearchInput,
  SearchOutput,
  StatusOutput,
} from './contract/index.ts';
import type { HttpOptions } from './http-connection.ts';
import { connectHttp } from './http-connection.ts';
import type { StdioOptions } from './stdio-connection.ts';
import { connectStdio } from './stdio-connection.ts';

interface CommonOptions {
  /** Default 60 s. */
  readonly timeoutMs?: number;
}

export interface HttpClientOptions extends CommonOptions, HttpOptions {
  /** Meant where a call names none. */
  readonly repository?: string;
}

/** A process serves one repository: its calls name none. */
export interface StdioClientOptions extends CommonOptions, StdioOptions {}

export type ClientOptions = HttpClientOptions | StdioClientOptions;

export interface CallOptions {
  readonly repository?: string;
  /** Of search and locate, on a server of several: these at once, or all that may be read. */
  readonly repositories?: readonly string[] | 'all';
  /** Ends the call here and its work on the server. */
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 60_000;

/** Every method @throws ConexusClientError */
export class ConexusClient {
  readonly #connection: Connection;
  readonly #repository: string | undefined;

  constructor(options: ClientOptions) {
    const { timeoutMs = TIMEOUT_MS } = options;
    this.#repository = 'url' in options ? options.repository : undefined;
    this.#connection = 'url' in options ? connectHttp(options, timeoutMs) : connectStdio(options, timeoutMs);
  }

  /** Ends the process of a client over standard input and output, and its calls. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  repositories(options: Pick<CallOptions, 'signal'> = {}): Promise<RepositoriesOutput> {
    return this.#post('repositories', {}, options);
  }

  search(input: z.input<typeof SearchInput>, options?: CallOptions): Promise<SearchOutput> {
    return this.#post('search_codebase', this.#named(input, options), options);
  }

  locate(input: z.input<typeof LocateInput>, options?: CallOptions): Promise<LocateOutput> {
    return this.#post('locate_relevant_files', this.#named(input, options), options);
  }

  analyze(input: z.input<typeof AnalyzeInput>, options?: CallOptions): Promise<AnalyzeOutput> {
    return this.#post('analyze_implementation', this.#named(input, options), options);
  }

  findReferences(
    input: z.input<typeof FindReferencesInput>,
    options?: CallOptions,
  ): Promise<RelationsOutput> {
    return this.#post('find_references', this.#named(input, options), options);
  }

  impact(input: z.input<typeof ImpactInput>, options?: CallOptions): Promise<ImpactOutput> {
    return this.#post('impact', this.#named(input, options), options);
  }

  related(input: z.input<typeof RelatedInput>, options?: CallOptions): Promise<RelatedOutput> {
    return this.#post('get_related_info', this.#named(input, options), options);
  }

  grep(input: z.input<typeof GrepInput>, options?: CallOptions): Promise<GrepOutput> {
    return this.#post('grep', this.#named(input, options), options);
  }

  status(options?: CallOptions): Promise<StatusOutput> {
    return this.#post('status', this.#named({}, options), options);
  }

  indexControl(input: z.input<typeof IndexControlInput>, options?: CallOptions): Promise<IndexControlOutput> {
    return this.#post('index_control', this.#named(input, options), options);
  }

  #named(input: object, options: CallOptions = {}): object {
    const { repositories } = options;
    if (repositories !== undefined) return { ...input, repos: repositories === 'all' ? ['*'] : repositories };
    const repo = options.repository ?? this.#repository;
    return repo === undefined ? input : { ...input, repo };
  }

  async #post<Output>(operation: string, input: object, { signal }: CallOptions = {}): Promise<Output> {
    return (await this.#connection.call(operation, input, signal)) as Output;
  }
}
