/**
 * When a question may take the thread that also reads requests. Between two of them the event loop reads all that has come:
 * one turn of it accepts one connection (libuv, since 1.45) and reads what sockets hold, so that with a search in
 * every turn a new connection waits one search for each that came before it, and a refusal is as late as an answer.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface LoopTurns {
  /** A connection or a request has come. */
  arrived(): void;
  /** Resolves in a turn that no other one has; in order. */
  take(): Promise<void>;
}

/**
 * Reading a flood that does not end takes half the thread, about, as long as a search takes 10 ms: the rest is for those that were let in.
 * Processor time: on a busy machine the time of a clock passes without anything being read.
 */
const MAX_READING_MS = 10;

export function openLoopTurns(): LoopTurns {
  let arrivals = 0;
  let last: Promise<void> = Promise.resolve();
  const pass = async (): Promise<void> => {
    // The one before works in this turn.
    let seen = arrivals;
    await nextTurn();
    const until = cpuMs() + MAX_READING_MS;
    while (arrivals !== seen && cpuMs() < until) {
      seen = arrivals;
      await nextTurn();
    }
  };
  return {
    arrived() {
      arrivals++;
    },
    take: () => (last = last.then(pass)),
  };
}

/** Of this thread. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
