/** One engine, one workspace, opened on first use and closed once. Shared by server and command; builds nothing. */
import type { Engine, OpenOptions, Workspace } from '@conexus/engine';
import type { Settings } from '../config/settings.ts';
import type { EngineLoader } from './load-engine.ts';

export interface OpenRoot {
  workspace(): Promise<Workspace>;
  /** Undefined until the first `workspace()` has finished. */
  current(): Workspace | undefined;
  close(): Promise<void>;
}

/** `options`: see the engine's `OpenOptions`. */
export function openRoot(settings: Settings, loadEngine: EngineLoader, options?: OpenOptions): OpenRoot {
  let engine: Promise<Engine> | undefined;
  let opening: Promise<Workspace> | undefined;
  let opened: Workspace | undefined;
  let closed: Promise<void> | undefined;

  const open = async (): Promise<Workspace> => {
    engine ??= loadEngine(settings);
    opened = await (await engine).openWorkspace(settings.root, options);
    return opened;
  };
  return {
    workspace() {
      // A failure is not kept: the folder may appear, the disk may get room.
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    current: () => opened,
    close() {
      closed ??= (async () => {
        await opened?.close();
        const loaded = await engine?.catch(() => undefined);
        await loaded?.close();
      })();
      return closed;
    },
  };
}
