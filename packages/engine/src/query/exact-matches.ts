/** Lines that hold what was asked for -> the chunks that they are in. */
import type { IndexView } from '../lexical/index-view.ts';
import type { FilePath } from '../model/file.ts';

export interface PatternMatch {
  readonly path: FilePath;
  readonly line: number;
  /** As it was found. */
  readonly text?: string;
  /** How much it is what was asked, 0 to 1; default 1. */
  readonly fit?: number;
}

export interface PatternMatches {
  readonly matches: readonly PatternMatch[];
  /** There are more lines than were looked at. */
  readonly truncated: boolean;
  /** Why nothing could be looked up; the words of the pattern are searched all the same. */
  readonly missing?: string;
}

export interface ExactMatches {
  /** Document -> of its best line the fit, times 0.7 for one line, nearing 1 with more; of several texts the best. */
  readonly values: ReadonlyMap<number, number>;
  /** Those with all texts; where no passage has them all, those with one in files that do. Empty: no file has them all. */
  readonly whole: ReadonlySet<number>;
}

/** `groups`: for each text asked for, its lines. */
export function exactMatches(
  view: IndexView,
  groups: readonly (readonly PatternMatch[])[],
  allowed: Uint8Array | undefined,
): ExactMatches {
  const perText = groups.map((matches) => documentsOf(view, matches, allowed));
  const values = new Map<number, number>();
  for (const own of perText)
    for (const [doc, { count, fit }] of own)
      values.set(doc, Math.max(values.get(doc) ?? 0, fit * (1 - 0.3 / count)));
  const docs = [...values.keys()];
  const withAll = docs.filter((doc) => perText.every((own) => own.has(doc)));
  if (withAll.length > 0 || groups.length < 2) return { values, whole: new Set(withAll) };
  const slots = perText.map((own) => new Set([...own.keys()].map((doc) => slotOf(view, doc))));
  return { values, whole: new Set(docs.filter((doc) => slots.every((own) => own.has(slotOf(view, doc))))) };
}

function documentsOf(
  view: IndexView,
  matches: readonly PatternMatch[],
  allowed: Uint8Array | undefined,
): Map<number, { count: number; fit: number }> {
  const found = new Map<number, { count: number; fit: number }>();
  for (const { path, line, fit = 1 } of matches) {
    const slot = view.file(path)?.slot;
    if (slot === undefined || (allowed && allowed[slot] !== 1)) continue;
    const doc = documentAt(view, slot, line);
    if (doc === undefined) continue;
    const known = found.get(doc);
    found.set(doc, { count: (known?.count ?? 0) + 1, fit: Math.max(known?.fit ?? 0, fit) });
  }
  return found;
}

function slotOf(view: IndexView, doc: number): number {
  const segment = view.segmentOfDoc(doc);
  return segment.slotBase + (segment.blobOf[doc - segment.docBase] as number);
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
