/** Which lines of one text are lines of another, as a shortest edit script pairs them. Works on bytes; knows no git. Pure. */
import { editScript } from './edit-script.ts';

/** Lines end with a newline, which belongs to them; the last may lack it. */
export interface LineText {
  readonly bytes: Buffer;
  /** Where each line begins, and the end of the last: one more than there are lines. */
  readonly starts: Uint32Array;
  readonly count: number;
}

/** Lines `a` and following of the one text are lines `b` and following of the other; counted from 0. */
export interface LineMatch {
  readonly a: number;
  readonly b: number;
  readonly count: number;
}

export function lineText(bytes: Buffer): LineText {
  let starts = new Uint32Array(1024);
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    if (count + 2 > starts.length) {
      const grown = new Uint32Array(starts.length * 2);
      grown.set(starts);
      starts = grown;
    }
    starts[count++] = at;
    const newline = bytes.indexOf(10, at);
    at = newline === -1 ? bytes.length : newline + 1;
  }
  starts[count] = bytes.length;
  return { bytes, starts, count };
}

/** In order. Lines of `b` in no match are those that `b` has and `a` has not. */
export function matchLines(a: LineText, b: LineText): LineMatch[] {
  const head = commonHead(a, b);
  const tail = commonTail(a, b, head);
  const sides: readonly [Side, Side] = [
    { text: a, changed: new Uint8Array(a.count + 1) },
    { text: b, changed: new Uint8Array(b.count + 1) },
  ];
  markChanges(sides, head, tail);
  settle(sides[0], sides[1]);
  settle(sides[1], sides[0]);
  return matchesOf(sides);
}

interface Side {
  readonly text: LineText;
  /** 1: a line without a partner. One more than there are lines, always 0 there. */
  readonly changed: Uint8Array;
}

function sameLine(a: LineText, i: number, b: LineText, j: number): boolean {
  const [fromA, toA] = [a.starts[i] as number, a.starts[i + 1] as number];
  const [fromB, toB] = [b.starts[j] as number, b.starts[j + 1] as number];
  return toA - fromA === toB - fromB && a.bytes.compare(b.bytes, fromB, toB, fromA, toA) === 0;
}

const BLOCK = 4096;

/** Lines that both texts begin with; found by blocks of bytes, because most versions of a file differ in few places. */
function commonHead(a: LineText, b: LineText): number {
  const shortest = Math.min(a.bytes.length, b.bytes.length);
  let same = 0;
  while (same + BLOCK <= shortest && a.bytes.compare(b.bytes, same, same + BLOCK, same, same + BLOCK) === 0)
    same += BLOCK;
  // One back: the last line of the one may be the beginning of a longer one.
  let line = Math.max(0, lineAt(a, same) - 1);
  while (line < a.count && line < b.count && sameLine(a, line, b, line)) line++;
  return line;
}

function commonTail(a: LineText, b: LineText, head: number): number {
  const most = Math.min(a.count, b.count) - head;
  let tail = 0;
  while (tail < most && sameLine(a, a.count - 1 - tail, b, b.count - 1 - tail)) tail++;
  return tail;
}

/** The line that holds the byte. */
function lineAt({ starts, count }: LineText, byte: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= byte) low = middle;
    else high = middle - 1;
  }
  return low;
}

function markChanges([a, b]: readonly [Side, Side], head: number, tail: number): void {
  const numbers = new Map<string, number>();
  const numbered = ({ text }: Side): Int32Array => {
    const ids = new Int32Array(text.count - tail - head);
    for (let i = 0; i < ids.length; i++) {
      const line = head + i;
      const key = text.bytes.toString('latin1', text.starts[line], text.starts[line + 1]);
      let id = numbers.get(key);
      if (id === undefined) numbers.set(key, (id = numbers.size));
      ids[i] = id;
    }
    return ids;
  };
  const [idsA, idsB] = [numbered(a), numbered(b)];
  const [keptA, keptB] = [
    withoutStrangers(idsA, idsB, numbers.size, (i) => (a.changed[head + i] = 1)),
    withoutStrangers(idsB, idsA, numbers.size, (i) => (b.changed[head + i] = 1)),
  ];
  editScript(
    keptA.ids,
    keptB.ids,
    (i) => (a.changed[head + (keptA.at[i] as number)] = 1),
    (i) => (b.changed[head + (keptB.at[i] as number)] = 1),
  );
}

/**
 * A line that the other side does not have at all needs no search. One that it has very often (an empty line, a bracket) and that
 * stands among such strangers is new as they are: paired with its like anywhere, it would only seem to be old.
 */
function withoutStrangers(
  ids: Int32Array,
  others: Int32Array,
  count: number,
  stranger: (index: number) => void,
) {
  const times = new Int32Array(count);
  for (const id of others) times[id] = (times[id] as number) + 1;
  // About the square root of their number.
  const often = 2 ** Math.ceil(Math.log2(ids.length + 1) / 2);
  const standing = Uint8Array.from(ids, (id) => {
    const found = times[id] as number;
    return found === 0 ? STRANGER : found >= often ? COMMON : KNOWN;
  });
  const at = new Int32Array(ids.length);
  const kept = new Int32Array(ids.length);
  let length = 0;
  ids.forEach((id, i) => {
    if (standing[i] === STRANGER || (standing[i] === COMMON && isAmongStrangers(standing, i))) stranger(i);
    else {
      at[length] = i;
      kept[length++] = id;
    }
  });
  return { ids: kept.subarray(0, length), at };
}

const [STRANGER, COMMON, KNOWN] = [0, 1, 2];
/** Lines on either side that are looked at. */
const NEIGHBOURS = 100;
/** Strangers that a change of a few lines has by chance. */
const FEW = 6;

