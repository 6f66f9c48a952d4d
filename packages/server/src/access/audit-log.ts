/**
 * The audit log of one server process: `state/audit/<start>-<process>.jsonl`, one file a process because a chain has
 * one writer. The first record of a file names another file and its head, so that a whole file cannot vanish unseen.
 * While the disk takes no records the log says so (`failure`), and the server lets nobody in; nothing is lost
 * meanwhile. Knows no request.
 */
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open as openFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { AuditEvent, ChainHead } from './audit-chain.ts';
import { chainLine, EMPTY_CHAIN, verifyChain } from './audit-chain.ts';

export interface AuditLog {
  write(event: AuditEvent): void;
  /** Set while records cannot be written; tried again every second. */
  readonly failure: string | undefined;
  /** What was written so far is on the disk. @throws UserError state_unusable */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_MS = 100;
const RETRY_MS = 1_000;
const MAX_FILE_BYTES = 64 << 20;
/** Linking reads the newest file once, at the start. */
const MAX_LINKED_BYTES = 2 * MAX_FILE_BYTES;

export function auditFolder(home: string): string {
  return join(home, 'state', 'audit');
}

/** @throws UserError state_unusable */
export async function openAuditLog(
  folder: string,
  now: () => Date = () => new Date(),
  open: OpenFile = openFile,
): Promise<AuditLog> {
  const linked = await attempt(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return newestHead(folder);
  });
  return attempt(folder, () => openLog({ folder, now, open }, linked));
}

interface Link {
  readonly file: string;
  readonly hash: string;
}

interface Waiting {
  readonly at: Date;
  readonly event: AuditEvent;
}

/** Of `node:fs/promises`; exchanged to see what happens when a disk fails. */
export type OpenFile = (path: string, flags: string, mode: number) => Promise<FileHandle>;

interface Place {
  readonly folder: string;
  readonly now: () => Date;
  readonly open: OpenFile;
}

async function openLog(place: Place, linked: Link | undefined): Promise<AuditLog> {
  const { folder, now } = place;
  let chain = await openChain(place, linked);
  let queue: Waiting[] = [];
  let failure: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const writeQueue = async (): Promise<void> => {
    if (chain.isFull()) chain = await openChain(place, await chain.end());
    const batch = queue;
    if (batch.length === 0) return;
    await chain.append(batch);
    queue = queue.slice(batch.length);
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
  const write = (event: AuditEvent): void => {
    queue.push({ at: now(), event });
    schedule(FLUSH_MS);
  };
  return {
    write,
    get failure() {
      return failure;
    },
    async flush() {
      await run();
      if (failure !== undefined) throw unusable(folder, failure);
    },
    async close() {
      write({ event: 'log closed' });
      await run();
      clearTimeout(timer);
      await chain.end();
    },
  };
}

interface ChainFile {
  /** All or nothing: what was written of a batch that failed is cut off again, so that the chain stays whole. */
  append(batch: readonly Waiting[]): Promise<void>;
  isFull(): boolean;
  /** Where the next file goes on. */
  end(): Promise<Link>;
}

async function openChain(place: Place, linked: Link | undefined): Promise<ChainFile> {
  const at = place.now();
  const { name, handle } = await createFile(place, at);
  let head: ChainHead = EMPTY_CHAIN;
  let bytes = 0;
  const append = async (batch: readonly Waiting[]): Promise<void> => {
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
  const opened = { process: process.pid, after_file: linked?.file, after_hash: linked?.hash };
  await append([{ at, event: { event: 'log opened', ...opened } }]);
  return {
    append,
    isFull: () => bytes > MAX_FILE_BYTES,
    async end() {
      await handle.close();
      return { file: name, hash: head.hash };
    },
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

/** Names sort by time. A damaged file is linked at its last proven record; `verify` reports the damage. */
async function newestHead(folder: string): Promise<Link | undefined> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
  const file = names.at(-1);
  if (file === undefined) return undefined;
  const text = await readFile(join(folder, file), 'utf8');
  if (text.length > MAX_LINKED_BYTES) return undefined;
  const { head } = verifyChain(text);
  return head.n === 0 ? undefined : { file, hash: head.hash };
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
