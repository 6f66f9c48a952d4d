/** What a watcher has seen since it was last asked, and who wants to know. Knows no file system. */
import type { FilePath } from '../../model/file.ts';
import type { ChangeSet } from '../../ports/source.ts';

/** With more changes than this, a scan of everything costs less than looking at each. */
export const MAX_PENDING_PATHS = 8000;

export interface ChangeLog {
  add(path: FilePath): void;
  /** Events were lost or are too many: everything may have changed. */
  addAll(): void;
  has(path: FilePath): boolean;
  take(): ChangeSet;
  onChange(listener: () => void): void;
  close(): void;
}

export function createChangeLog(): ChangeLog {
  let paths = new Set<FilePath>();
  let all = false;
  let announced = false;
  const listeners = new Set<() => void>();

  /** One call for all that one turn of the event loop brings, and none before the next `take`. */
  const announce = (): void => {
    if (announced) return;
    announced = true;
    setImmediate(() => {
      if (paths.size === 0 && !all) return;
      for (const listener of listeners) listener();
    });
  };

  const addAll = (): void => {
    all = true;
    paths = new Set();
    announce();
  };

  return {
    add(path) {
      if (all) return;
      paths.add(path);
      if (paths.size > MAX_PENDING_PATHS) addAll();
      else announce();
    },
    addAll,
    has: (path) => all || paths.has(path),
    take() {
      const taken: ChangeSet = { paths, all };
      paths = new Set();
      all = false;
      announced = false;
      return taken;
    },
    onChange(listener) {
      listeners.add(listener);
      if (paths.size > 0 || all) {
        announced = false;
        announce();
      }
    },
    close() {
      listeners.clear();
      paths = new Set();
      all = false;
    },
  };
}
