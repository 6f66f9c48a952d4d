/** A progress line on stderr, redrawn in place; on a pipe nothing. Knows only numbers. */
import type { IndexProgress } from '@conexus/engine';
import { progressClause, progressShare } from '../render/freshness.ts';
import type { Host } from './host.ts';

export interface ProgressBar {
  show(progress: IndexProgress): void;
  /** Removes the line. */
  clear(): void;
}

const WIDTH = 24;
const INTERVAL_MS = 80;

export function progressBar(host: Host): ProgressBar {
  let lastAt = Number.NEGATIVE_INFINITY;
  let shown = false;
  return {
    show(progress) {
      const now = performance.now();
      if (!host.errIsTerminal || now - lastAt < INTERVAL_MS) return;
      lastAt = now;
      shown = true;
      host.err(`\r\u001b[2K${progressText(progress).slice(0, host.columns - 1)}`);
    },
    clear() {
      if (shown) host.err('\r\u001b[2K');
      shown = false;
    },
  };
}

export function progressText(progress: IndexProgress): string {
  const done = Math.round(progressShare(progress) * WIDTH);
  return `Indexing [${'█'.repeat(done)}${'░'.repeat(WIDTH - done)}] ${progressClause(progress)}`;
}
