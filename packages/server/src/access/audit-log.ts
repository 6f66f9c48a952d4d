/**
 * The audit log of one server process: `state/audit/<start>-<process>.jsonl`, one file a process because a chain has
 * one writer. The first record of a file names other files and their heads, so that a whole file cannot vanish unseen.
 * While the disk takes no records the log says so (`failure`), and the server lets nobody in; what was served until
 * then is kept, refusals beyond a bound are counted. Knows no request.
 */
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open as openFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { AuditEvent, ChainHead, Links } from './audit-chain.ts';
import { CLOSED, chainLine, EMPTY_CHAIN } from './audit-chain.ts';
import { unlinkedHeads } from './audit-files.ts';

export interface AuditLog {
  write(event: AuditEvent): void;
  /** Set while records cannot be written; tried again every second. */
  readonly failure: string | undefined;
  /** The last record on the disk: noted elsewhere, it shows that the file was cut off later. */
  readonly head: { readonly file: string; readonly records: number; readonly hash: string };
  /** What was written so far is on the disk. @throws UserError state_unusable */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_MS = 100;
const RETRY_MS = 1_000;
const MAX_FILE_BYTES = 64 << 20;
/** Records that wait while none can be written. Far more than requests can be in work when that begins: those later are refusals. */
const MAX_WAITING = 10_000;
/** A disk that hangs says nothing. */
const STUCK_MS = 10_000;

export function auditFolder(home: string): string {
  return join(home, 'state', 'audit');
}

/** @throws UserError state_unusable */
export async function openAuditLog(
  folder: string,
  now: () => Date = () => new Date(),
  open: OpenFile = openFile,
  maxFileBytes = MAX_FILE_BYTES,
): Promise<AuditLog> {
  const links = await attempt(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return unlinkedHeads(folder);
  });
  return attempt(folder, () => openLog({ folder, now, open, maxFileBytes }, links));
}

interface Waiting {
  readonly at: Date;
  /** Of the clock that nobody sets. */
  readonly since: number;
  readonly event: AuditEvent;
}

/** Of `node:fs/promises`; exchanged to see what happens when a disk fails. */
export type OpenFile = (path: string, flags: string, mode: number) => Promise<FileHandle>;

interface Place {
  readonly folder: string;
  readonly maxFileBytes: number;
  readonly now: () => Date;
  readonly open: OpenFile;
}

async function openLog(place: Place, links: Links): Promise<AuditLog> {
  const { folder, now } = place;
  let chain = await openChain(place, links);
  let queue: Waiting[] = [];
  let uncounted = 0;
  let failure: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const writeQueue = async (): Promise<void> => {
    if (chain.isFull()) {
      const next = await openChain(place, { [chain.head.file]: chain.head.hash });
      await chain.close();
      chain = next;
    }
    // A copy: records come while these are written.
    const batch = queue.slice();
    if (batch.length === 0) return;
    await chain.append(batch);
    queue = queue.slice(batch.length);
    if (uncounted > 0) {
      queue.push({
        at: now(),
        since: performance.now(),
        event: { event: 'refusals not recorded', count: uncounted },
      });
      uncounted = 0;
      schedule(FLUSH_MS);
    }
  };
  const run = (): Promise<void> => {
    writing = writing.then(async () => {
      try {
        await writeQueue();
        failure = undefined;
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
        schedule(RETRY_MS);
      }
    });
    return writing;
  };
  const schedule = (ms: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void run();
    }, ms).unref();
  };
  const trouble = (): string | undefined => {
    const [oldest] = queue;
    if (failure !== undefined || oldest === undefined) return failure;
    return performance.now() - oldest.since > STUCK_MS ? 'the disk does not answer' : undefined;
  };
  const write = (event: AuditEvent): void => {
    if (queue.length >= MAX_WAITING && trouble() !== undefined) uncounted++;
    else queue.push({ at: now(), since: performance.now(), event });
    schedule(FLUSH_MS);
  };
  return {
    write,
    get failure() {
      return trouble();
    },
    get head() {
      return chain.head;
    },
    async flush() {
      await run();
      if (failure !== undefined) throw unusable(folder, failure);
    },
    async close() {
      write({ event: CLOSED });
      await run();
      clearTimeout(timer);
      await chain.close();
    },
  };
}

interface ChainFile {
  /** All or nothing: what was written of a batch that failed is cut off again, so that the chain stays whole. */
  append(batch: readonly Pick<Waiting, 'at' | 'event'>[]): Promise<void>;
  isFull(): boolean;
  readonly head: AuditLog['head'];
  close(): Promise<void>;
}

async function openChain(place: Place, links: Links): Promise<ChainFile> {
  const at = place.now();
  const { name, handle } = await createFile(place, at);
  let head: ChainHead = EMPTY_CHAIN;
  let bytes = 0;
  const append = async (batch: readonly Pick<Waiting, 'at' | 'event'>[]): Promise<void> => {
    let next = head;
    const lines = batch.map((waiting) => {
      const made = chainLine(next, waiting.at, waiting.event);
      next = made.head;
      return made.line;
    });
    const data = Buffer.from(lines.join(''));
    try {
      for (let done = 0; done < data.length; )
        done += (await handle.write(data, done, data.length - done, bytes + done)).bytesWritten;
      await handle.datasync();
    } catch (error) {
      await handle.truncate(bytes).catch(() => undefined);
      throw error;
    }
    bytes += data.length;
    head = next;
  };
  try {
    await append([{ at, event: { event: 'log opened', process: process.pid, after: links } }]);
  } catch (error) {
    // Tried again and again while the disk is full: each would leave an empty file.
    await handle.close();
    await rm(join(place.folder, name), { force: true });
    throw error;
  }
  return {
    append,
    isFull: () => bytes > place.maxFileBytes,
    get head() {
      return { file: name, records: head.n, hash: head.hash };
    },
    close: () => handle.close(),
  };
}

async function createFile(
  { folder, open }: Place,
  at: Date,
): Promise<{ readonly name: string; readonly handle: FileHandle }> {
  const start = at.toISOString().replace(/[:.]/g, '-');
  for (let attempt = 0; ; attempt++) {
    const name = `${start}-${process.pid}${attempt === 0 ? '' : `-${attempt}`}.jsonl`;
    try {
      return { name, handle: await open(join(folder, name), 'wx', 0o600) };
    } catch (error) {
      const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!exists || attempt === 100) throw error;
    }
  }
}

async function attempt<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw unusable(folder, error instanceof Error ? error.message : String(error), error);
  }
}

function unusable(folder: string, reason: string, cause?: unknown): UserError {
  return new UserError(
    'state_unusable',
    `The audit log in ${folder} cannot be written (${reason.slice(0, 200)})`,
    'Check the folder, its rights and the free space; CONEXUS_HOME moves it.',
    { cause },
  );
}
