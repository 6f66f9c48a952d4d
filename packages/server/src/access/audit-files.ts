/**
 * The audit folder as a whole: proves every file and the links between them, and appends single records (changes of
 * keys) to `admin.jsonl`, whose one writer at a time is whoever holds the transaction of the key store.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { AuditEvent, ChainReport } from './audit-chain.ts';
import { chainLine, verifyChain } from './audit-chain.ts';

const ADMIN_FILE = 'admin.jsonl';

export interface AuditFileReport {
  readonly file: string;
  readonly records: number;
  /** Hash of the last proven record: note it elsewhere, and a later cut of the file shows. */
  readonly head: string;
  readonly fault: string | undefined;
}

export function verifyAudit(folder: string): readonly AuditFileReport[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
  const reports = new Map(names.map((name) => [name, verifyChain(readFileSync(join(folder, name), 'utf8'))]));
  return [...reports].map(([file, report]) => ({
    file,
    records: report.head.n,
    head: report.head.hash,
    fault: report.fault ?? linkFault(report, reports),
  }));
}

function linkFault({ first }: ChainReport, reports: ReadonlyMap<string, ChainReport>): string | undefined {
  const file = first?.['after_file'];
  if (typeof file !== 'string') return undefined;
  const linked = reports.get(file);
  if (linked === undefined) return `follows ${file}, which is gone`;
  return linked.hashes.has(String(first?.['after_hash']))
    ? undefined
    : `follows a record of ${file} that is not there any more`;
}

/** @throws UserError state_unusable; also when the file was tampered with */
export function appendAdminRecord(folder: string, event: AuditEvent, now: Date): void {
  const file = join(folder, ADMIN_FILE);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { head, fault } = verifyChain(existsSync(file) ? readFileSync(file, 'utf8') : '');
  if (fault !== undefined)
    throw new UserError(
      'state_unusable',
      `The audit log ${file} is damaged: ${fault}`,
      'Keep the file as evidence under another name, then repeat the command.',
    );
  appendFileSync(file, chainLine(head, now, event).line, { mode: 0o600, flush: true });
}
