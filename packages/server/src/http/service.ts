/**
 * The way of a request: guard, who asks, limits, body, operation, answer. One function for each step, one place where
 * every request begins and ends. Listens nowhere; `listener.ts` gives it requests, tests may, too.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mayRead, requireScope } from '../access/principal.ts';
import type { DefectLog, SafeError } from '../errors.ts';
import { toSafeError, UserError } from '../errors.ts';
import { INSTRUCTIONS, SHARED_INSTRUCTIONS } from '../mcp/instructions.ts';
import type { RequestObserver } from '../observe/request-events.ts';
import { outcomeOf } from '../observe/request-events.ts';
import type { Scope, WorkspaceProvider } from '../operations/operation.ts';
import { SHARED, SHARED_TOOLS, TOOLS } from '../operations/registry.ts';
import type { Repositories } from '../workspaces/repositories.ts';
import type { Authenticator } from './authenticate.ts';
import type { Exchange, KnownExchange, Note } from './exchange.ts';
import type { Guard } from './guard.ts';
import type { Limits } from './limits.ts';
import type { McpEndpoint, McpSurface } from './mcp-endpoint.ts';
import { rpcError } from './mcp-endpoint.ts';
import type { TokenVerifier } from './oauth.ts';
import { openApi } from './openapi.ts';
import type { BodyLimits } from './read-body.ts';
import { readBody } from './read-body.ts';
import { badRequest, overloaded, Refusal, RPC } from './refusal.ts';
import type { Reply } from './reply.ts';
import { JSON_TYPE, jsonReply, sendReply } from './reply.ts';
import { answerRest, errorReply, statusOf } from './rest.ts';

export interface ServiceParts {
  readonly repositories: Repositories;
  readonly guard: Guard;
  readonly authenticator: Authenticator;
  /** Where access tokens are taken. */
  readonly tokens?: TokenVerifier | undefined;
  readonly limits: Limits;
  readonly bodyLimits: BodyLimits;
  readonly mcp: McpEndpoint;
  readonly observers: readonly RequestObserver[];
  /** Why nobody can be served now; undefined: all is well. Asked for each request. */
  readonly trouble: () => string | undefined;
  /** Why each would be refused that needs a key or a repository; undefined: no reason is known. Asked by probes. */
  readonly unready: () => string | undefined;
  /** A request ends at this, whatever works on it. */
  readonly hardDeadlineMs: number;
  /** A connection without traffic lives this long, unless a request on it is in work. */
  readonly idleMs: number;
  readonly log: DefectLog;
}

export interface Service {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Not ready from now on, and connections end with their next answer; requests are answered all the same. */
  leave(): void;
  /** New requests are refused from now on. */
  drain(): void;
  /** Resolves when no request is in work. */
  idle(): Promise<void>;
  /** Aborts what is still in work. */
  abort(): void;
  readonly inFlight: number;
}

export function makeService(parts: ServiceParts): Service {
  const running = new Set<AbortController>();
  const waiting: (() => void)[] = [];
  let phase: Phase = 'serving';
  let count = 0;
  const instance = process.pid.toString(36);

  return {
    handle(request, response) {
      const started = performance.now();
      const controller = new AbortController();
      const exchange = makeExchange(
        `${instance}-${(count++).toString(36)}`,
        request,
        response,
        controller.signal,
        parts,
      );
      running.add(controller);
      tell(parts, (observer) => observer.started?.());
      // Work may take longer than a connection may be silent.
      request.socket.setTimeout(parts.hardDeadlineMs);
      const timer = setTimeout(() => {
        controller.abort();
        response.destroy();
      }, parts.hardDeadlineMs);
      // A client that goes away cancels: its answer has nowhere to go.
      response.once('close', () => {
        if (!response.writableFinished) controller.abort();
      });
      void observed(parts.observers, exchange, () => answer(parts, exchange, phase))
        .catch((error: unknown) => refusalReply(exchange, error, parts))
        .then((reply) => {
          if (reply === undefined) return;
          if (phase !== 'serving') response.setHeader('connection', 'close');
          exchange.note.responseBytes = sendReply(response, reply);
        })
        .catch((error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          parts.log(`an answer could not be sent: ${message}`, { id: exchange.id, error });
          response.destroy();
        })
        .finally(() => {
          clearTimeout(timer);
          request.socket.setTimeout(parts.idleMs);
          running.delete(controller);
          finish(parts, exchange, performance.now() - started);
          if (running.size === 0) for (const resolve of waiting.splice(0)) resolve();
        });
    },
    leave() {
      phase = 'leaving';
    },
    drain() {
      phase = 'draining';
    },
    idle: () =>
      running.size === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve)),
    abort() {
      for (const controller of running) controller.abort();
    },
    get inFlight() {
      return running.size;
    },
  };
}

