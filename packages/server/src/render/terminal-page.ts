/**
 * An answer for a person at a terminal, within a token bound like every other rendering. Knows no operation: it is given blocks, lists and
 * sentences, and says how much of the lists it shows.
 */
import { clipTokens } from './budget.ts';
import { fitRows, type Rows } from './rows.ts';
import { estimateTokens } from './text.ts';

export interface TerminalList {
  /** Stands above the first item, and alone where there are no items; '' for none. */
  readonly head: string;
  /** Best first; an item may have several lines. */
  readonly items: readonly string[];
}

export interface TerminalAnswer {
  readonly top?: readonly string[];
  readonly lists: readonly TerminalList[];
  /** What should be known, most important first; as far as there is room. */
  readonly notes?: readonly string[];
  /** The last lines: what was left out and how to see it, how fresh the answer is. */
  foot(page: Rows): readonly string[];
}

/** Of the bound, at most. */
const TOP_SHARE = 0.3;
const NOTES_SHARE = 0.2;
const FOOT_SHARE = 0.4;
const EMPTY_SHARE = 0.15;

export function terminalPage(answer: TerminalAnswer, maxTokens: number): string {
  const { lists, top = [], notes = [] } = answer;
  const nothing: Rows = { shown: lists.map(() => 0), rows: 0 };
  // Numbers and a cursor may be longer than they are when nothing is shown.
  const footRoom = Math.min(maxTokens * FOOT_SHARE, costOf(answer.foot(nothing)) + CURSOR_TOKENS);
  const above = within(top, maxTokens * TOP_SHARE);
  const remarks = within(notes, maxTokens * NOTES_SHARE);
  const empty = lists.flatMap(({ head, items }) => (items.length === 0 && head !== '' ? [head] : []));
  const alone = new Set(within(empty, maxTokens * EMPTY_SHARE));
  const room =
    maxTokens - footRoom - costOf(above) - costOf(remarks) - costOf([...alone]) - 2 * lists.length - BREAKS;
  const page = fitRows(
    lists.map(({ items }) => items),
    Math.floor(room),
    (item, list, row) => cost(item) + (row === 0 ? cost(lists[list]?.head ?? '') + 1 : 0),
  );
  const blocks = lists.map(({ head, items }, i) => {
    const count = page.shown[i] as number;
    if (items.length === 0) return alone.has(head) ? head : '';
    return count === 0 ? '' : [...(head === '' ? [] : [head]), ...items.slice(0, count)].join('\n');
  });
  const below = [...remarks, ...within(answer.foot(page), footRoom)].join('\n');
  return [...above, ...blocks, below].filter((part) => part !== '').join('\n\n');
}

const CURSOR_TOKENS = 24;
const BREAKS = 6;

/** Colours take no room on a screen. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours begin with one
const COLOURS = /\u001b\[\d{1,3}m/g;
const plain = (text: string) => text.replace(COLOURS, '');

/** With the line break after it. */
const cost = (text: string) => (text === '' ? 0 : estimateTokens(plain(text)) + 1);
const costOf = (texts: readonly string[]) => texts.reduce((sum, text) => sum + cost(text), 0);

/** From the front what fits; the first that does not is cut, without its colours. */
function within(texts: readonly string[], room: number): readonly string[] {
  const kept: string[] = [];
  let left = Math.floor(room);
  for (const text of texts) {
    const own = cost(text);
    if (own <= left) kept.push(text);
    else if (left > SHORTEST) kept.push(clipTokens(plain(text), left - 1));
    left -= own;
    if (left <= 0) break;
  }
  return kept;
}

const SHORTEST = 12;

/** How to see what was left out: flags of the command line. */
export function seeMore(count: string, cursor: string | undefined, ...others: readonly string[]): string {
  const ways = ['a larger --max-tokens', ...others, ...(cursor === undefined ? [] : [`--cursor ${cursor}`])];
  return `${count} left out: ${ways.length > 1 ? `${ways.slice(0, -1).join(', ')} or ${ways.at(-1)}` : ways[0]}`;
}
