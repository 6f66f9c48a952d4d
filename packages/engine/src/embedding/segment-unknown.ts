/**
 * A term that the vocabulary lacks -> words it is made of: `confighandler` -> config, handler.
 * Knows ranks of words only, no vectors.
 *
 * Viterbi search for the likeliest sequence of words under Zipf's law (a word's probability falls with the inverse of its
 * rank), as `wordninja` does; characters that fit no word are passed over at a price. Other scripts go the same way, down to
 * single characters. At most 64 characters x 24 lengths are tried.
 */

const MAX_TERM = 64;
const MAX_WORD = 24;
/** Pieces of plain letters are at least this long: two letters stand in everything. */
const MIN_PLAIN = 3;
/** Price of a character in no word: dearer than the rarest word, so that words win wherever they fit. */
const PASSED_OVER = 14;
/** More than this share passed over: the term is noise (a hash, a base64 string), not words. */
const MAX_PASSED = 0.4;

const NO_WORDS: readonly number[] = [];

/** Numbers of the words in order of appearance; none when most of the term is unknown. `ranks`: word -> number, frequent first. */
export function segmentUnknown(term: string, ranks: ReadonlyMap<string, number>): readonly number[] {
  const length = term.length;
  if (length < 2 || length > MAX_TERM || /\d\d|^[\d_]+$/.test(term)) return NO_WORDS;
  const cost = new Float64Array(length + 1).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(length + 1);
  const word = new Int32Array(length + 1).fill(-1);
  const longest = longestWords(ranks);
  const perWord = Math.log(Math.log(ranks.size + 1) + 1);
  cost[0] = 0;
  for (let start = 0; start < length; start++) {
    const before = cost[start] as number;
    if (before + PASSED_OVER <= (cost[start + 1] as number)) {
      cost[start + 1] = before + PASSED_OVER;
      from[start + 1] = start;
      word[start + 1] = -1;
    }
    // Most places begin no word at all.
    const isPlain = term.charCodeAt(start) < 128;
    const most = isPlain ? (longest.get(term.slice(start, start + MIN_PLAIN)) ?? 0) : MAX_WORD;
    const last = Math.min(length, start + Math.min(most, MAX_WORD));
    for (let end = start + (isPlain ? MIN_PLAIN : 1); end <= last; end++) {
      const rank = ranks.get(term.slice(start, end));
      if (rank === undefined) continue;
      const total = before + Math.log(rank + 2) + perWord;
      const known = cost[end] as number;
      // Of equals the shortest word, but rather none.
      if (total > known || (total === known && (word[end] as number) < 0)) continue;
      cost[end] = total;
      from[end] = start;
      word[end] = rank;
    }
  }
  return readBack(from, word, length);
}

const longestByStart = new WeakMap<ReadonlyMap<string, number>, ReadonlyMap<string, number>>();

/** First letters -> length of the longest word that begins so. Taken once: the vocabulary of a model does not change. */
function longestWords(ranks: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const known = longestByStart.get(ranks);
  if (known) return known;
  const longest = new Map<string, number>();
  for (const word of ranks.keys()) {
    const start = word.slice(0, MIN_PLAIN);
    longest.set(start, Math.max(word.length, longest.get(start) ?? 0));
  }
  longestByStart.set(ranks, longest);
  return longest;
}

function readBack(from: Int32Array, word: Int32Array, length: number): readonly number[] {
  const words: number[] = [];
  let passed = 0;
  for (let end = length; end > 0; end = from[end] as number) {
    if ((word[end] as number) >= 0) words.push(word[end] as number);
    else passed++;
  }
  return passed > length * MAX_PASSED ? NO_WORDS : words.reverse();
}
