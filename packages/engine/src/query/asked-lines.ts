/**
 * Lines that hold what a query writes out: a quoted text, a pattern, the name of a setting. A query that is nothing but quoted
 * texts is looked up on disk by ripgrep; a name within a question only where the index says that few passages can hold it,
 * and then in their files as they are on disk.
 */

import type { FileRecord, IndexView } from '../lexical/index-view.ts';
import type { PostingCache } from '../lexical/posting-cache.ts';
import { readPostings } from '../lexical/read-postings.ts';
import { termsOf } from '../lexical/tokenize.ts';
import { counted } from '../model/counted.ts';
import type { FilePath } from '../model/file.ts';
import type { PatternMatch, PatternMatches } from './exact-matches.ts';
import type { PassageReader } from './passages.ts';
import type { QueryPlan } from './plan-query.ts';

export interface LineIndex extends PassageReader {
  readonly view: IndexView;
  readonly cache: PostingCache;
  /** Lines of the files that are accepted which hold a literal or match a pattern. @throws ConexusError invalid_pattern */
  findLines(
    pattern: string,
    regex: boolean,
    accepts: (path: FilePath) => boolean,
    signal?: AbortSignal,
  ): Promise<PatternMatches>;
}

export interface AskedLines {
  /** For each text or pattern its lines. */
  readonly groups: readonly (readonly PatternMatch[])[];
  /** The query is nothing else: where there are such lines, what lacks them is no result. */
  readonly isAll: boolean;
  /** There are more lines than were looked at. */
  readonly truncated: boolean;
  /** Why nothing could be looked up; the words are searched all the same. */
  readonly missing?: string | undefined;
}

/** How much a line is what was asked, where nothing else was. */
const WHOLE_WORD = 1;
const PART_OF_WORD = 0.4;
/**
 * How much it is where the text fills a string, and where it merely stands. Of a question the lines point at an answer and need
 * not be it, so that names with a definition, and names of files and types, are left to the words (measured: docs/adr/0043).
 */
const FITS = {
  bareName: { string: 1, word: 0.5 },
  bareQualified: { string: 1, word: 0 },
  name: { string: 0.4, word: 0 },
  hyphened: { string: 0.3, word: 0 },
  quoted: { string: 0.05, word: 0.05 },
} as const;

export async function askedLines(
  index: LineIndex,
  plan: QueryPlan,
  accepts: (path: FilePath) => boolean,
  signal?: AbortSignal,
): Promise<AskedLines | undefined> {
  if (plan.patterns.length > 0) return patternLines(index, plan, accepts, signal);
  if (plan.kind !== 'words' && plan.kind !== 'symbol') return undefined;
  const groups = await literalLines(index, plan, accepts);
  return groups.length === 0 ? undefined : { groups, isAll: false, truncated: false };
}

async function patternLines(
  index: Pick<LineIndex, 'findLines'>,
  { patterns, kind }: QueryPlan,
  accepts: (path: FilePath) => boolean,
  signal?: AbortSignal,
): Promise<AskedLines> {
  const isRegex = kind === 'regex';
  const groups: PatternMatch[][] = [];
  let isCut = false;
  let reason: string | undefined;
  for (const pattern of patterns) {
    const { matches, truncated, missing } = await index.findLines(pattern, isRegex, accepts, signal);
    const isWhole = isRegex ? undefined : wholeWord(pattern);
    groups.push(
      matches.map((match) => ({
        ...match,
        fit: isWhole === undefined || isWhole(match.text ?? '') ? WHOLE_WORD : PART_OF_WORD,
      })),
    );
    isCut ||= truncated;
    reason ??= missing;
  }
  return { groups, isAll: true, truncated: isCut, missing: reason };
}

/** Whether a line has the text with no letter, digit or `_` going on at either end. Linear. */
function wholeWord(text: string): (line: string) => boolean {
  const isWordAt = (line: string, at: number) => /[\p{L}\p{N}_]/u.test(line.charAt(at));
  const [startsWord, endsWord] = [isWordAt(text, 0), isWordAt(text, text.length - 1)];
  return (line) => {
    for (let at = line.indexOf(text); at >= 0; at = line.indexOf(text, at + 1)) {
      const end = at + text.length;
      if (!(startsWord && at > 0 && isWordAt(line, at - 1)) && !(endsWord && isWordAt(line, end)))
        return true;
    }
    return false;
  };
}

// --- within a question -------------------------------------------------------------------------------------------

const MAX_TEXTS = 8;
/** What stands in more files is no rare name, and reading them would take longer than it is worth. */
const MAX_FILES = 30;

interface Literal {
  readonly text: string;
  readonly fit: { readonly string: number; readonly word: number };
}

async function literalLines(
  index: LineIndex,
  plan: QueryPlan,
  accepts: (path: FilePath) => boolean,
): Promise<readonly (readonly PatternMatch[])[]> {
  const groups: (readonly PatternMatch[])[] = [];
  for (const literal of await literalsOf(index, plan)) {
    const files = (await filesWithAll(index, literal.text)).filter(({ path }) => accepts(path));
    if (files.length === 0 || files.length > MAX_FILES) continue;
    const found = files.map(({ path }) => linesOf(index, path, literal)).filter(({ length }) => length > 0);
    // Of a question what stands in many files says less; of a name alone all of them are meant.
    const share = plan.kind === 'symbol' ? 1 : found.length;
    const matches = found.flat().map((match) => ({ ...match, fit: match.fit / share }));
    if (matches.length > 0) groups.push(matches);
  }
  return groups;
}

