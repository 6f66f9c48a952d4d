/** Long work in turns: what else waits for the event loop gets its own in between. Knows no work. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** About as long as a search. */
const TURN_MS = 10;

export interface Turns {
  /** The work has had its time: cheap enough to be asked in a loop. */
  isOver(): boolean;
  /** Resolves in a later turn, at once while there is time left. What may change meanwhile is not looked at again. */
  pause(): Promise<void>;
}

/** For one piece of work: its time runs from now. */
export function inTurns(): Turns {
  let started = performance.now();
  const isOver = () => performance.now() - started > TURN_MS;
  return {
    isOver,
    async pause() {
      if (!isOver()) return;
      await nextTurn();
      started = performance.now();
    },
  };
}
