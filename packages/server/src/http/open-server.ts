/** Puts a shared server together: repositories, keys, audit log, service, listener; closes them in the right order. Knows no process. */
import type { AuditLog } from '../access/audit-log.ts';
import { auditFolder, openAuditLog } from '../access/audit-log.ts';
import type { KeyStore } from '../access/key-store.ts';
import { keyStoreFile, openKeyStore } from '../access/key-store.ts';
import { isLoopback } from '../config/serve-faults.ts';
import type { ServeSettings } from '../config/serve-settings.ts';
import type { Settings } from '../config/settings.ts';
import { type DefectLog, invalidArgument } from '../errors.ts';
import type { ProtocolExtension } from '../mcp/protocol-extension.ts';
import type { Observation } from '../observe/observation.ts';
import type { RequestObserver } from '../observe/request-events.ts';
import { plural } from '../render/text.ts';
import { openAnswerCache } from '../workspaces/answer-cache.ts';
import type { EngineLoader } from '../workspaces/load-engine.ts';
import { openRepositories } from '../workspaces/repositories.ts';
import { auditObserver } from './audit-observer.ts';
import type { Authenticator, Denial } from './authenticate.ts';
import { keyAuthenticator, openAuthenticator } from './authenticate.ts';
import { makeGuard } from './guard.ts';
import { makeLimits } from './limits.ts';
import type { Listener } from './listener.ts';
import { listen } from './listener.ts';
import { openLoopTurns } from './loop-turns.ts';
import { makeMcpEndpoint } from './mcp-endpoint.ts';
import type { TokenVerifier } from './oauth.ts';
import { makeTokenVerifier } from './oauth.ts';
import { makeService } from './service.ts';

export interface OpenServer {
  readonly url: string;
  readonly port: number;
  readonly auth: 'keys' | 'none';
  /** How many keys can be used now. */
  readonly keys: number;
  /** Where metrics are offered. */
  readonly metrics: string | undefined;
  close(): Promise<void>;
}

export interface ServerParts {
  readonly settings: Settings;
  readonly serve: ServeSettings;
  readonly loadEngine: EngineLoader;
  readonly log: DefectLog;
  /** Metrics, traces and logs. */
  readonly observation?: Observation;
  readonly observers?: readonly RequestObserver[];
  readonly extension?: ProtocolExtension;
  /** How often the TLS files are looked at; default: twice a minute. */
  readonly tlsPollMs?: number;
}

/** Time for an answer that passed its own deadline to leave, before the connection is cut. */
const HARD_MARGIN_MS = 5_000;

/** @throws UserError invalid_argument, state_unusable */
export async function openServer(parts: ServerParts): Promise<OpenServer> {
  const { settings, serve, log } = parts;
  const keys = openKeyStore(keyStoreFile(settings.home));
  const usable = usableKeys(keys);
  const isOpen = isLoopback(serve.host) && keys.list().length === 0 && serve.oauth === undefined;
  const auth = serve.auth ?? (isOpen ? 'none' : 'keys');
  let audit: AuditLog | undefined;
  try {
    const tokens = serve.oauth === undefined ? undefined : makeTokenVerifier(serve.oauth, log);
    if (auth === 'keys' && usable === 0 && tokens === undefined) throw noKeys();
    audit = (serve.audit ?? auth === 'keys') ? await openAuditLog(auditFolder(settings.home)) : undefined;
    const opened = await openListener(parts, { keys, tokens, audit }, auth);
    audit?.write({ event: 'server started', host: serve.host, port: opened.listener.port, auth });
    const noted = audit && noteHeads(audit, log);
    return {
      url: opened.listener.url,
      port: opened.listener.port,
      auth,
      keys: usable,
      metrics: opened.metrics,
      async close() {
        await opened.close();
        await audit?.close();
        noted?.();
        keys.close();
      },
    };
  } catch (error) {
    await audit?.close().catch((failure: unknown) => log(String(failure)));
    keys.close();
    throw error;
  }
}

/** A look-up of a key that is none. */
function keysTrouble(keys: KeyStore, log: DefectLog): string | undefined {
  try {
    keys.find('');
    return undefined;
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    return 'the keys cannot be read';
  }
}

