/**
 * Ranked hits -> verified passages: readable spans, proven against the bytes on disk, fitted to the budget.
 * A hit whose file no longer has the indexed bytes is not returned; the caller refreshes and asks again.
 */
import type { FileRecord } from '../lexical/index-view.ts';
import type { ContentHash, FilePath } from '../model/file.ts';
import { type Outline, qualifiedName } from '../model/outline.ts';
import type { SymbolDef } from '../model/parsed-file.ts';
import type { Detail, Omitted, SearchHit } from '../model/search.ts';
import type { Focus } from './focus-lines.ts';
import { createNearDuplicates } from './near-duplicates.ts';

/** What passages read: the file as it is now, and outlines. */
export interface PassageReader {
  /** undefined when the file is gone or unreadable. */
  read(path: FilePath): { readonly hash: ContentHash; readonly lines: readonly string[] } | undefined;
}

/** A hit with its place, before its text is read. */
export interface PlacedHit {
  readonly file: FileRecord;
  readonly score: number;
  readonly chunk: { readonly start: number; readonly end: number; readonly symbol: number };
  readonly outline: Outline;
  readonly copies: readonly FilePath[];
}

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly symbol: number;
}

/** A definition up to this long is shown whole; of a longer one, the part that matched. */
const MAX_WHOLE_LINES = 120;

/**
 * The readable span of a chunk: its whole definition where that is not too long. `name`: the definition asked
 * for by name, when it is a small one inside the chunk.
 */
export function spanOf(outline: Outline, chunk: Span, name?: (symbol: SymbolDef) => boolean): Span {
  if (name) {
    const named = outline.symbols.findIndex(
      (symbol) => symbol.nameLine >= chunk.start && symbol.nameLine <= chunk.end && name(symbol),
    );
    const found = outline.symbols[named];
    if (found && named !== chunk.symbol && found.end - found.start < MAX_WHOLE_LINES) {
      return { start: withDoc(found), end: found.end, symbol: named };
    }
  }
  const own = outline.symbols[chunk.symbol];
  if (!own) return chunk;
  const start = Math.min(withDoc(own), chunk.start);
  const end = Math.max(own.end, chunk.end);
  return end - start + 1 <= MAX_WHOLE_LINES && !hasOwnChunks(outline, chunk)
    ? { start, end, symbol: chunk.symbol }
    : chunk;
}

const withDoc = (symbol: SymbolDef) =>
  symbol.docStart > 0 && symbol.docStart < symbol.start ? symbol.docStart : symbol.start;

/** Whether parts of the chunk's definition are chunks of other definitions: a class whose methods stand apart. */
function hasOwnChunks(outline: Outline, chunk: Span): boolean {
  const own = outline.symbols[chunk.symbol] as SymbolDef;
  return outline.chunks.some(
    (other) =>
      other.symbol !== chunk.symbol &&
      other.start >= own.start &&
      other.end <= own.end &&
      other.start > chunk.start,
  );
}

/** Rough and pessimistic for code: about 3.3 characters a token. */
export const estimateTokens = (characters: number) => Math.ceil(characters / 3.3);
/** Path, line numbers and frame around a passage. */
const HIT_OVERHEAD_TOKENS = 30;
/** A passage is cut rather than dropped when at least this many lines fit. */
const MIN_LINES = 6;

export interface Selection {
  readonly hits: readonly SearchHit[];
  readonly omitted: Omitted;
  /** Files whose bytes are not those of the index. */
  readonly stale: readonly FilePath[];
}

export interface SelectOptions {
  readonly limit: number;
  readonly offset: number;
  readonly maxTokens: number;
  readonly detail: Detail;
  /** Passages that nearly equal one shown before are named with it, not shown. */
  readonly fold?: boolean;
  /** Which lines to show of a passage that does not fit; without it the first ones. */
  readonly focus?: Focus;
}

/**
 * Takes hits from `offset` until the limit or the budget is reached. Overlapping spans of a file are shown once, also
 * when the first was on a page before.
 */
export function selectPassages(
  ranked: { readonly length: number; place(index: number): PlacedHit & Span },
  reader: PassageReader,
  options: SelectOptions,
): Selection {
  const hits: SearchHit[] = [];
  const stale: FilePath[] = [];
  const shown = new Map<FilePath, Pick<Span, 'start' | 'end'>[]>();
  /** False when an overlapping span is shown already. */
  const isNew = ({ file, start, end }: PlacedHit & Span): boolean => {
    const spans = shown.get(file.path);
    if (!spans) shown.set(file.path, [{ start, end }]);
    else if (spans.some((span) => start <= span.end && end >= span.start)) return false;
    else spans.push({ start, end });
    return true;
  };
  const twins = options.fold ? foldTwins(hits) : undefined;
  for (let before = 0; before < Math.min(options.offset, ranked.length); before++) {
    const placed = ranked.place(before);
    if (!isNew(placed) || !twins) continue;
    const now = reader.read(placed.file.path);
    if (now?.hash === placed.file.hash) twins.before(placed, now.lines);
  }
  let tokens = 0;
  let at = options.offset;
  let reason: Omitted['reason'] = 'none';
  for (; at < ranked.length; at++) {
    if (hits.length >= options.limit) {
      reason = 'limit';
      break;
    }
    const placed = ranked.place(at);
    if (!isNew(placed)) continue;
    const now = reader.read(placed.file.path);
    if (now?.hash !== placed.file.hash) {
      stale.push(placed.file.path);
      continue;
    }
    const folded = twins?.fold(placed, now.lines, options.maxTokens - tokens);
    if (folded !== undefined) {
      tokens += folded;
      continue;
    }
    const hit = withText(placed, now.lines, options, options.maxTokens - tokens, hits.length === 0);
    if (!hit) {
      reason = 'max_tokens';
      break;
    }
    tokens += hit.tokens;
    hits.push(hit.hit);
  }
  const left = Math.max(0, ranked.length - at);
  return {
    hits,
    stale,
    omitted: left > 0 ? { hits: left, reason, nextOffset: at } : { hits: 0, reason: 'none' },
  };
}

