/** Answers kept within a bound of bytes, the least recently used one goes first. Knows no workspace, and not when an answer holds. */

export interface KeptAnswer {
  /** What it rests on; see `Workspace.basis`. */
  readonly basis: string;
  /** Files that it shows. */
  readonly paths: readonly string[];
  /** JSON as bytes: nothing of it is shared with who made it, and its size is known. */
  readonly body: Buffer;
}

export interface CacheObserver {
  looked?(outcome: CacheOutcome): void;
  sized?(size: { readonly entries: number; readonly bytes: number }): void;
}

/** `bypass`: an answer of this kind, or of now, is never kept. */
export type CacheOutcome = 'hit' | 'miss' | 'bypass';

export interface AnswerCache {
  get(key: string): KeptAnswer | undefined;
  put(key: string, answer: KeptAnswer): void;
  looked(outcome: CacheOutcome): void;
}

/** Key, map and objects of one answer, about. */
const OVERHEAD_BYTES = 500;
/** Of the bound: a larger answer would push out too many others. */
const MAX_SHARE = 1 / 8;

export function openAnswerCache(maxBytes: number, observer: CacheObserver = {}): AnswerCache {
  const kept = new Map<string, KeptAnswer>();
  let bytes = 0;
  const remove = (key: string): void => {
    const answer = kept.get(key);
    if (answer === undefined) return;
    kept.delete(key);
    bytes -= sizeOf(answer);
  };
  return {
    get(key) {
      const answer = kept.get(key);
      if (answer === undefined) return undefined;
      kept.delete(key);
      kept.set(key, answer);
      return answer;
    },
    put(key, answer) {
      remove(key);
      const size = sizeOf(answer);
      if (size <= maxBytes * MAX_SHARE) {
        kept.set(key, answer);
        bytes += size;
      }
      for (const oldest of kept.keys()) {
        if (bytes <= maxBytes) break;
        remove(oldest);
      }
      observer.sized?.({ entries: kept.size, bytes });
    },
    looked: (outcome) => observer.looked?.(outcome),
  };
}

function sizeOf({ body, paths, basis }: KeptAnswer): number {
  return paths.reduce((sum, path) => sum + 2 * path.length, OVERHEAD_BYTES + basis.length + body.length);
}
