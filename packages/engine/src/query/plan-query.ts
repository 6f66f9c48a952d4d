/** A query's text -> a plan: what kind of question it is, which terms and names to look up. Immutable, printable. */

import type { WeightedTerm } from '../lexical/bm25f.ts';
import { DEFINITION_PREFIX, EXACT_DEFINITION_PREFIX } from '../lexical/fields.ts';
import { phrasesOf } from '../lexical/literal-phrases.ts';
import { exactName, normalizeName, stem, termsOf } from '../lexical/tokenize.ts';
import { readPlace } from '../model/place.ts';
import { findMentions, lastName, type PathMention } from './mentions.ts';
import { type NamedPlace, namedPlaces } from './named-places.ts';
import { synonymsOf } from './synonyms.ts';
import { testsAskedOf } from './tests-asked.ts';

/**
 * `symbol`: one identifier, qualified or not. `path`: one file path. `exact`: a quoted string. `regex`: /…/.
 * `words`: a phrase or question. `report`: an issue text, an error with its trace, anything long. `code`: lines of a file.
 */
export type QueryKind = 'symbol' | 'path' | 'exact' | 'regex' | 'words' | 'report' | 'code';

export interface NameLookup {
  /** As written, qualified or not. */
  readonly name: string;
  /** Dictionary terms of the last part: in any spelling, and as written. */
  readonly term: string;
  readonly exactTerm: string;
}

export interface QueryPlan {
  readonly kind: QueryKind;
  readonly text: string;
  /** Words, most telling kept; each once, with its weight. */
  readonly terms: readonly WeightedTerm[];
  readonly names: readonly NameLookup[];
  readonly paths: readonly PathMention[];
  /** Lines of files that the text names, with the function that a frame of a trace is in. */
  readonly places: readonly (NamedPlace & { readonly name?: NameLookup })[];
  /** For `exact` and `regex`: what ripgrep searches; of several texts all are wanted. */
  readonly patterns: readonly string[];
  /** Texts in quotes within a question. */
  readonly quoted: readonly string[];
  /** Tests are asked for; `terms` are of what they test. */
  readonly asksForTests: boolean;
}

/** ripgrep is started for each. */
const MAX_PATTERNS = 4;
const QUOTED_TEXT = /"([^"\n]{2,})"/g;
const isQuotedTexts = (query: string) => query.startsWith('"') && /^(?:"[^"\n]{2,}"\s*)+$/.test(query);

/** A report repeats itself; words beyond the most telling only add time. Stated in the plan, not silent. */
const MAX_TERMS = 160;
const MAX_NAMES = 40;
const REPORT_WORDS = 40;
/** Saturation of a term's count within the query (BM25's k3). */
const K3 = 3;

/** Measured on the development half: see docs/adr/0006-ranking.md. */
const SYNONYM_WEIGHT = 0.3;

const STOP_WORDS = new Set(
  `a an and are as at be but by can could do does for from had has have how i if in into is it its me my no not of on or our
  should so such that the their then there these they this to was we were what when where which who why will with would you your`
    .split(/\s+/)
    .map(stem),
);