/** Up to the next known line on either side there are strangers, and in all they are more than three quarters. */
function isAmongStrangers(standing: Uint8Array, line: number): boolean {
  let strangers = 0;
  let common = 0;
  for (const step of [-1, 1]) {
    const before = strangers;
    for (let n = 1; n <= NEIGHBOURS; n++) {
      const other = standing[line + step * n];
      if (other === undefined || other === KNOWN) break;
      if (other === STRANGER) strangers++;
      else common++;
    }
    if (strangers === before) return false;
  }
  return strangers > 3 * common + FEW;
}

/** A run of changed lines `start..end`; empty between two unchanged lines. */
interface Run {
  start: number;
  end: number;
}

/**
 * Of the places where a run of changed lines could stand with the same result, the one beside a change of the other side, and
 * else the one that reads best.
 */
function settle(side: Side, other: Side): void {
  const run: Run = firstRun(side);
  const beside: Run = firstRun(other);
  for (;;) {
    if (run.end > run.start) settleRun(side, other, run, beside);
    if (!nextRun(side, run) || !nextRun(other, beside)) return;
  }
}

function settleRun(side: Side, other: Side, run: Run, beside: Run): void {
  let size: number;
  let alignedAt: number;
  let highest: number;
  do {
    size = run.end - run.start;
    while (slideUp(side, run)) previousRun(other, beside);
    highest = run.end;
    alignedAt = beside.end > beside.start ? run.end : -1;
    while (slideDown(side, run)) {
      nextRun(other, beside);
      if (beside.end > beside.start) alignedAt = run.end;
    }
    // A run that met its neighbour has become one with it.
  } while (size !== run.end - run.start);
  if (alignedAt !== -1) {
    while (beside.end === beside.start && slideUp(side, run)) previousRun(other, beside);
  } else {
    const end = bestEnd(side.text, run, highest);
    while (run.end > end && slideUp(side, run)) previousRun(other, beside);
  }
}

/** Places of a run that are weighed; more are as good as these. */
const MAX_PLACES = 100;
/** Bytes at the beginning of a line that are looked at. */
const MAX_COLUMNS = 200;

/**
 * Where people would say that a run begins and ends: at the outermost lines, right after an empty one, and else as late as can
 * be. So a function put between two others is one, and does not begin with the last line of its neighbour's decorators.
 */
function bestEnd(text: LineText, run: Run, highest: number): number {
  const size = run.end - run.start;
  let best = run.end;
  let least = Number.POSITIVE_INFINITY;
  for (let end = run.end; end >= Math.max(highest, run.end - MAX_PLACES, size); end--) {
    const depth = 2 * (depthAt(text, end - size) + depthAt(text, end));
    const cost = depth + (isBlank(text, end - size - 1) ? 0 : 1);
    if (cost < least) [best, least] = [end, cost];
  }
  return best;
}

/** Columns before the first character of the line, or of the next that has any. */
function depthAt(text: LineText, line: number): number {
  for (let at = line; at < Math.min(text.count, line + 20); at++) {
    let depth = 0;
    const start = text.starts[at] as number;
    for (let byte = start; byte < Math.min(start + MAX_COLUMNS, text.starts[at + 1] as number); byte++) {
      const character = text.bytes[byte];
      if (character === 0x20) depth++;
      else if (character === 0x09) depth += 8 - (depth % 8);
      else if (character === 0x0a || character === 0x0d) break;
      else return depth;
    }
  }
  return 0;
}

function isBlank(text: LineText, line: number): boolean {
  if (line < 0) return true;
  const start = text.starts[line] as number;
  const end = Math.min(start + MAX_COLUMNS, text.starts[line + 1] as number);
  return text.bytes.toString('latin1', start, end).trim() === '';
}

function firstRun({ changed }: Side): Run {
  let end = 0;
  while (changed[end] === 1) end++;
  return { start: 0, end };
}

function nextRun({ changed, text }: Side, run: Run): boolean {
  if (run.end === text.count) return false;
  run.start = run.end + 1;
  run.end = run.start;
  while (changed[run.end] === 1) run.end++;
  return true;
}

function previousRun({ changed }: Side, run: Run): boolean {
  if (run.start === 0) return false;
  run.end = run.start - 1;
  run.start = run.end;
  while (run.start > 0 && changed[run.start - 1] === 1) run.start--;
  return true;
}

function slideDown({ changed, text }: Side, run: Run): boolean {
  if (run.end >= text.count || !sameLine(text, run.start, text, run.end)) return false;
  changed[run.start++] = 0;
  changed[run.end++] = 1;
  while (changed[run.end] === 1) run.end++;
  return true;
}

function slideUp({ changed, text }: Side, run: Run): boolean {
  if (run.start === 0 || !sameLine(text, run.start - 1, text, run.end - 1)) return false;
  changed[--run.start] = 1;
  changed[--run.end] = 0;
  while (run.start > 0 && changed[run.start - 1] === 1) run.start--;
  return true;
}

function matchesOf([a, b]: readonly [Side, Side]): LineMatch[] {
  const matches: LineMatch[] = [];
  for (let i = 0, j = 0; i < a.text.count && j < b.text.count; ) {
    while (a.changed[i] === 1) i++;
    while (b.changed[j] === 1) j++;
    const from = { a: i, b: j };
    while (i < a.text.count && j < b.text.count && a.changed[i] === 0 && b.changed[j] === 0) {
      i++;
      j++;
    }
    if (i > from.a) matches.push({ ...from, count: i - from.a });
  }
  return matches;
}
