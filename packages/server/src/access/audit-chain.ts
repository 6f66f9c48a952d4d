/**
 * Records of the audit log as lines, each holding the hash of the one before: a changed, removed or moved line breaks
 * the chain. Computation only. What a chain cannot show: lines cut off at the end, and a chain that somebody with the
 * rights to write the file has computed anew; for that the head is noted elsewhere (`conexus audit verify` prints it).
 *
 * A line: {"n":7,"at":"2026-11-23T08:00:00.000Z",…,"prev":"<hash of line 6>","hash":"<SHA-256 of the line without it>"}
 */
import { createHash } from 'node:crypto';

export type AuditEvent = Readonly<Record<string, string | number | boolean | Links | undefined>>;

/** Files that one goes on from, each with the hash of its last record then. */
export type Links = Readonly<Record<string, string>>;

export interface ChainHead {
  readonly n: number;
  readonly hash: string;
}

export const EMPTY_CHAIN: ChainHead = { n: 0, hash: '0'.repeat(64) };

const HASH_END = /,"hash":"([0-9a-f]{64})"\}$/;

export function chainLine(
  head: ChainHead,
  at: Date,
  event: AuditEvent,
): { readonly line: string; readonly head: ChainHead } {
  const n = head.n + 1;
  const record = JSON.stringify({ n, at: at.toISOString(), ...event, prev: head.hash });
  const hash = sha256(record);
  return { line: `${record.slice(0, -1)},"hash":"${hash}"}\n`, head: { n, hash } };
}

export interface ChainReport {
  readonly head: ChainHead;
  /** First fault, with its line; what follows cannot be judged. */
  readonly fault: string | undefined;
  /** Hash of each record that is proven. */
  readonly hashes: ReadonlySet<string>;
  readonly links: Links;
  /** The last record says that the log was closed. */
  readonly isClosed: boolean;
}

export const CLOSED = 'log closed';

export function verifyChain(text: string): ChainReport {
  let head = EMPTY_CHAIN;
  const hashes = new Set<string>();
  let links: Links = {};
  let isClosed = false;
  const report = (fault: string | undefined): ChainReport => ({ head, fault, hashes, links, isClosed });
  const lines = text.split('\n');
  const last = lines.pop();
  for (const line of lines) {
    const number = head.n + 1;
    const [, hash] = HASH_END.exec(line) ?? [];
    if (hash === undefined) return report(`line ${number} is no record`);
    const record = line.replace(HASH_END, '}');
    if (sha256(record) !== hash) return report(`line ${number} was changed`);
    const fields = fieldsOf(record);
    if (fields === undefined) return report(`line ${number} is no record`);
    if (fields['n'] !== number || fields['prev'] !== head.hash)
      return report(`a line is missing or moved before line ${number}`);
    head = { n: number, hash };
    if (number === 1) links = linksOf(fields);
    isClosed = fields['event'] === CLOSED;
    hashes.add(hash);
  }
  return report(last === '' ? undefined : `line ${head.n + 1} is cut off`);
}

/** Whoever may write the file may write anything with a hash that fits. */
function fieldsOf(record: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(record);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Of the first record of a file; an older form names one file. */
export function linksOf({ after, after_file, after_hash }: Readonly<Record<string, unknown>>): Links {
  if (typeof after_file === 'string') return { [after_file]: String(after_hash) };
  const entries = typeof after === 'object' && after !== null ? Object.entries(after) : [];
  return Object.fromEntries(entries.map(([file, hash]) => [file, String(hash)]));
}

/** What begins and ends a file, without proving what is between. */
export function edgesOf(
  begin: string,
  end: string,
): { readonly links: Links; readonly last: string | undefined } {
  const [line = ''] = begin.split('\n', 1);
  const [, last] = HASH_END.exec(end.trimEnd()) ?? [];
  return { links: linksOf(fieldsOf(line) ?? {}), last };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
