/** Texts as a model takes them, and which of them go into one request. Pure: knows no provider. */

/** An estimate of 1.1 (Go) to 1.6 (Java) times what cl100k counts for source: see docs/adr/0011-embedders.md. */
const BYTES_PER_TOKEN = 3;

export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/**
 * What is sent for a text: well-formed, without NUL, never empty (providers refuse that), and no longer than about
 * `maxTokens`; the end is cut off.
 */
export function sendable(text: string, maxTokens: number): string {
  const maxBytes = maxTokens * BYTES_PER_TOKEN;
  // Of what is longer only the head is looked at: a text may have any size.
  const head = text.slice(0, maxBytes).toWellFormed().replaceAll('\0', ' ');
  const cut = Buffer.byteLength(head) > maxBytes ? cutBytes(head, maxBytes) : head;
  return cut.trim() === '' ? '-' : cut;
}

function cutBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text).subarray(0, maxBytes);
  // A character that was cut in two comes out as U+FFFD.
  return bytes.toString('utf8').replace(/\uFFFD+$/, '');
}

export interface BatchLimits {
  readonly texts: number;
  readonly tokens: number;
}

/** Indexes of `tokens` in order, packed while both limits hold; one text too large for a batch is a batch of its own. */
export function batchesOf(tokens: readonly number[], limits: BatchLimits): number[][] {
  const batches: number[][] = [];
  let sum = 0;
  for (const [index, count] of tokens.entries()) {
    const last = batches.at(-1);
    if (last && last.length < limits.texts && sum + count <= limits.tokens) {
      last.push(index);
      sum += count;
    } else {
      batches.push([index]);
      sum = count;
    }
  }
  return batches;
}