/** Twins named with a hit; more say nothing new. */
const MAX_SIMILAR = 5;

/** Puts passages that nearly equal one shown before beside it. Those of earlier pages are twins of nothing on this one. */
function foldTwins(hits: SearchHit[]) {
  const duplicates = createNearDuplicates();
  /** By number of the passage: its place in `hits`, -1 on an earlier page. */
  const places: number[] = [];
  const twinOf = ({ start, end }: Span, lines: readonly string[]) =>
    duplicates.twinOf(lines.slice(start - 1, end));
  return {
    before(placed: Span, lines: readonly string[]) {
      if (twinOf(placed, lines) === undefined) places.push(-1);
    },
    /** Tokens that naming it takes, 0 where it is only counted; undefined: it is no twin, and the caller shows it. */
    fold(placed: PlacedHit & Span, lines: readonly string[], budget: number): number | undefined {
      const { file, start, end } = placed;
      const twin = twinOf(placed, lines);
      if (twin === undefined) {
        places.push(hits.length);
        return undefined;
      }
      const at = places[twin] as number;
      const hit = hits[at];
      // Shown on an earlier page with the others like it.
      if (!hit) return 0;
      const { similar = [], similarCount = 0 } = hit;
      const tokens = estimateTokens(file.path.length + 12);
      const isNamed = similar.length < MAX_SIMILAR && tokens <= budget;
      const named = isNamed ? [...similar, { path: file.path, start, end, hash: file.hash }] : similar;
      hits[at] = { ...hit, similar: named, similarCount: similarCount + 1 };
      return isNamed ? tokens : 0;
    },
  };
}

/** undefined: does not fit. A first hit is cut as far as it must be, down to its place alone. */
function withText(
  placed: PlacedHit & Span,
  lines: readonly string[],
  options: SelectOptions,
  budget: number,
  isFirst: boolean,
): { hit: SearchHit; tokens: number } | undefined {
  const { file, outline, start, end } = placed;
  const symbol = outline.symbols[placed.symbol];
  const name = symbol && qualifiedName(outline.symbols, placed.symbol);
  const base: SearchHit = {
    path: file.path,
    start,
    end,
    hash: file.hash,
    score: placed.score,
    language: file.language,
    kind: file.kind,
    ...(symbol && name !== undefined ? { symbol: name, symbolKind: symbol.kind } : {}),
    ...(placed.copies.length > 0 ? { copies: placed.copies } : {}),
  };
  const overhead = HIT_OVERHEAD_TOKENS + estimateTokens(file.path.length + (name?.length ?? 0));
  if (overhead > budget) return undefined;
  if (options.detail === 'locations') return { hit: base, tokens: overhead };
  const last =
    options.detail === 'signatures'
      ? Math.min(end, symbol ? Math.max(symbol.headEnd, start) : start + 2)
      : end;
  const focus = last === end ? (options.focus?.(file.path, lines, start, end) ?? []) : [];
  const named =
    symbol === undefined || symbol.nameLine < start || symbol.nameLine > end ? undefined : symbol.nameLine;
  const marks = focus.length === 0 ? {} : { focus, ...(named !== undefined && { nameLine: named }) };
  const room = budget - overhead;
  const { from, count, tokens } = fittingLines(lines, { start, end: last }, room, focus[0]);
  const fits = count === last - start + 1;
  if (!fits && count < MIN_LINES && !isFirst) return undefined;
  if (count === 0) return { hit: base, tokens: overhead };
  const text = lines.slice(from - 1, from - 1 + count).join('\n');
  return {
    hit: { ...base, text, textStart: from, textEnd: from + count - 1, ...marks },
    tokens: overhead + tokens,
  };
}

/** The lines from the start that fit; where the one that says most would be cut off, those around it. */
function fittingLines(
  lines: readonly string[],
  { start, end }: Pick<Span, 'start' | 'end'>,
  room: number,
  wanted: number | undefined,
): { readonly from: number; readonly count: number; readonly tokens: number } {
  const fitFrom = (from: number) => {
    let tokens = 0;
    let line = from;
    for (; line <= end; line++) {
      const cost = estimateTokens((lines[line - 1] ?? '').length + 1);
      if (tokens + cost > room) break;
      tokens += cost;
    }
    return { from, count: line - from, tokens };
  };
  const head = fitFrom(start);
  if (wanted === undefined || wanted < start + head.count || wanted > end) return head;
  for (let before = Math.min(wanted - start, head.count >> 1); before >= 0; before--) {
    const around = fitFrom(wanted - before);
    if (wanted < around.from + around.count) return around;
  }
  return head;
}
