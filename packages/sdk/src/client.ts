/**
 * A client of a shared server (`conexus serve`), typed by the contract: one method for each operation, structure back,
 * errors with code and advice. Uses `fetch` and nothing of ours but types. Does not retry: only the caller knows whether
 * an answer is still wanted, and a refusal says when to come back.
 */
import type * as z from 'zod/v4';
import type {
  AnalyzeInput,
  AnalyzeOutput,
  ErrorBody,
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
  WireErrorCode,
} from './contract/index.ts';

export interface ClientOptions {
  /** Address of the server, e.g. http://127.0.0.1:7979. */
  readonly url: string;
  /** Of `conexus keys create`, or an access token of the server's provider. */
  readonly key?: string;
  /** Meant where a call names none. */
  readonly repository?: string;
  /** Default 60 s. */
  readonly timeoutMs?: number;
}

export interface CallOptions {
  readonly repository?: string;
  /** Ends the call here and its work on the server. */
  readonly signal?: AbortSignal;
}

/** `unreachable`: no answer came, or one that is none of ours. */
export type ClientErrorCode = WireErrorCode | 'unreachable';

export class ConexusClientError extends Error {
  override readonly name = 'ConexusClientError';
  readonly code: ClientErrorCode;
  readonly advice: string;
  /** undefined: no answer came. */
  readonly status: number | undefined;
  /** Of a server that has too much to do. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    { code, message, advice }: { code: ClientErrorCode; message: string; advice: string },
    more: { readonly status?: number; readonly retryAfterSeconds?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.advice = advice;
    this.status = more.status;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

const TIMEOUT_MS = 60_000;

/** Every method @throws ConexusClientError */
export class ConexusClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = { ...options, url: options.url.replace(/\/+$/, '') };
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
    const repo = options.repository ?? this.#options.repository;
    return repo === undefined ? input : { ...input, repo };
  }

  async #post<Output>(operation: string, body: object, { signal }: CallOptions = {}): Promise<Output> {
    const { url, key, timeoutMs = TIMEOUT_MS } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url}/v1/${operation}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify(body),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        // A key goes to the server it was made for, and not where that one points.
        redirect: 'error',
      });
      text = await response.text();
    } catch (cause) {
      throw noAnswer(url, cause, signal?.aborted === true);
    }
    if (response.ok) return parseObject(text, response.status) as Output;
    throw refusal(text, response);
  }
}

function noAnswer(url: string, cause: unknown, cancelled: boolean): ConexusClientError {
  if (cancelled)
    return new ConexusClientError(
      {
        code: 'cancelled',
        message: 'The call was cancelled',
        advice: 'Repeat it if you still need the answer.',
      },
      { cause },
    );
  const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
  return new ConexusClientError(
    {
      code: timedOut ? 'timeout' : 'unreachable',
      message: timedOut ? 'No answer came in time' : `The server at ${url} cannot be reached`,
      advice: timedOut
        ? 'Narrow the call, or raise timeoutMs.'
        : 'Check the address, and that "conexus serve" runs there.',
    },
    { cause },
  );
}

function refusal(text: string, { status, headers }: Response): ConexusClientError {
  const { error } = parseObject(text, status) as Partial<ErrorBody>;
  if (typeof error?.code !== 'string') throw notOurs(status);
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return new ConexusClientError(error, {
    status,
    ...(Number.isFinite(seconds) && { retryAfterSeconds: seconds }),
  });
}

function parseObject(text: string, status: number): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below, without the text: it may be anybody's page.
  }
  throw notOurs(status);
}

function notOurs(status: number): ConexusClientError {
  return new ConexusClientError(
    {
      code: 'unreachable',
      message: `What answered (status ${status}) is no Conexus`,
      advice: 'Check the address: it is that of "conexus serve", without a path.',
    },
    { status },
  );
}
