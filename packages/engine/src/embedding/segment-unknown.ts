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
  const cost = new Float64Array(length + 1);
  const from = new Int32Array(length + 1);
  const word = new Int32Array(length + 1).fill(-1);
  const logCount = Math.log(ranks.size + 1);
  for (let end = 1; end <= length; end++) {
    cost[end] = (cost[end - 1] as number) + PASSED_OVER;
    from[end] = end - 1;
    for (let start = end - 1; start >= Math.max(0, end - MAX_WORD); start--) {
      if (end - start < MIN_PLAIN && term.charCodeAt(start) < 128) continue;
      const rank = ranks.get(term.slice(start, end));
      if (rank === undefined) continue;
      const total = (cost[start] as number) + Math.log(rank + 2) + Math.log(logCount + 1);
      if (total >= (cost[end] as number)) continue;
      cost[end] = total;
      from[end] = start;
      word[end] = rank;
    }
  }
  return readBack(from, word, length);
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