const NOTE_MS = 600_000;

/** The log is kept elsewhere, as a rule: what it says of the audit log shows a later cut. Returns how to note the last one. */
function noteHeads(audit: AuditLog, log: DefectLog): () => void {
  let noted = 0;
  const note = (): void => {
    const { file, records, hash } = audit.head;
    if (records !== noted) log(`audit log ${file}: ${plural(records, 'record')}, head ${hash}`);
    noted = records;
  };
  const timer = setInterval(note, NOTE_MS).unref();
  return () => {
    clearInterval(timer);
    note();
  };
}

async function openListener(
  { settings, serve, loadEngine, log, observation, observers = [], extension, tlsPollMs }: ServerParts,
  access: AccessParts,
  auth: 'keys' | 'none',
): Promise<OpenListener> {
  const { audit } = access;
  const turns = openLoopTurns();
  const load: EngineLoader = (given) =>
    loadEngine(given, {
      observer: observation?.engine,
      turn: turns.take,
      questionThreads: serve.queryThreads,
    });
  const cache = serve.cacheBytes === 0 ? undefined : openAnswerCache(serve.cacheBytes, observation?.cache);
  const onHidden = observation?.hidden;
  const repositories = openRepositories(settings, serve.repositories, load, {
    log,
    onHidden,
    cache,
    lanes: {
      threads: serve.queryThreads,
      waitMs: serve.limits.wait_ms,
      ...(observation && { observer: observation.lanes }),
    },
  });
  const mcp = makeMcpEndpoint(log, extension);
  const records = audit && auditObserver(audit);
  const service = makeService({
    repositories,
    guard: makeGuard(serve),
    authenticator: authenticatorOf(auth, access),
    tokens: access.tokens,
    limits: makeLimits(serve.limits),
    bodyLimits: serve.limits,
    mcp,
    observers: [...(observation?.requests ?? []), ...observers, ...(records === undefined ? [] : [records])],
    trouble: () => (audit?.failure === undefined ? undefined : 'the audit log cannot be written'),
    unready: () =>
      (auth === 'keys' ? keysTrouble(access.keys, log) : undefined) ??
      (repositories.noneOpens() ? 'no repository can be opened' : undefined),
    hardDeadlineMs: settings.deadlineMs + HARD_MARGIN_MS,
    idleMs: serve.limits.idle_ms,
    log,
  });
  try {
    const listener = await listen(serve, service, { onArrival: turns.arrived, log, tlsPollMs });
    const metrics = await observation
      ?.listen({
        names: repositories.names,
        statuses: repositories.statuses,
        connections: listener.connections,
        certificateEnds: listener.certificateEnds,
        auditFails: () => audit?.failure !== undefined,
      })
      .catch(async (error: unknown) => {
        await listener.close();
        throw error;
      });
    void repositories.warmUp();
    return {
      listener,
      metrics,
      async close() {
        await listener.close();
        records?.close();
        await mcp.close();
        await repositories.close();
      },
    };
  } catch (error) {
    await repositories.close();
    throw error;
  }
}

interface OpenListener {
  readonly listener: Listener;
  readonly metrics: string | undefined;
  close(): Promise<void>;
}

interface AccessParts {
  readonly keys: KeyStore;
  readonly tokens: TokenVerifier | undefined;
  readonly audit: AuditLog | undefined;
}

function authenticatorOf(auth: 'keys' | 'none', { keys, tokens, audit }: AccessParts): Authenticator {
  const onDenied = ({ reason, key, remote }: Denial): void =>
    audit?.write({ event: 'denied', reason, key, remote });
  return auth === 'keys' ? keyAuthenticator(keys, tokens, onDenied) : openAuthenticator(onDenied);
}

function usableKeys(keys: KeyStore): number {
  const now = Date.now();
  return keys
    .list()
    .filter(
      ({ revokedAt, expiresAt }) => revokedAt === undefined && (expiresAt === undefined || expiresAt > now),
    ).length;
}

function noKeys(): Error {
  return invalidArgument(
    'Keys are needed, and none can be used: nobody could ask this server',
    'Make one: conexus keys create --name ci',
  );
}