/** Quoted texts, and names; of a query that is one name only where nothing is defined by it. */
async function literalsOf(
  { view, cache }: Pick<LineIndex, 'view' | 'cache'>,
  { kind, names, quoted, text }: QueryPlan,
): Promise<readonly Literal[]> {
  const isQualified = (name: string) => /[.#:>]/.test(name);
  const isSetting = (name: string) => /^[\w$.]+$/.test(name);
  if (kind === 'symbol') {
    const [name] = names;
    if (name === undefined) return [];
    const isDefined =
      ((await readPostings(view, [name.exactTerm], cache)).get(name.exactTerm) ?? []).length > 0;
    if (isDefined && !isQualified(name.name)) return [];
    return [{ text: name.name, fit: isQualified(name.name) ? FITS.bareQualified : FITS.bareName }];
  }
  const asked = names.slice(0, MAX_TEXTS);
  const defined = await readPostings(
    view,
    asked.map(({ exactTerm }) => exactTerm),
    cache,
  );
  const settings = asked.filter(
    ({ name, exactTerm }) =>
      isSetting(name) && (isQualified(name) || (defined.get(exactTerm) ?? []).length === 0),
  );
  return [
    ...quoted.map((one) => ({ text: one, fit: FITS.quoted })),
    ...settings.map(({ name }) => ({ text: name, fit: FITS.name })),
    ...(text.match(HYPHENED) ?? []).map((one) => ({ text: one, fit: FITS.hyphened })),
  ].slice(0, MAX_TEXTS);
}

/** Settings of programs in C, of CSS, of the command line: `repl-diskless-sync-delay`. */
export const HYPHENED = /(?<![\w.-])[A-Za-z]\w{0,60}(?:-\w{1,60}){1,8}(?![\w-])/g;

/** Files with a passage that has all terms of the text. */
async function filesWithAll(
  { view, cache }: Pick<LineIndex, 'view' | 'cache'>,
  text: string,
): Promise<readonly FileRecord[]> {
  const { words, wholes } = termsOf(text);
  const terms = [...new Set([...wholes, ...words])];
  if (terms.length === 0) return [];
  const postings = await readPostings(view, terms, cache);
  const slots = new Set<number>();
  for (const segment of view.segments) {
    const lists = terms.map(
      (term) => postings.get(term)?.find((list) => list.segment === segment)?.postings.docs ?? [],
    );
    // The rarest decides what is looked at.
    const [rarest = [], ...others] = lists.sort((a, b) => a.length - b.length);
    let docs = [...rarest];
    for (const list of others) {
      if (docs.length === 0) break;
      const known = new Set(list);
      docs = docs.filter((doc) => known.has(doc));
    }
    for (const doc of docs) slots.add(segment.slotBase + (segment.blobOf[doc] as number));
    if (slots.size > MAX_FILES) break;
  }
  return [...slots].flatMap((slot) =>
    view
      .filesOfSlot(slot)
      .map((id) => view.fileById(id))
      .filter((file) => file !== undefined),
  );
}

function linesOf(
  { read }: PassageReader,
  path: FilePath,
  { text, fit }: Literal,
): readonly Required<Pick<PatternMatch, 'path' | 'line' | 'fit'>>[] {
  const isWhole = wholeWord(text);
  return (read(path)?.lines ?? []).flatMap((line, at) => {
    if (!line.includes(text)) return [];
    const own: number = fillsString(line, text) ? fit.string : isWhole(line) ? fit.word : 0;
    return own > 0 ? [{ path, line: at + 1, fit: own }] : [];
  });
}

/** Not backquotes: they are the marks of names in documents. */
const QUOTES = ['"', "'"];

const fillsString = (line: string, text: string) =>
  QUOTES.some((quote) => line.includes(`${quote}${text}${quote}`));

/** Of a query that is nothing but texts: how many lines have them, or what was taken instead. */
export function exactNotes(
  { patterns, kind }: QueryPlan,
  { groups, truncated, missing }: AskedLines,
  areAll: boolean,
): string[] {
  if (missing !== undefined) return [missing];
  if (truncated) return ['More lines match than were ranked; conexus grep lists them all, in order.'];
  const what = kind === 'regex' ? 'match' : 'hold';
  const absent = patterns.filter((_, i) => groups[i]?.length === 0);
  if (absent.length > 0) {
    const said = patterns.length === 1 ? 'this exactly' : absent.map((text) => `“${text}”`).join(' or ');
    return [`No indexed line ${what}s ${said}; the hits share its words.`];
  }
  if (!areAll) return ['No file holds all of these texts; each hit holds one.'];
  return groups.map((matches, i) => {
    const files = new Set(matches.map(({ path }) => path)).size;
    const text = patterns.length === 1 ? 'it' : `“${patterns[i]}”`;
    return `${counted(matches.length, `line ${what}s`, `lines ${what}`)} ${text}, in ${counted(files, 'file')}; no other is a result.`;
  });
}
