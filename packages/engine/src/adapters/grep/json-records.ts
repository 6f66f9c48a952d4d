/**
 * Splits ripgrep's JSON lines without holding a long one: a match in a minified file may be many megabytes, most of it one
 * line's text and the places of its hits. Keeps the head of each record and finds the line number behind it.
 */
import type { GrepMatch } from '../../ports/grep.ts';

/** Bytes kept of one record: more than any path and any text that is shown. */
const MAX_HEAD = 64 * 1024;
const LINE_KEY = Buffer.from('"line_number":');
const NEWLINE = 10;
/** Bytes of a record's end that are kept while it streams, so that a key cut in two is found. */
const OVERLAP = 64;

export interface RecordSplitter {
  push(chunk: Buffer): void;
}

/** Calls `onRecord` for each full line. `lineNumber` is set when the record was too long to keep. */
export function splitRecords(
  onRecord: (head: Buffer, lineNumber: number | undefined) => void,
): RecordSplitter {
  let parts: Buffer[] = [];
  let kept = 0;
  let dropped: Buffer | undefined;
  let lineNumber: number | undefined;

  const take = (piece: Buffer): void => {
    const room = MAX_HEAD - kept;
    if (room > 0) {
      parts.push(piece.subarray(0, room));
      kept += Math.min(room, piece.length);
    }
    if (piece.length <= room) return;
    const tail = room > 0 ? piece.subarray(room) : piece;
    // The key may begin in what was kept.
    const before = dropped ?? Buffer.concat(parts).subarray(-OVERLAP);
    const seen = Buffer.concat([before, tail]);
    lineNumber ??= numberAfterKey(seen);
    dropped = Buffer.from(seen.subarray(-OVERLAP));
  };

  return {
    push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        take(chunk.subarray(start, end));
        onRecord(Buffer.concat(parts), dropped === undefined ? undefined : (lineNumber ?? 0));
        parts = [];
        kept = 0;
        dropped = undefined;
        lineNumber = undefined;
        start = end + 1;
      }
      take(chunk.subarray(start));
    },
  };
}

/** Inside a JSON string the quote of the key would be escaped, so these bytes are the key itself. */
function numberAfterKey(bytes: Buffer): number | undefined {
  const at = bytes.indexOf(LINE_KEY);
  if (at === -1) return undefined;
  const digits = /^(\d+)[,}]/.exec(bytes.toString('latin1', at + LINE_KEY.length, at + LINE_KEY.length + 16));
  return digits === null ? undefined : Number(digits[1]);
}

interface MatchRecord {
  readonly type: string;
  readonly data: {
    readonly path?: { readonly text?: string };
    readonly lines?: { readonly text?: string; readonly bytes?: string };
    readonly line_number?: number | null;
  };
}

/** The match a record tells of; undefined for other records and for paths that are no valid UTF-8. */
export function toMatch(
  head: Buffer,
  lineNumber: number | undefined,
  maxText: number,
): GrepMatch | undefined {
  if (lineNumber !== undefined) return fromHead(head.toString('utf8'), lineNumber, maxText);
  const record = JSON.parse(head.toString('utf8')) as MatchRecord;
  const path = record.data.path?.text;
  if (record.type !== 'match' || path === undefined) return undefined;
  const { text, bytes } = record.data.lines ?? {};
  const shown = text ?? Buffer.from(bytes ?? '', 'base64').toString('utf8');
  return { path: workspacePath(path), line: record.data.line_number ?? 0, text: trimLine(shown, maxText) };
}

const LONG_MATCH =
  /^\{"type":"match","data":\{"path":\{"text":("(?:[^"\\]|\\.)*")\},"lines":\{"(text|bytes)":"/;

/** Reads a record of which only the beginning was kept. */
function fromHead(head: string, line: number, maxText: number): GrepMatch | undefined {
  const start = LONG_MATCH.exec(head);
  if (start === null) return undefined;
  const path = JSON.parse(start[1] as string) as string;
  // Cut where no escape is cut in two: each takes at most six characters (`\u0000`).
  const raw = head.slice(start[0].length, start[0].length + maxText * 6);
  const text =
    start[2] === 'bytes'
      ? Buffer.from(raw.slice(0, maxText * 4), 'base64').toString('utf8')
      : unescapePrefix(raw);
  return { path: workspacePath(path), line, text: trimLine(text, maxText) };
}

function unescapePrefix(raw: string): string {
  const whole = /^(?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*/.exec(raw)?.[0] ?? '';
  return JSON.parse(`"${whole}"`) as string;
}

function workspacePath(path: string): string {
  const plain = path.startsWith('./') || path.startsWith('.\\') ? path.slice(2) : path;
  return process.platform === 'win32' ? plain.replaceAll('\\', '/') : plain;
}

/** The first line, without its end, at most `maxText` characters; never half a surrogate pair. */
function trimLine(text: string, maxText: number): string {
  const first = /^[^\n]*/.exec(text)?.[0] ?? '';
  const line = first.endsWith('\r') ? first.slice(0, -1) : first;
  if (line.length <= maxText) return line;
  const cut = line.slice(0, maxText);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
