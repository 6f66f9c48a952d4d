/** The embedder and what it has done, as sentences for people and models. Decides nothing. */
import type { EmbedderStatus, EmbeddingReport } from '@conexus/engine';
import { formatCount, formatDuration, inline, plural } from './text.ts';

/** e.g. `voyage voyage-code-3 (text leaves this machine), about 120 passages without vectors` */
export function embedderLine(embedder: EmbedderStatus): string {
  const where = embedder.remote ? ' (text leaves this machine)' : ' (on this machine)';
  const state = embedder.running
    ? ', embedding'
    : embedder.missing === 0
      ? ', all passages have vectors'
      : `, about ${plural(embedder.missing, 'passage')} without vectors: run "conexus index"`;
  return `${inline(embedder.name, 120)}${where}${state}`;
}

export function embeddingText(report: EmbeddingReport): string {
  const { state, embedded, missing, changed, error } = report;
  const name = inline(report.embedder, 120);
  switch (state) {
    case 'done':
      return embedded === 0 && missing === 0
        ? `Vectors: all of ${plural(report.passages, 'passage')} by ${name}.`
        : `Vectors: ${plural(embedded, 'passage')} embedded by ${name}${changed > 0 ? `; ${formatCount(changed)} of files that changed meanwhile come with the next run` : ''}.`;
    case 'waiting':
      return (
        `Vectors: ${plural(missing, 'passage')} have none of ${name}. Embedding them takes ${estimateText(report)}; ` +
        'that is more than may be done unasked (CONEXUS_EMBEDDING_CONFIRM_TOKENS). Run "conexus index --yes" to do it. ' +
        'Until then they are found by their words.'
      );
    case 'cancelled':
      return `Vectors: interrupted after ${plural(embedded, 'passage')}; ${formatCount(missing)} are left. What was paid for is kept.`;
    case 'elsewhere':
      return `Vectors: another process is embedding with ${name}.`;
    case 'failed':
      return `Vectors: embedding by ${name} failed, passages without vectors are found by their words. ${inline(error ?? '', 600)}`;
  }
}

/** e.g. `about 5,200,000 tokens, $0.94 at the price of 2026-05, 2 min` */
function estimateText({ estimate }: EmbeddingReport): string {
  const { tokens, usd, priceAsOf, minutes } = estimate;
  const price =
    usd === undefined
      ? 'at a price that is not known'
      : `$${usd.toFixed(2)} at the price of ${priceAsOf ?? ''}`;
  return `about ${formatCount(tokens)} tokens, ${price}, ${formatDuration(Math.max(1_000, minutes * 60_000))} at least`;
}
