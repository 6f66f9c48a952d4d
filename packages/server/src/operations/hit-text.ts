/** One hit as text: its heading, and as many of its lines as there is room for, those that fit the question best. Knows no bound and no paging. */
import type { SearchHit } from '@conexus/engine';
import type { Style } from '../render/style.ts';
import { fence, inline, plural, printable } from '../render/text.ts';

export type Hit = SearchHit & { readonly reasons?: readonly string[]; readonly repo?: string };

/** Whole, then with ever fewer lines, then the place alone. */
export function* hitVariants(hit: Hit, rank: number): Generator<string> {
  const place = [hitHeading(hit, rank), ...hitDetails(hit)].join('\n');
  if (hit.text === undefined || hit.text === '') {
    yield place;
  } else {
    const lines = textLines(hit);
    const fewest = Math.min(3, lines.length);
    for (let count = lines.length; count >= fewest; count = count > 6 ? count >> 1 : count - 1) {
      yield `${place}\n${fencedLines(hit, lines, count)}`;
    }
    yield `${place}\n(no room for its text)`;
  }
  yield hitHeading(hit, rank);
}

/** The first lines, or the window that was asked for, each with its number and `…` where lines are left out. */
function fencedLines(hit: Hit, lines: readonly string[], count: number): string {
  const { first, shown } = shownLines(hit, lines, count);
  const isHead = shown.every((at, i) => at === i);
  if (isHead) {
    // Empty lines at the end are not printed, and not missed.
    const last = count === lines.length ? (hit.textEnd ?? hit.end) : first + count - 1;
    const before = first > hit.start ? `lines ${hit.start}–${first - 1}` : '';
    const after = last < hit.end ? `lines ${last + 1}–${hit.end}` : '';
    const cut = [before, after].filter((part) => part !== '').join(' and ');
    return `${fence(lines.slice(0, count).join('\n'), hit.language)}${cut === '' ? '' : `\n(${cut} left out)`}`;
  }
  const text = shown.flatMap((at, i) => [
    ...(at > (shown[i - 1] ?? -1) + 1 ? ['…'] : []),
    `${first + at}: ${lines[at]}`,
  ]);
  return `${fence(text.join('\n'), hit.language)}\n(${hit.end - hit.start + 1 - shown.length} of its lines left out)`;
}

function textLines({ text = '' }: Hit): readonly string[] {
  return printable(text).replace(/\n+$/, '').split('\n');
}

/** Which of the lines to show when only `count` can be: the first ones, or where others fit better the name and what is around those. */
function shownLines(
  { textStart, start, focus = [], nameLine }: Hit,
  lines: readonly string[],
  count: number,
): { readonly first: number; readonly shown: readonly number[] } {
  const first = textStart ?? start;
  const head = lines.slice(0, count).map((_, at) => at);
  const wanted = focus.map((line) => line - first).filter((at) => at >= 0 && at < lines.length);
  const [best] = wanted;
  if (best === undefined || best < count || count >= lines.length) return { first, shown: head };
  const name = nameLine === undefined ? 0 : nameLine - first;
  const chosen = new Set<number>();
  const choose = (at: number) => {
    if (at >= 0 && at < lines.length && chosen.size < count) chosen.add(at);
  };
  choose(best);
  choose(name >= 0 && name < lines.length ? name : 0);
  for (const at of wanted) choose(at);
  for (let away = 1; chosen.size < count && away < lines.length; away++) {
    choose(best + away);
    choose(best - away);
  }
  return { first, shown: [...chosen].sort((a, b) => a - b) };
}

function hitHeading(hit: Hit, rank: number): string {
  const name =
    hit.symbol === undefined
      ? ''
      : ` — ${hit.symbolKind === undefined ? '' : `${hit.symbolKind} `}${inline(hit.symbol, 120)}`;
  const kind = hit.kind === 'code' ? '' : ` [${hit.kind}]`;
  const repo = hit.repo === undefined ? '' : `${hit.repo}: `;
  return `## ${rank}. ${repo}${inline(hit.path)}:${hit.start}-${hit.end}${name}${kind}`;
}

function hitDetails(hit: Hit): string[] {
  const details: string[] = [];
  if (hit.reasons !== undefined && hit.reasons.length > 0)
    details.push(`Why: ${hit.reasons.map((reason) => inline(reason, 160)).join('; ')}`);
  if (hit.copies !== undefined && hit.copies.length > 0) details.push(`Same bytes: ${someOf(hit.copies, 3)}`);
  if (hit.similarCount !== undefined) details.push(similarLine(hit.similar ?? [], hit.similarCount));
  if (hit.terms !== undefined)
    details.push(
      `Score ${round(hit.score)}: ${hit.terms.map((term) => `${term.name} ${round(term.value)}`).join(', ')}`,
    );
  return details;
}

function similarLine(similar: NonNullable<Hit['similar']>, count: number): string {
  if (similar.length === 0) return `Nearly the same in ${plural(count, 'other place')}.`;
  const places = similar.map(({ path, start, end }) => `${path}:${start}-${end}`);
  const more = count > similar.length ? ` and ${count - similar.length} more` : '';
  return `Nearly the same: ${someOf(places, places.length)}${more}`;
}

function someOf(paths: readonly string[], count: number): string {
  const named = paths
    .slice(0, count)
    .map((path) => inline(path, 100))
    .join(', ');
  return paths.length > count ? `${named} and ${paths.length - count} more` : named;
}

export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export function terminalHit(hit: Hit, rank: number, style: Style, most: number): string {
  const name = hit.symbol === undefined ? '' : `  ${style.bold(inline(hit.symbol, 120))}`;
  const head = `${style.dim(`${rank}.`)} ${style.path(inline(hit.path))}${style.dim(`:${hit.start}-${hit.end}`)}${name}`;
  const details = hitDetails(hit).map((line) => `   ${style.dim(line)}`);
  if (hit.text === undefined || hit.text === '' || most === 0) return [head, ...details].join('\n');
  const lines = textLines(hit);
  const { first, shown } = shownLines(hit, lines, most);
  const width = String(first + lines.length - 1).length;
  const gap = style.dim('…'.padStart(width));
  const rows = shown.flatMap((at, i) => [
    ...(at > (shown[i - 1] ?? -1) + 1 ? [`   ${gap}`] : []),
    `   ${style.dim(String(first + at).padStart(width))}  ${lines[at]}`,
  ]);
  const left = hit.end - hit.start + 1 - shown.length;
  const isCut = shown.length < lines.length;
  if (isCut) rows.push(`   ${style.dim(`${'…'.padStart(width)}  ${plural(left, 'more line')}`)}`);
  return [head, ...details, ...rows].join('\n');
}
