/** Lines that were asked for, as they stand in some version of the file, and what was found out about them. Pure. */
import type { LineOrigin, LineOrigins, LineSpan, UnknownOrigin } from '../../ports/line-history.ts';
import type { LineMatch } from './line-diff.ts';

/** Lines `at` and following of a version are lines `asked` and following of the file asked about; counted from 0. */
export interface Lines {
  readonly at: number;
  readonly asked: number;
  readonly count: number;
}

/** `passed`: lines that the older version has, as they stand there. `left`: those that only the newer one has. */
export function keptBy(
  lines: readonly Lines[],
  matches: readonly LineMatch[],
): { readonly passed: Lines[]; readonly left: Lines[] } {
  const passed: Lines[] = [];
  const left: Lines[] = [];
  for (const { at, asked, count } of lines) {
    const end = at + count;
    let next = at;
    for (let i = firstAfter(matches, at); i < matches.length; i++) {
      const match = matches[i] as LineMatch;
      if (match.b >= end) break;
      const from = Math.max(next, match.b);
      const to = Math.min(end, match.b + match.count);
      if (from > next) left.push({ at: next, asked: asked + next - at, count: from - next });
      passed.push({ at: match.a + from - match.b, asked: asked + from - at, count: to - from });
      next = to;
    }
    if (next < end) left.push({ at: next, asked: asked + next - at, count: end - next });
  }
  return { passed, left };
}

/** The first match that ends after the line. */
function firstAfter(matches: readonly LineMatch[], line: number): number {
  let low = 0;
  let high = matches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { b, count } = matches[middle] as LineMatch;
    if (b + count <= line) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface Findings {
  origin(commit: string, path: string, lines: readonly Lines[], isBoundary: boolean): void;
  uncommitted(lines: readonly Lines[]): void;
  unknown(reason: UnknownOrigin, lines: readonly Lines[]): void;
  result(): Omit<LineOrigins, 'versions'>;
}

export function createFindings(head: string): Findings {
  const origins: LineOrigin[] = [];
  const uncommitted: LineSpan[] = [];
  const unknown: (LineSpan & { reason: UnknownOrigin })[] = [];
  const spanOf = ({ asked, count }: Lines): LineSpan => ({ start: asked + 1, end: asked + count });
  return {
    origin(commit, path, lines, isBoundary) {
      for (const one of lines) origins.push({ ...spanOf(one), commit, path, line: one.at + 1, isBoundary });
    },
    uncommitted: (lines) => uncommitted.push(...lines.map(spanOf)),
    unknown: (reason, lines) => unknown.push(...lines.map((one) => ({ ...spanOf(one), reason }))),
    result: () => ({
      head,
      origins: joined(
        origins,
        (a, b) => a.commit === b.commit && a.path === b.path && a.line + b.start - a.start === b.line,
      ),
      uncommitted: joined(uncommitted, () => true),
      unknown: joined(unknown, (a, b) => a.reason === b.reason),
    }),
  };
}

/** In order of lines, neighbours that belong together as one. */
function joined<T extends LineSpan>(spans: readonly T[], belong: (a: T, b: T) => boolean): T[] {
  const result: T[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && last.end + 1 === span.start && belong(last, span))
      result[result.length - 1] = { ...last, end: span.end };
    else result.push(span);
  }
  return result;
}
