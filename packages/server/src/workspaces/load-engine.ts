/**
 * The only import of the engine at run time, and a late one: parsers and SQLite take longer to load than a client
 * waits for `initialize`.
 */
import type { Engine, EvaluationOptions, EvaluationReport, Observer } from '@conexus/engine';
import type { Settings } from '../config/settings.ts';

/** What a server adds to settings. */
export interface EngineExtras {
  readonly observer?: Observer | undefined;
  /** See the engine's option. */
  readonly turn?: () => Promise<void>;
  /** The same. */
  readonly questionThreads?: number;
}

/** Replaced in tests that need no repository. */
export type EngineLoader = (settings: Settings, extras?: EngineExtras) => Promise<Engine>;

export const loadEngine: EngineLoader = async (settings, { observer, turn, questionThreads } = {}) => {
  const { openEngine } = await import('@conexus/engine');
  return openEngine({
    home: settings.home,
    ...(settings.workers !== undefined && { workers: settings.workers }),
    ...(settings.maxCacheBytes !== undefined && { maxCacheBytes: settings.maxCacheBytes }),
    ...(settings.maxFileBytes !== undefined && { maxFileBytes: settings.maxFileBytes }),
    embedder: settings.embedder,
    adapts: settings.adapts,
    ...(observer !== undefined && { observer }),
    ...(turn !== undefined && { turn }),
    ...(questionThreads !== undefined && { questionThreads }),
    ...(settings.reranker !== undefined && { reranker: settings.reranker }),
  });
};

/** Past commits as questions about a repository: see the engine's `evaluateHistory`. */
export async function evaluate(options: EvaluationOptions): Promise<EvaluationReport> {
  const { evaluateHistory } = await import('@conexus/engine');
  return evaluateHistory(options);
}
