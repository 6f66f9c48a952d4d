/**
 * Lines of a server's log to where they go. A log that takes nothing (a full disk, a reader that is slow or gone) never holds up or ends the
 * server: lines wait, and beyond a bound they are lost and counted; the count is told when lines are taken again. Knows no format.
 */
export interface LogWriter {
  readonly write: (line: string) => void;
  /** Tries at once, whatever comes of it. For the end of a process. */
  readonly flush: () => void;
  /** Gives what waits a moment to leave. */
  close(): Promise<void>;
}

export interface LogWriterParts {
  /** Takes some of it at once, and says how many bytes. @throws whatever the system says */
  readonly put: (data: Uint8Array) => number;
  /** The line that tells of lost ones. */
  readonly wordLoss: (lines: number, reason: string) => string;
  readonly maxWaitingBytes?: number;
  readonly retryMs?: number;
}

const MAX_WAITING_BYTES = 1 << 20;
const RETRY_MS = 100;
const CLOSE_MS = 1_000;

export function openLogWriter({
  put,
  wordLoss,
  maxWaitingBytes = MAX_WAITING_BYTES,
  retryMs = RETRY_MS,
}: LogWriterParts): LogWriter {
  const waiting: Buffer[] = [];
  let waitingBytes = 0;
  let lost = 0;
  let reason = '';
  let timer: NodeJS.Timeout | undefined;

  const add = (line: string): void => {
    const data = Buffer.from(line);
    waiting.push(data);
    waitingBytes += data.length;
  };
  /** What is left begins where the last byte was taken, so that no half line is followed by another. */
  const flush = (): void => {
    try {
      while (waiting[0] !== undefined) {
        const taken = put(waiting[0]);
        waitingBytes -= taken;
        waiting[0] = waiting[0].subarray(taken);
        if (waiting[0].length === 0) waiting.shift();
        if (waiting.length === 0 && lost > 0) {
          add(wordLoss(lost, reason));
          lost = 0;
        }
      }
    } catch (error) {
      reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
      timer ??= setTimeout(() => {
        timer = undefined;
        flush();
      }, retryMs).unref();
    }
  };
  return {
    write(line) {
      if (waitingBytes + line.length > maxWaitingBytes) lost++;
      else add(line);
      if (timer === undefined) flush();
    },
    flush,
    async close() {
      const end = performance.now() + CLOSE_MS;
      for (flush(); waiting.length > 0 && performance.now() < end; flush())
        await new Promise((resolve) => setTimeout(resolve, 10));
      clearTimeout(timer);
    },
  };
}
