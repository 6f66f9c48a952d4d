/** The workspace of a command: what it needs is built before it answers, with progress. Knows no output format. */
import type { IndexProgress, Workspace } from '@conexus/engine';
import type { Settings } from '../config/settings.ts';
import type { WorkspaceProvider } from '../operations/operation.ts';
import type { EngineLoader } from './load-engine.ts';
import { openRoot } from './open-root.ts';

export interface CommandWorkspaces extends WorkspaceProvider {
  close(): Promise<void>;
}

export function commandWorkspaces(
  settings: Settings,
  loadEngine: EngineLoader,
  onBuildProgress: (progress: IndexProgress) => void,
): CommandWorkspaces {
  const root = openRoot(settings, loadEngine, { asked: true });
  return {
    settings,
    async ready(ctx): Promise<Workspace> {
      const workspace = await root.workspace();
      // Also when there is an index: after a branch switch the work is long enough to show, and what is parsed now
      // needs no parsing in the next command.
      // Embedding by a provider may take minutes and cost money: that is for `conexus index`.
      await workspace.catchUp({ signal: ctx.signal, onProgress: onBuildProgress });
      return workspace;
    },
    open: () => root.workspace(),
    forget: () => undefined,
    notes: () => root.current()?.notices() ?? [],
    close: () => root.close(),
  };
}
