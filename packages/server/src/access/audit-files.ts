/**
 * The audit folder as a whole: proves every file and the links between them, and appends single records (changes of
 * keys) to `admin.jsonl`, whose one writer at a time is whoever holds the transaction of the key store.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { AuditEvent, ChainReport, Links } from './audit-chain.ts';
import { chainLine, edgesOf, verifyChain } from './audit-chain.ts';

const ADMIN_FILE = 'admin.jsonl';

export interface AuditFileReport {
  readonly file: string;
  readonly records: number;
  /** Hash of the last proven record: note it elsewhere, and a later cut of the file shows. */
  readonly head: string;
  /** It does not end as a server ends its file: the server runs, was killed, or lines were cut off. */
  readonly isOpen: boolean;
  readonly fault: string | undefined;
}

export function verifyAudit(folder: string): readonly AuditFileReport[] {
  const reports = new Map(filesOf(folder).map((name) => [name, verifyFile(join(folder, name))]));
  return [...reports].map(([file, report]) => ({
    file,
    records: report.head.n,
    head: report.head.hash,
    isOpen: file !== ADMIN_FILE && !report.isClosed,
    fault: report.fault ?? linkFault(report, reports),
  }));
}

/** Names sort by time. */
function filesOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
}

function verifyFile(path: string): ChainReport {
  try {
    return verifyChain(readFileSync(path, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    return { ...verifyChain(''), fault: `cannot be read (${code})` };
  }
}

function linkFault({ links }: ChainReport, reports: ReadonlyMap<string, ChainReport>): string | undefined {
  for (const [file, hash] of Object.entries(links)) {
    const linked = reports.get(file);
    if (linked === undefined) return `follows ${file}, which is gone`;
    if (!linked.hashes.has(hash)) return `follows a record of ${file} that is not there any more`;
  }
  return undefined;
}

/** In the first record of a file: with more servers at once than these, the next one that starts names the rest. */
const MAX_LINKS = 64;
/** Longer ones are named by their last line, unproven. */
const MAX_PROVEN_BYTES = 128 << 20;
/** Of a first record with all its links. */
const EDGE_BYTES = 16 << 10;

/**
 * What a new file goes on from: the last record of every file, unless another file names it already. So no file can
 * vanish unseen, whichever servers ran at the same time. A damaged file is named by its last proven record.
 */
export function unlinkedHeads(folder: string): Links {
  const files = filesOf(folder).map((name) => ({ name, ...readEdges(join(folder, name)) }));
  const linked = new Set(
    files.flatMap(({ links }) => Object.entries(links).map(([name, hash]) => `${name} ${hash}`)),
  );
  const open = files.filter(({ name, last }) => last === undefined || !linked.has(`${name} ${last}`));
  const heads: [string, string][] = [];
  for (const { name, last, bytes } of open.toReversed()) {
    if (heads.length === MAX_LINKS) break;
    if (bytes > MAX_PROVEN_BYTES) {
      if (last !== undefined) heads.push([name, last]);
      continue;
    }
    const { head } = verifyFile(join(folder, name));
    if (head.n > 0) heads.push([name, head.hash]);
  }
  return Object.fromEntries(heads.toReversed());
}

function readEdges(path: string): ReturnType<typeof edgesOf> & { readonly bytes: number } {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = fstatSync(file).size;
    return { ...edgesOf(readAt(file, 0), readAt(file, Math.max(0, bytes - EDGE_BYTES))), bytes };
  } catch {
    // `verify` says what is wrong with it.
    return { links: {}, last: undefined, bytes: 0 };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readAt(file: number, position: number): string {
  const buffer = Buffer.alloc(EDGE_BYTES);
  return buffer.toString('utf8', 0, readSync(file, buffer, 0, EDGE_BYTES, position));
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
  appendWhole(file, Buffer.from(chainLine(head, now, event).line));
}

/** All or nothing: half a line would make every later change of a key refused. */
function appendWhole(path: string, data: Uint8Array): void {
  const file = openSync(path, 'a', 0o600);
  try {
    const { size } = fstatSync(file);
    try {
      for (let done = 0; done < data.length; ) done += writeSync(file, data, done);
      fsyncSync(file);
    } catch (error) {
      ftruncateSync(file, size);
      throw error;
    }
  } finally {
    closeSync(file);
  }
}
