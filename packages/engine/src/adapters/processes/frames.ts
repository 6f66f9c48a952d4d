/** Messages on a stream of bytes: a byte that says what, four that say how long, then as many. Knows no process. */
import type { Socket } from 'node:net';

export const FRAME = {
  /** To the starter: a command as JSON. */
  run: 1,
  input: 2,
  inputEnd: 3,
  kill: 4,
  /** From it. */
  ready: 5,
  output: 6,
  /** How it ended, as JSON. */
  end: 7,
} as const;

const HEAD = 5;

/** Like `write` of a stream: false where the other side reads more slowly. */
export function sendFrame(
  channel: Socket,
  type: number,
  body: Uint8Array | string = '',
  sent?: () => void,
): boolean {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const head = Buffer.alloc(HEAD);
  head[0] = type;
  head.writeUInt32LE(bytes.length, 1);
  if (bytes.length === 0) return channel.write(head, sent);
  channel.write(head);
  return channel.write(bytes, sent);
}

/** Calls `take` for each whole frame. Both ends are ours: lengths are believed. */
export function readFrames(channel: Socket, take: (type: number, body: Buffer) => void): void {
  let rest: Buffer[] = [];
  let length = 0;
  channel.on('data', (bytes: Buffer) => {
    rest.push(bytes);
    length += bytes.length;
    let whole: Buffer | undefined;
    for (;;) {
      if (length < HEAD) break;
      whole ??= rest.length === 1 ? (rest[0] as Buffer) : joined(rest);
      const size = wanted(whole);
      if (length < size) break;
      const frame = whole.subarray(0, size);
      whole = whole.subarray(size);
      length -= size;
      rest = [whole];
      take(frame[0] as number, frame.subarray(HEAD));
    }
    if (whole) rest = length > 0 ? [whole] : [];
  });
}

const wanted = (bytes: Buffer) => HEAD + bytes.readUInt32LE(1);
const joined = (parts: readonly Buffer[]) => Buffer.concat(parts);
