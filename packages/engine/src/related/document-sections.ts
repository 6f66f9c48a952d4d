/** Documents that name the target, and decisions that name it or speak in its words. */
import { splitIdentifier, stem, termsOf } from '../lexical/tokenize.ts';
import type { FilePath } from '../model/file.ts';
import type { RelatedEntry } from '../model/related.ts';
import { decodedOutline, runSearch } from '../query/run-search.ts';
import { decisionHead, isDecisionPath } from './decision-records.ts';
import type { CodeTarget, Mention, Question, SectionDraft } from './parts.ts';

export async function docsSection(question: Question): Promise<SectionDraft> {
  // Nothing but its number stands for a ticket: lines of code that name it belong here, too.
  const isTicket = question.target.kind === 'ticket';
  const mentions = (await question.mentions()).filter(({ path }) =>
    isDoc(question, path) ? !isDecisionPath(path) : isTicket,
  );
  const entries = byFile(mentions).map((list) => mentionEntry(question, list));
  const { target } = question;
  const own = target.kind === 'symbol' ? await docComment(question, target) : undefined;
  return { entries: own ? [own, ...entries] : entries, notes: [] };
}

const isDoc = ({ parts }: Question, path: FilePath) => parts.index.view.file(path)?.kind === 'doc';
const isChangelog = ({ parts }: Question, path: FilePath) =>
  parts.index.view.file(path)?.traits.includes('changelog') ?? false;

/** Files by their strongest mention, then by the number of mentions; in each the strongest first. */
function byFile(mentions: readonly Mention[]): Mention[][] {
  const files = [...Map.groupBy(mentions, ({ path }) => path).values()].map((list) =>
    list.sort((a, b) => b.strength - a.strength || a.line - b.line),
  );
  const strengthOf = ([first]: readonly Mention[]) => first?.strength ?? 0;
  return files.sort(
    (a, b) =>
      strengthOf(b) - strengthOf(a) ||
      b.length - a.length ||
      ((a[0]?.path ?? '') < (b[0]?.path ?? '') ? -1 : 1),
  );
}

const HOW = { 3: 'names it in full', 2: 'names it', 1: 'names it' } as const;

function mentionEntry(question: Question, list: readonly Mention[]): RelatedEntry {
  const { path, line, text, hash, strength } = list[0] as Mention;
  const others = list.slice(1, 6).map((other) => other.line);
  return {
    id: path,
    title: path,
    reasons: [
      `${HOW[strength]} in line ${line}${others.length > 0 ? `, also ${others.join(', ')}` : ''}${list.length > 6 ? ` and ${list.length - 6} more` : ''}`,
      ...(isChangelog(question, path) ? ['a changelog'] : []),
    ],
    place: { path, start: line, end: line, hash },
    text,
  };
}

async function docComment({ parts }: Question, target: CodeTarget): Promise<RelatedEntry | undefined> {
  const [bytes] = await parts.index.outlines([target.path]);
  const symbol =
    bytes &&
    decodedOutline(bytes).symbols.find(
      ({ start, end }) => start === target.span.start && end === target.span.end,
    );
  if (!symbol || symbol.docStart === 0) return undefined;
  const { docStart: start, docEnd: end } = symbol;
  return {
    id: `${target.path}:${start}-${end}`,
    title: target.name,
    reasons: ['its own doc comment'],
    place: { path: target.path, start, end, hash: target.hash },
    text: target.lines.slice(start - 1, Math.min(end, start + 5)).join('\n'),
  };
}

// --- decisions -------------------------------------------------------------------------------------------------------

/** One that means itself as a glob. */
const PLAIN_PATH = /^[\p{L}\p{N} _.,@+/-]{1,250}$/u;
/** Decisions that are searched for shared words. */
const MAX_RECORDS = 50;
const MAX_ALIKE = 5;
const MIN_SHARED = 2;
/** A word in more of the chunks than this (`query` in a search engine) tells nothing. */
const COMMON_SHARE = 0.02;
const COMMON_AT_LEAST = 10;

