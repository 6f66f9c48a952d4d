/**
 * The small process that starts programs for a large one, and its channels: inherited descriptors, so that nobody else can reach it. There is one for
 * this process, because it is about the size of this process and not about a workspace. Started when starts have become costly; without it,
 * or while all channels are taken, programs are started here.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { FRAME, readFrames, sendFrame } from './frames.ts';
import type { Command, Ended, Started } from './start-process.ts';

/** Programs that run at a time. */
export const CHANNELS = 8;
/** From this size on a start costs more than the way over another process. */
const LARGE_BYTES = 250 << 20;
/** A command that ends soon starts fewer. */
const WORTH_IT_STARTS = 6;
const RESTART_MS = 30_000;

export interface Starter {
  /** undefined: it is not ready, all channels are taken, or it is gone. */
  start(command: Command): Started | undefined;
  readonly isGone: boolean;
  close(): void;
}

let starter: Starter | undefined;
let costlyStarts = 0;
let launchedAt = Number.NEGATIVE_INFINITY;

/** undefined: start it here. */
export function startElsewhere(command: Command): Started | undefined {
  if (starter?.isGone === true) starter = undefined;
  if (starter !== undefined) return starter.start(command);
  // Where the program that runs us is no Node, it would start itself.
  if (!isMainThread || process.platform === 'win32' || process.versions['electron'] !== undefined)
    return undefined;
  if (process.memoryUsage.rss() < LARGE_BYTES || ++costlyStarts < WORTH_IT_STARTS) return undefined;
  if (performance.now() - launchedAt < RESTART_MS) return undefined;
  launchedAt = performance.now();
  costlyStarts = 0;
  starter = openStarter();
  return undefined;
}

/** @param entry script that calls `serveStarts` */
export function openStarter(entry: URL | undefined = entryBeside()): Starter {
  const channels: Channel[] = [];
  let child: ChildProcess | undefined;
  let isGone = entry === undefined;
  const gone = () => {
    isGone = true;
    for (const channel of channels) channel.lose();
  };
  if (entry !== undefined) {
    const script = fileURLToPath(entry);
    const pipes = Array<'pipe'>(CHANNELS).fill('pipe');
    child = spawn(process.execPath, ['--max-old-space-size=64', script], {
      cwd: dirname(script),
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', ...pipes],
    });
    child.on('error', gone).on('exit', gone);
    child.unref();
    for (const socket of child.stdio.slice(3)) channels.push(openChannel(socket as Socket));
  }
  return {
    start: (command) => (isGone ? undefined : channels.find(({ isFree }) => isFree)?.start(command)),
    get isGone() {
      return isGone;
    },
    close() {
      gone();
      child?.kill('SIGKILL');
    },
  };
}

interface Channel {
  readonly isFree: boolean;
  start(command: Command): Started;
  lose(): void;
}

/** One command on its way. */
interface Job {
  readonly stdout: Readable;
  end(how: Ended | { readonly failed: string }): void;
}

function openChannel(socket: Socket): Channel {
  let isReady = false;
  let isLost = false;
  let job: Job | undefined;
  const lose = () => {
    isLost = true;
    job?.end({ failed: 'the process that starts others is gone' });
    job = undefined;
    socket.destroy();
  };
  socket.on('error', lose).on('close', lose);
  socket.unref();
  readFrames(socket, (type, body) => {
    if (type === FRAME.ready) isReady = true;
    else if (type === FRAME.output && job && !job.stdout.destroyed) {
      if (!job.stdout.push(body)) socket.pause();
    } else if (type === FRAME.end) {
      const ended = job;
      job = undefined;
      // Nothing keeps this process alive for a channel that is free.
      socket.unref();
      ended?.end(JSON.parse(body.toString()) as Ended);
    }
  });
  return {
    get isFree() {
      return isReady && !isLost && job === undefined;
    },
    start(command) {
      socket.ref();
      sendFrame(socket, FRAME.run, JSON.stringify(command));
      const { started, job: made } = openJob(socket, () => job === made);
      job = made;
      return started;
    },
    lose,
  };
}

function openJob(socket: Socket, isCurrent: () => boolean): { readonly started: Started; readonly job: Job } {
  const { promise: ended, resolve, reject } = Promise.withResolvers<Ended>();
  ended.catch(() => {});
  const stdout = new Readable({
    read: () => void socket.resume(),
    destroy(error, done) {
      // The rest is read and thrown away, so that the next command finds the channel empty.
      socket.resume();
      done(error);
    },
  });
  const send = (type: number, body: Uint8Array, done: () => void) => {
    if (isCurrent()) sendFrame(socket, type, body, done);
    else done();
  };
  const stdin = new Writable({
    write: (chunk: Buffer, _encoding, done) => send(FRAME.input, chunk, () => done()),
    final: (done) => send(FRAME.inputEnd, Buffer.alloc(0), () => done()),
  });
  return {
    started: {
      stdin,
      stdout,
      ended,
      kill() {
        if (isCurrent()) sendFrame(socket, FRAME.kill);
      },
    },
    job: {
      stdout,
      end(how) {
        if ('failed' in how) reject(new Error(how.failed));
        else if (stdout.destroyed) resolve(how);
        else stdout.once('close', () => resolve(how));
        if (!stdout.destroyed) stdout.push(null);
      },
    },
  };
}

/** In the package it lies beside the file that all is bundled into; in a checkout two folders up. */
function entryBeside(): URL | undefined {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = new URL(isSource ? '../../starting-process.ts' : './starting-process.js', import.meta.url);
  return existsSync(entry) ? entry : undefined;
}
