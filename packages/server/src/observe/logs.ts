/**
 * Logs of a shared server: one JSON line an event on standard output, or plain lines for a person at a terminal. No query, no path
 * of a repository, no key: requests are told by what `RequestEnd` holds, and what looks like a secret is redacted on the way out.
 */
import { createHash } from 'node:crypto';
import { hideSecrets } from '@conexus/engine';
import pino from 'pino';
import { LOG_LEVELS, type LogLevel, type LogSettings } from '../config/observe-settings.ts';
import { VERSION } from '../version.ts';
import type { RequestEnd, RequestObserver } from './request-events.ts';

export interface Logs {
  /** A line for operators. */
  readonly line: (text: string) => void;
  readonly requests: RequestObserver;
}

const REDACTED = ['authorization', 'cookie', 'token', 'password', 'secret', 'key', 'args', 'query'];

/** Failures first, then what is worth a look, then the rest. Probes would drown everything else. */
function levelOf({ outcome, door }: RequestEnd): LogLevel {
  if (outcome === 'internal') return 'error';
  if (outcome === 'timeout' || outcome === 'denied' || outcome === 'limited') return 'warn';
  return door === 'health' ? 'debug' : 'info';
}

/** `write` gets whole lines. */
export function makeLogs({ format, level }: LogSettings, write: (line: string) => void): Logs {
  if (format === 'text') return textLogs(level, write);
  const logger = pino(
    {
      level,
      base: { service: 'conexus', version: VERSION },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: [...REDACTED, ...REDACTED.map((name) => `*.${name}`)], censor: '[redacted]' },
    },
    { write: (line) => write(hideSecrets(line)) },
  );
  return {
    line: (text) => logger.info({ event: 'server' }, text),
    requests: { ended: (end) => logger[levelOf(end)](requestFields(end), 'request') },
  };
}

function textLogs(level: LogLevel, write: (line: string) => void): Logs {
  const isShown = (wanted: LogLevel) => LOG_LEVELS.indexOf(wanted) >= LOG_LEVELS.indexOf(level);
  const line = (text: string) => write(hideSecrets(`conexus: ${text}\n`));
  return {
    line,
    requests: {
      // A person at a terminal wants to see what goes wrong, not each call.
      ended(end) {
        const wanted = levelOf(end);
        if (wanted !== 'info' && wanted !== 'debug' && isShown(wanted))
          line(
            `${end.operation ?? end.door} ${end.outcome} ${end.status} ${Math.round(end.ms)} ms (${end.id})`,
          );
      },
    },
  };
}

function requestFields(end: RequestEnd): Record<string, unknown> {
  return {
    event: 'request',
    request_id: end.id,
    trace_id: end.traceId,
    door: end.door,
    method: end.rpcMethod,
    tool: end.operation,
    repository: end.repository,
    repositories: end.repositories,
    outcome: end.outcome,
    error: end.error,
    status: end.status,
    duration_ms: Math.round(end.ms * 100) / 100,
    request_bytes: end.requestBytes,
    response_bytes: end.responseBytes,
    principal_hash: end.principal === undefined ? undefined : hashOf(end.principal),
  };
}

const hashOf = (principal: string) => createHash('sha256').update(principal).digest('hex').slice(0, 12);