export async function decisionsSection(question: Question): Promise<SectionDraft> {
  const named = byFile(
    (await question.mentions()).filter(({ path }) => isDoc(question, path) && isDecisionPath(path)),
  );
  const entries = named.map((list) => withHead(question, mentionEntry(question, list)));
  const known = new Set(named.map(([first]) => first?.path));
  const alike = (await recordsAlike(question)).filter(({ id }) => !known.has(id));
  return { entries: [...entries, ...alike], notes: [] };
}

function withHead({ parts }: Question, entry: RelatedEntry): RelatedEntry {
  const { title, status, date } = decisionHead(parts.index.read(entry.id)?.lines ?? []);
  const said = [
    status === undefined ? '' : `status ${status}`,
    date === undefined ? '' : `of ${date}`,
  ].filter((part) => part !== '');
  return {
    ...entry,
    title: title === '' ? entry.id : title,
    reasons: [...entry.reasons, ...(said.length > 0 ? [said.join(', ')] : [])],
  };
}

/** Records whose best passage has at least two rare words of those that the target's name and path are made of. */
async function recordsAlike(question: Question): Promise<RelatedEntry[]> {
  const { parts, target, signal } = question;
  if (target.kind === 'ticket' || target.kind === 'commit') return [];
  const paths: FilePath[] = [];
  for (const { path, kind } of parts.index.view.files())
    if (kind === 'doc' && isDecisionPath(path) && PLAIN_PATH.test(path)) paths.push(path);
  const names = target.kind === 'deleted_file' ? [] : target.names;
  const words = wordsOf(target.path, names);
  if (paths.length === 0 || words.size < MIN_SHARED) return [];
  const request = {
    query: [...words.values()].join(' '),
    filter: {
      paths: paths
        .sort()
        .slice(-MAX_RECORDS)
        .map((path) => `/${path}`),
      kinds: ['doc' as const],
    },
    limit: 2 * MAX_ALIKE,
    maxTokens: 20_000,
    explain: true,
  };
  const { hits, plan } = await runSearch(parts.index, request, undefined, signal);
  const most = Math.max(COMMON_AT_LEAST, COMMON_SHARE * parts.index.view.liveDocs);
  const rare = new Set(plan?.terms.flatMap(({ term, documents }) => (documents <= most ? [term] : [])));
  const entries: RelatedEntry[] = [];
  for (const { path, start, end, hash, text = '' } of hits) {
    const present = new Set(termsOf(text).words);
    const shared = [...words].filter(([term]) => present.has(term)).map(([, word]) => word);
    const telling = [...words].filter(([term]) => present.has(term) && rare.has(term));
    if (telling.length < MIN_SHARED || entries.some(({ id }) => id === path) || entries.length >= MAX_ALIKE)
      continue;
    const reasons = [`weak: lines ${start}-${end} share its words ${shared.join(', ')}, and do not name it`];
    entries.push(withHead(question, { id: path, title: path, reasons, place: { path, start, end, hash } }));
  }
  return entries;
}

const PLAIN_WORDS = new Set(
  'src lib test tests index main packages package core common util utils helper helpers app js ts py get set is the of to'
    .split(' ')
    .map(stem),
);

/** Stem -> word, of the definition's names, the file's name and its folder. */
function wordsOf(path: FilePath, names: readonly string[]): Map<string, string> {
  const parts = path
    .replace(/\.[^./]+$/, '')
    .split('/')
    .slice(-2);
  const words = new Map<string, string>();
  for (const part of [...names, ...parts].flatMap((name) => name.split(/[^\p{L}\p{N}_$]+/u))) {
    for (const word of splitIdentifier(part)) {
      const term = stem(word.toLowerCase());
      if (term.length > 2 && !PLAIN_WORDS.has(term)) words.set(term, word.toLowerCase());
    }
  }
  return words;
}
