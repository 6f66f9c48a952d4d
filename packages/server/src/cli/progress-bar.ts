/** A progress line on stderr, redrawn in place; on a pipe nothing. Knows only numbers. */
import type { IndexProgress } from '@conexus/engine';
import { progressClause, progressShare } from '../render/freshness.ts';
import type { Host } from './host.ts';

export interface ProgressBar {
  show(progress: IndexProgress): void;
  /** Any other step: how far it is, 0 to 1, between its name and its numbers. */
  step(name: string, share: number, says: string): void;
  /** Removes the line. */
  clear(): void;
}

const WIDTH = 24;
const INTERVAL_MS = 80;

export function progressBar(host: Host): ProgressBar {
  let lastAt = Number.NEGATIVE_INFINITY;
  let shown = false;
  const draw = (text: () => string) => {
    const now = performance.now();
    if (!host.errIsTerminal || now - lastAt < INTERVAL_MS) return;
    lastAt = now;
    shown = true;
    host.err(`\r\u001b[2K${text().slice(0, host.columns - 1)}`);
  };
  return {
    show: (progress) => draw(() => progressText(progress)),
    step: (name, share, says) => draw(() => barText(name, share, says)),
    clear() {
      if (shown) host.err('\r\u001b[2K');
      shown = false;
    },
  };
}

export function progressText(progress: IndexProgress): string {
  const isGraph = progress.phase === 'facts' || progress.phase === 'resolving';
  return barText(isGraph ? 'Call graph' : 'Indexing', progressShare(progress), progressClause(progress));
}

function barText(name: string, share: number, says: string): string {
  const done = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
  return `${name} [${'█'.repeat(done)}${'░'.repeat(WIDTH - done)}] ${says}`;
}