type Phase = 'serving' | 'leaving' | 'draining';

async function answer(parts: ServiceParts, exchange: Exchange, phase: Phase): Promise<Reply | undefined> {
  const route = findRoute(exchange.path, parts.tokens);
  exchange.note.door = route.door;
  if (route.door === 'health') return health(parts, route.name, phase);
  parts.guard.check(exchange.request);
  if (route.door === 'none')
    throw badRequest(
      404,
      'There is nothing here',
      'MCP is at /mcp, REST at /v1/<operation>, its description at /openapi.json.',
    );
  requireMethod(exchange.request, route.door === 'document' ? ['GET', 'HEAD'] : ['POST']);
  if (route.door === 'document') return route.reply();
  if (phase === 'draining') throw overloaded(503, 'The server is going down', 5);
  return answerKnown(parts, exchange, route);
}

let openApiText: string | undefined;

function openApiReply(): Reply {
  openApiText ??= JSON.stringify(openApi(SHARED));
  return { status: 200, headers: JSON_TYPE, body: openApiText };
}

type Route =
  | { readonly door: 'health'; readonly name: 'livez' | 'readyz' }
  | { readonly door: 'document'; readonly reply: () => Reply }
  | { readonly door: 'mcp'; readonly repository?: string }
  | { readonly door: 'rest'; readonly operation: string }
  | { readonly door: 'none' };

function findRoute(path: string, tokens: TokenVerifier | undefined): Route {
  if (path === '/mcp') return { door: 'mcp' };
  if (path === '/livez' || path === '/healthz') return { door: 'health', name: 'livez' };
  if (path === '/readyz') return { door: 'health', name: 'readyz' };
  if (path === '/openapi.json') return { door: 'document', reply: openApiReply };
  if (tokens?.metadataPaths.includes(path) === true)
    return { door: 'document', reply: () => jsonReply(200, tokens.metadata) };
  const [, repository] = /^\/mcp\/([\w.-]{1,64})$/.exec(path) ?? [];
  if (repository !== undefined) return { door: 'mcp', repository };
  const [, operation] = /^\/v1\/([a-z_]{1,40})$/.exec(path) ?? [];
  return operation === undefined ? { door: 'none' } : { door: 'rest', operation };
}

/** Says nothing about repositories: a probe has no key. */
function health({ trouble, unready }: ServiceParts, name: 'livez' | 'readyz', phase: Phase): Reply {
  if (name === 'livez') return jsonReply(200, { status: 'alive' });
  const problem = phase !== 'serving' ? 'going down' : (trouble() ?? unready());
  return problem === undefined ? jsonReply(200, { status: 'ready' }) : jsonReply(503, { status: problem });
}

async function answerKnown(
  parts: ServiceParts,
  exchange: Exchange,
  route: Route & { readonly door: 'mcp' | 'rest' },
): Promise<Reply | undefined> {
  // Before anything is looked up or verified for somebody who cannot be served now.
  parts.limits.room();
  const principal = await parts.authenticator.check(exchange.request, exchange.remote);
  const known: KnownExchange = Object.assign(exchange, { principal });
  const trouble = parts.trouble();
  if (trouble !== undefined)
    throw new UserError('state_unusable', `The server cannot answer now: ${trouble}`, 'Try again later.');
  const leave = parts.limits.enter(principal.id);
  try {
    const body = await readBody(exchange.request, parts.bodyLimits);
    exchange.note.requestBytes = body.bytes;
    let needed: Scope = 'read';
    const authorize = (scope: Scope): void => {
      needed = scope;
      requireScope(principal, scope);
    };
    const challenge = (error: SafeError): Reply =>
      errorReply(403, error, { 'www-authenticate': parts.authenticator.challenge(needed) });
    const workspaces = parts.repositories.viewOf({
      mayRead: (name) => mayRead(principal, name),
      onChosen: (names) => {
        if (names.length === 1) exchange.note.repository = names[0];
        else exchange.note.repositories = names;
      },
    });
    const { log } = parts;
    if (route.door === 'mcp') {
      exchange.rpcId = body.value['id'];
      const surface = surfaceOf(route.repository, workspaces, log);
      return await parts.mcp.answer({ exchange: known, message: body.value, surface, authorize, challenge });
    }
    const operation = SHARED.find(({ name }) => name === route.operation);
    if (operation === undefined)
      throw badRequest(
        404,
        'There is no such operation',
        `There are: ${SHARED.map(({ name }) => name).join(', ')}.`,
      );
    return await answerRest({
      exchange: known,
      operation,
      args: body.value,
      workspaces,
      authorize,
      challenge,
      log,
    });
  } finally {
    leave();
  }
}

