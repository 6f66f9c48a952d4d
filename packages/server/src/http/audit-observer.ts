/** Ends of requests -> records of the audit log. */
import type { AuditEvent } from '../access/audit-chain.ts';
import type { AuditLog } from '../access/audit-log.ts';
import type { RequestEnd, RequestObserver } from '../observe/request-events.ts';

/** What reads or changes something; negotiation and lists say nothing about anybody. */
const UNRECORDED = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'resources/templates/list',
  'notifications/initialized',
  'notifications/cancelled',
]);

export interface AuditObserver extends RequestObserver {
  /** Writes what was counted and not told yet. */
  close(): void;
}

interface Counted {
  count: number;
  readonly timer: NodeJS.Timeout;
  readonly event: AuditEvent;
}

/** Refusals of one asker in this time are told as a number, after the first. */
const COUNTED_MS = 10_000;

/**
 * Writes a record of each call. Of those that were refused because there were too many, not each: a client that does not listen would fill the
 * disk, and a server without an audit log serves nobody.
 */
export function auditObserver(audit: Pick<AuditLog, 'write'>): AuditObserver {
  const counted = new Map<string, Counted>();
  const tell = (key: string): void => {
    const { count = 0, timer, event } = counted.get(key) ?? {};
    clearTimeout(timer);
    counted.delete(key);
    if (count > 0) audit.write({ ...event, count });
  };
  const isCounted = ({ outcome, principal, status, error }: RequestEnd): boolean => {
    if (outcome !== 'limited') return false;
    const key = `${principal} ${status}`;
    const known = counted.get(key);
    if (known !== undefined) {
      known.count++;
      return true;
    }
    const timer = setTimeout(() => tell(key), COUNTED_MS).unref();
    counted.set(key, { count: 0, timer, event: { event: 'refused', principal, error, status } });
    return false;
  };
  return {
    ended(end: RequestEnd) {
      const { id, principal, door, rpcMethod, operation, repository, repositories } = end;
      const { outcome, error, status, ms, remote } = end;
      if (principal === undefined || (rpcMethod !== undefined && UNRECORDED.has(rpcMethod))) return;
      if (isCounted(end)) return;
      audit.write({
        event: 'call',
        request: id,
        principal,
        door,
        method: rpcMethod,
        operation,
        repository,
        repositories: repositories?.join(','),
        outcome,
        error,
        status,
        ms: Math.round(ms),
        remote,
      });
    },
    close() {
      for (const key of [...counted.keys()]) tell(key);
    },
  };
}
