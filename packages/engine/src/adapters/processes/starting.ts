/**
 * The side of the small process that starts others: on each of its channels one command after the other, bytes through both ways. Ends, and what it
 * started with it, as soon as who started it is gone.
 */
import { Socket } from 'node:net';
import { FRAME, readFrames, sendFrame } from './frames.ts';
import { type Command, type Started, startHere } from './start-process.ts';

/** Descriptors 3 and up are channels. */
const FIRST_CHANNEL = 3;

export function serveStarts(channels: number): void {
  // Whoever is stopped at the terminal stops this one by its channels.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const running = new Set<Started>();
  // One channel is closed when all are.
  const gone = () => {
    for (const started of running) started.kill();
    process.exit();
  };
  for (let i = 0; i < channels; i++) serveChannel(new Socket({ fd: FIRST_CHANNEL + i }), running, gone);
}

function serveChannel(channel: Socket, running: Set<Started>, gone: () => void): void {
  let started: Started | undefined;
  channel.on('error', gone).on('end', gone).on('close', gone);
  readFrames(channel, (type, body) => {
    if (type === FRAME.run) {
      const begun = run(channel, JSON.parse(body.toString()) as Command, () => {
        running.delete(begun);
        started = undefined;
        // It may have ended before it had read all of its input.
        channel.resume();
      });
      running.add(begun);
      started = begun;
    } else if (type === FRAME.kill) started?.kill();
    else if (type === FRAME.inputEnd) started?.stdin.end();
    // The rest of this read still comes: at most what a socket gives at once.
    else if (type === FRAME.input && started?.stdin.write(body) === false) {
      channel.pause();
      started.stdin.once('drain', () => channel.resume());
    }
  });
  sendFrame(channel, FRAME.ready);
}

function run(channel: Socket, command: Command, over: () => void): Started {
  const started = startHere(command);
  const { stdout } = started;
  stdout.on('data', (bytes: Buffer) => {
    if (sendFrame(channel, FRAME.output, bytes)) return;
    stdout.pause();
    channel.once('drain', () => stdout.resume());
  });
  const end = (how: object) => {
    over();
    sendFrame(channel, FRAME.end, JSON.stringify(how));
  };
  started.ended.then(end, (error: NodeJS.ErrnoException) => end({ failed: error.code ?? 'unknown reason' }));
  return started;
}
