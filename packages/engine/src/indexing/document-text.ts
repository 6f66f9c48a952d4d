/**
 * The text of a chunk as a neural model reads it: where it belongs, then its lines as they are. Depends on bytes and
 * language only, never on the path, because a blob's vectors serve every file with its bytes.
 */
import type { LanguageId } from '../model/file.ts';
import { type Outline, qualifiedName } from '../model/outline.ts';
import type { Chunk } from '../model/parsed-file.ts';

/** Raise when the text changes: vectors of another text are then not found. */
export const DOCUMENT_TEXT_VERSION = 1;

/** Of one line; what is beyond belongs to data, not to code. */
const LINE_CHARS = 2_000;

export function documentText(
  lines: readonly string[],
  language: LanguageId,
  { symbols }: Outline,
  chunk: Chunk,
): string {
  const own = symbols[chunk.symbol];
  const head = own ? `${language} ${own.kind} ${qualifiedName(symbols, chunk.symbol)}` : language;
  const body = lines.slice(chunk.start - 1, chunk.end).map((line) => line.slice(0, LINE_CHARS));
  return [head, ...body].join('\n');
}
