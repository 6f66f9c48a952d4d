/** Lines found by ripgrep -> the chunks that hold them. */
import type { IndexView } from '../lexical/index-view.ts';
import type { FilePath } from '../model/file.ts';

export interface PatternMatch {
  readonly path: FilePath;
  readonly line: number;
}

export interface PatternMatches {
  readonly matches: readonly PatternMatch[];
  /** There are more lines than were looked at. */
  readonly truncated: boolean;
  /** Why nothing could be looked up; the words of the pattern are searched all the same. */
  readonly missing?: string;
}

/** Document -> 0.7 for one matching line, nearing 1 with more of them. */
export function exactMatches(
  view: IndexView,
  matches: readonly PatternMatch[],
  allowed: Uint8Array | undefined,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { path, line } of matches) {
    const slot = view.file(path)?.slot;
    if (slot === undefined || (allowed && allowed[slot] !== 1)) continue;
    const doc = documentAt(view, slot, line);
    if (doc !== undefined) counts.set(doc, (counts.get(doc) ?? 0) + 1);
  }
  return new Map([...counts].map(([doc, count]) => [doc, 1 - 0.3 / count]));
}

/** The chunk of a blob that holds the line. */
const documentAt = (view: IndexView, slot: number, line: number): number | undefined =>
  documentsAt(view, slot, line, line)[0];

/** Chunks of a blob that hold some of the lines; they are in line order. */
export function documentsAt(view: IndexView, slot: number, first: number, last: number): number[] {
  const segment = view.segmentOfSlot(slot);
  const { start, lines } = segment.docs;
  const ordinal = slot - segment.slotBase;
  const end = segment.firstDoc[ordinal + 1] as number;
  const found: number[] = [];
  for (let local = segment.firstDoc[ordinal] as number; local < end; local++) {
    const from = start[local] as number;
    if (last >= from && first < from + (lines[local] as number)) found.push(segment.docBase + local);
  }
  return found;
}