/** `/mcp` offers all that the asker may read; `/mcp/<name>` one, as a server over standard input and output does. */
function surfaceOf(
  repository: string | undefined,
  workspaces: WorkspaceProvider,
  log: ServiceParts['log'],
): McpSurface {
  if (repository === undefined)
    return { tools: SHARED_TOOLS, instructions: SHARED_INSTRUCTIONS, workspaces, log };
  const one = workspaces.repositories?.choose(repository) ?? workspaces;
  return { tools: TOOLS, instructions: INSTRUCTIONS, workspaces: one, log };
}

function requireMethod({ method = '' }: IncomingMessage, allowed: readonly string[]): void {
  if (allowed.includes(method)) return;
  throw new Refusal(
    405,
    { code: 'invalid_argument', message: 'Method not allowed', advice: `Use ${allowed[0]}.` },
    { headers: { allow: allowed.join(', ') } },
  );
}

function makeExchange(
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
  parts: Pick<ServiceParts, 'observers' | 'log'>,
): Exchange {
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  const note: Note = {};
  return {
    id,
    request,
    response,
    path,
    remote: request.socket.remoteAddress ?? 'unknown',
    signal,
    note,
    streaming() {
      note.isStream = true;
      tell(parts, (observer) => observer.streaming?.());
    },
    observed: (meta, work) =>
      inside(
        parts.observers.map(({ aroundCall }) => aroundCall && ((inner) => aroundCall({ id, meta }, inner))),
        work,
      ),
  };
}

function observed<T>(
  observers: readonly RequestObserver[],
  { id, request, note }: Exchange,
  work: () => Promise<T>,
): Promise<T> {
  const start = { id, method: request.method ?? '', headers: request.headers, note };
  return inside(
    observers.map(({ around }) => around && ((inner) => around(start, inner))),
    work,
  );
}

type Work<T> = () => Promise<T>;

/** The first is the outermost. */
function inside<T>(
  wrappers: readonly (((inner: Work<T>) => Promise<T>) | undefined)[],
  work: Work<T>,
): Promise<T> {
  return wrappers.reduceRight<Work<T>>((inner, wrap) => (wrap ? () => wrap(inner) : inner), work)();
}

/** What was thrown, as the door words it. */
function refusalReply(
  exchange: Exchange,
  error: unknown,
  { log, bodyLimits }: Pick<ServiceParts, 'log' | 'bodyLimits'>,
): Reply {
  const refusal = error instanceof Refusal ? error : undefined;
  const safe = refusal ?? toSafeError(error, log);
  exchange.note.error = safe.code;
  const status = refusal?.status ?? statusOf(safe);
  const headers = {
    ...refusal?.headers,
    ...(!isReadAnyway(exchange.request, bodyLimits) && { connection: 'close' }),
  };
  if (exchange.note.door !== 'mcp') return errorReply(status, safe, headers);
  const code = refusal?.rpcCode ?? (safe.code === 'internal' ? RPC.internal : RPC.refused);
  const text = `${safe.message.replace(/[.\s]+$/, '')} — ${safe.advice}`;
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json' },
    body: rpcError(exchange.rpcId, code, text),
  };
}

/**
 * Whether the rest of a refused body is read and thrown away, so that who behaves keeps his connection: a new one would wait for others to be
 * accepted. Not where its length is unknown or too large; a slow one meets `request_ms`.
 */
function isReadAnyway({ complete, headers }: IncomingMessage, limits: BodyLimits): boolean {
  return complete || Number(headers['content-length'] ?? Number.NaN) <= limits.body_bytes;
}

/** What watches a request must not end it, nor the process. */
function tell(
  { observers, log }: Pick<ServiceParts, 'observers' | 'log'>,
  message: (observer: RequestObserver) => void,
): void {
  for (const observer of observers) {
    try {
      message(observer);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log(`an observer failed: ${message}`, { id: 'observer', error });
    }
  }
}

function finish(parts: ServiceParts, exchange: Exchange, ms: number): void {
  const { note, response, id, remote } = exchange;
  const cancelled = exchange.signal.aborted && !response.writableFinished;
  const principal = (exchange as Partial<KnownExchange>).principal?.id;
  const error = note.error ?? (response.statusCode >= 500 ? 'internal' : undefined);
  tell(parts, (observer) =>
    observer.ended?.({
      requestBytes: 0,
      responseBytes: 0,
      ...note,
      id,
      door: note.door ?? 'none',
      remote,
      principal,
      status: response.statusCode,
      outcome: cancelled ? 'cancelled' : outcomeOf(error),
      error,
      ms,
    }),
  );
}
