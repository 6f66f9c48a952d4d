/**
 * Defects of a shared server, told to a collector as OTLP log records (JSON over HTTP): off unless an address is configured. Never blocks, never throws,
 * keeps a bounded queue. Holds no text of a request or a repository: see `describe-defect.ts`.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ErrorReportSettings } from '../config/observe-settings.ts';
import type { Defect } from '../errors.ts';
import { VERSION } from '../version.ts';
import { type DefectDescription, describeDefect } from './describe-defect.ts';
import type { RequestEnd, RequestObserver } from './request-events.ts';

export interface ErrorReports {
  /** Remembers which request is worked on, so that its defects can name it. */
  readonly requests: RequestObserver;
  report(defect: Defect): void;
  /** Sends what is waiting, at most for a moment. */
  close(): Promise<void>;
}

/** `suppressed`: the same defect was told a moment ago. `dropped`: the queue was full, or nobody took it. */
export type ReportOutcome = 'sent' | 'suppressed' | 'dropped';

interface Parts {
  readonly log: (line: string) => void;
  readonly count?: (outcome: ReportOutcome, reports: number) => void;
  readonly now?: () => number;
}

interface Report {
  readonly at: number;
  readonly id: string;
  readonly defect: DefectDescription;
  /** The same, seen since the last report of it. */
  readonly suppressed: number;
  readonly request: Seen | undefined;
}

type Seen = {
  readonly id: string;
  readonly note: Partial<Pick<RequestEnd, 'operation' | 'repository' | 'traceId'>>;
};

const MAX_WAITING = 100;
/** The same defect is told once in this time. */
const QUIET_MS = 60_000;
const MAX_KINDS = 200;
const SEND_MS = 5_000;
const RETRY_MS = 2_000;
const CLOSE_MS = 2_000;

export function openErrorReports(
  settings: ErrorReportSettings,
  { log, count = () => undefined, now = Date.now }: Parts,
): ErrorReports {
  const requests = new AsyncLocalStorage<Seen>();
  const kinds = new Map<string, { at: number; suppressed: number }>();
  const waiting: Report[] = [];
  let sending: Promise<void> | undefined;
  let complainedAt = Number.NEGATIVE_INFINITY;

  /** How often the same was seen and not told; undefined: it is to be quiet. */
  const admitted = (kind: string): number | undefined => {
    const before = kinds.get(kind);
    if (before !== undefined && now() - before.at < QUIET_MS) {
      before.suppressed++;
      return undefined;
    }
    kinds.delete(kind);
    kinds.set(kind, { at: now(), suppressed: 0 });
    for (const oldest of kinds.keys()) {
      if (kinds.size <= MAX_KINDS) break;
      kinds.delete(oldest);
    }
    return before?.suppressed ?? 0;
  };

  const attempt = async (reports: readonly Report[]): Promise<string | undefined> => {
    try {
      const response = await fetch(settings.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(settings.authorization !== undefined && { authorization: settings.authorization }),
        },
        body: JSON.stringify(payloadOf(reports)),
        redirect: 'error',
        signal: AbortSignal.timeout(SEND_MS),
      });
      await response.body?.cancel();
      return response.ok ? undefined : `status ${response.status}`;
    } catch (error) {
      // Not its message: it may hold the address with what stands in it.
      return error instanceof Error ? error.name : 'unknown reason';
    }
  };

  const send = async (): Promise<void> => {
    while (waiting.length > 0) {
      const reports = waiting.splice(0);
      let failure = await attempt(reports);
      if (failure !== undefined) {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
        failure = await attempt(reports);
      }
      count(failure === undefined ? 'sent' : 'dropped', reports.length);
      if (failure === undefined || now() - complainedAt < QUIET_MS) continue;
      complainedAt = now();
      log(`error reports cannot be sent (${failure}); the log has the errors`);
    }
  };

  return {
    requests: { around: ({ id, note }, work) => requests.run({ id, note }, work) },
    report({ id, error }) {
      const defect = describeDefect(error);
      const suppressed = admitted(`${defect.type} ${defect.code} ${defect.frames[0]}`);
      if (suppressed === undefined) return count('suppressed', 1);
      if (waiting.length >= MAX_WAITING) return count('dropped', 1);
      waiting.push({ at: now(), id, defect, suppressed, request: requests.getStore() });
      sending ??= send().finally(() => {
        sending = undefined;
      });
    },
    async close() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS).unref());
      await Promise.race([sending, late]);
    },
  };
}

type Attribute = { readonly key: string; readonly value: { readonly stringValue: string } };

function attributes(values: Readonly<Record<string, string | undefined>>): Attribute[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: { stringValue: value } }],
  );
}

/** `resourceLogs` of the OpenTelemetry protocol; names after its conventions for exceptions. */
function payloadOf(reports: readonly Report[]): object {
  const resource = {
    'service.name': 'conexus',
    'service.version': VERSION,
    'process.runtime.version': process.version,
  };
  return {
    resourceLogs: [
      {
        resource: { attributes: attributes(resource) },
        scopeLogs: [{ scope: { name: 'conexus' }, logRecords: reports.map(recordOf) }],
      },
    ],
  };
}

const ERROR_SEVERITY = 17;

function recordOf({ at, id, defect, suppressed, request }: Report): object {
  const { traceId, operation, repository } = request?.note ?? {};
  return {
    timeUnixNano: `${at}000000`,
    severityNumber: ERROR_SEVERITY,
    severityText: 'ERROR',
    body: { stringValue: 'defect' },
    ...(traceId !== undefined && /^[0-9a-f]{32}$/.test(traceId) && { traceId }),
    attributes: attributes({
      'exception.type': defect.type,
      'exception.stacktrace': stackOf(defect),
      'conexus.error_code': defect.code,
      'conexus.error_id': id,
      'conexus.suppressed': String(suppressed),
      'conexus.request_id': request?.id,
      'conexus.operation': operation,
      'conexus.repository': repository,
    }),
  };
}

function stackOf({ type, frames, cause }: DefectDescription): string {
  const own = [type, ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return cause === undefined ? own : `${own}\nCaused by: ${stackOf(cause)}`;
}