const IDENTIFIER_QUERY = /^[A-Za-z_$~@][\w$]*(?:(?:\.|::|#|->|\/|\\)[A-Za-z_$~][\w$]*[!?=]?)*[!?]?(?:\(\))?$/;

export function kindOfQuery(text: string): QueryKind {
  const query = text.trim();
  if (/^\/.+\/[a-z]*$/s.test(query) && query.length > 4 && /[\\[\](){}*+?|^$]/.test(query)) return 'regex';
  if (isQuotedTexts(query)) return 'exact';
  if (/^(["'`]).{2,}\1$/s.test(query) && !query.slice(1, -1).includes(query[0] as string)) return 'exact';
  if (!/\s/.test(query)) {
    const namesFile = /\.[A-Za-z][A-Za-z0-9]{0,5}(:\d+)*$/.test(query);
    if (/[\\/]/.test(query) && !query.includes('::')) return 'path';
    if (namesFile && findMentions(query).paths.length > 0) return 'path';
    if (IDENTIFIER_QUERY.test(query)) return 'symbol';
  }
  const words = query.split(/\s+/).length;
  return words > REPORT_WORDS || query.includes('\n') ? 'report' : 'words';
}

/**
 * `task`: locate's planning, where the first line (a title) counts more. `ubiquitous`: terms that fit nearly every file
 * of the workspace, such as the name of its language.
 */
export function planQuery(
  text: string,
  mode: 'search' | 'task' = 'search',
  ubiquitous: ReadonlySet<string> = new Set(),
): QueryPlan {
  const query = text.trim();
  const kind = kindOfQuery(query);
  const mentions = findMentions(query);
  const tested = kind === 'words' ? testsAskedOf(query) : undefined;
  const names = kind === 'symbol' ? [query.replace(/\(\)$/, '')] : mentions.names;
  return {
    kind,
    text: query,
    terms: weighTerms(tested === undefined ? query : `test ${tested}`, kind, mode, ubiquitous),
    names: [...new Set(names)].slice(0, MAX_NAMES).map(nameLookup),
    paths: kind === 'path' ? [pathMention(query)] : mentions.paths,
    places: namedPlaces(query).map((place) =>
      place.symbol === undefined ? place : { ...place, name: nameLookup(place.symbol) },
    ),
    patterns: patternsOf(query, kind),
    quoted: kind === 'words' ? mentions.quoted : [],
    asksForTests: tested !== undefined,
  };
}

function patternsOf(query: string, kind: QueryKind): readonly string[] {
  if (kind === 'regex') return [query.replace(/^\/|\/[a-z]*$/g, '')];
  if (kind !== 'exact') return [];
  return isQuotedTexts(query)
    ? [...query.matchAll(QUOTED_TEXT)].map((match) => match[1] as string).slice(0, MAX_PATTERNS)
    : [query.slice(1, -1)];
}

function pathMention(query: string): PathMention {
  const { path, lines } = readPlace(query);
  const mention = { path: path.replace(/^\//, ''), inTrace: false };
  return lines ? { ...mention, line: lines.start } : mention;
}

function nameLookup(name: string): NameLookup {
  const last = lastName(name);
  return {
    name,
    term: DEFINITION_PREFIX + normalizeName(last),
    exactTerm: EXACT_DEFINITION_PREFIX + exactName(last),
  };
}

function weighTerms(
  query: string,
  kind: QueryKind,
  mode: 'search' | 'task',
  ubiquitous: ReadonlySet<string>,
): WeightedTerm[] {
  const counts = new Map<string, number>();
  const add = (text: string, times: number) => {
    const { words, wholes } = termsOf(text);
    for (const term of [...words, ...wholes]) counts.set(term, (counts.get(term) ?? 0) + times);
  };
  add(query, 1);
  const title = query.slice(0, query.includes('\n') ? query.indexOf('\n') : query.length);
  if (kind === 'report' || (mode === 'task' && title.length < query.length)) add(title, 2);
  const content = [...counts].filter(([term]) => !STOP_WORDS.has(term));
  // "what is it" has nothing else to go by.
  const kept = content.length > 0 ? content : [...counts];
  const own = kept
    .map(([term, count]) => {
      const weight = ((K3 + 1) * count) / (K3 + count);
      return { term, weight: ubiquitous.has(term) ? weight * UBIQUITOUS_WEIGHT : weight };
    })
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAX_TERMS);
  const known = new Set(counts.keys());
  const extra = [...compoundTerms(title, known), ...phraseTerms(query)];
  return kind === 'words' ? [...own, ...extra, ...synonymTerms(own, known)] : [...own, ...extra];
}

/**
 * Neighbouring words joined, as an identifier would join them: "retry delay" finds `retryDelay` and `RETRY_DELAY`. Words
 * between stop words are joined too, because names leave those out.
 */
function compoundTerms(text: string, present: ReadonlySet<string>): WeightedTerm[] {
  const words = (text.toLowerCase().match(/[a-z][a-z\d]*/g) ?? []).slice(0, MAX_COMPOUND_WORDS);
  const content = words.filter((word) => !STOP_WORDS.has(stem(word)));
  const joined = new Set<string>();
  for (const list of [words, content]) {
    for (let i = 0; i + 1 < list.length; i++) {
      joined.add(list.slice(i, i + 2).join(''));
      if (i + 2 < list.length) joined.add(list.slice(i, i + 3).join(''));
    }
  }
  return [...joined]
    .filter((term) => !present.has(term))
    .map((term) => ({ term, weight: COMPOUND_WEIGHT, extra: true }));
}

/**
 * Neighbouring words as string literals have them: a message is found by its text, whatever stood for its variables. A pair may be
 * chance; three in a row hardly are.
 */
function phraseTerms(query: string): WeightedTerm[] {
  const of = (length: number, weight: number) =>
    [...phrasesOf(query, length)].slice(0, MAX_PHRASES).map((term) => ({ term, weight, extra: true }));
  return [...of(2, PAIR_WEIGHT), ...of(3, TRIPLE_WEIGHT)];
}

/** Measured on the development half: docs/adr/0044-messages-by-their-text.md. */
const PAIR_WEIGHT = 0.25;
const TRIPLE_WEIGHT = 1;
/** Of each length; a report has thousands. Its first lines say what was seen. */
const MAX_PHRASES = 200;

/** "python" in a Python repository says little; `ubiquitous` names such words. */
const UBIQUITOUS_WEIGHT = 0.25;
const MAX_COMPOUND_WORDS = 40;
const COMPOUND_WEIGHT = 0.25;

/** Words that may stand for those of the query, once each, at a fraction of their weight. */
function synonymTerms(own: readonly WeightedTerm[], present: ReadonlySet<string>): WeightedTerm[] {
  const extra = new Map<string, number>();
  for (const { term, weight } of own) {
    for (const other of synonymsOf(term)) {
      if (!present.has(other)) extra.set(other, Math.max(extra.get(other) ?? 0, weight * SYNONYM_WEIGHT));
    }
  }
  return [...extra].map(([term, weight]) => ({ term, weight, extra: true }));
}
