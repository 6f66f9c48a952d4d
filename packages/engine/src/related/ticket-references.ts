/**
 * Tickets, reviews and advisories that a text names: `#12`, `GH-12`, `ABC-12`, addresses, trailers, subjects of merges. Linear in
 * the text: every pattern is bounded and none can go back. Knows no git.
 */
import { textTable } from '../model/text-table.ts';

export type TicketKind = 'issue' | 'pull_request' | 'ticket' | 'advisory' | 'review' | 'commit';

export interface TicketReference {
  /** `#12`, `ABC-12`, `owner/name#12`, `CVE-2024-1`; an address where nothing shorter is known. */
  readonly id: string;
  readonly kind: TicketKind;
  readonly url?: string;
}

export interface TicketText {
  readonly text: string;
  /** `subject` is the first line of a commit; in `code` a bare `#12` is more often a colour or an anchor. */
  readonly where: 'subject' | 'body' | 'code';
}

/** A name with a number is a ticket only where the prefix is one of a tracker. */
export type IsTracker = (key: string) => boolean;

/** Digits of a hash that name a commit. */
export const SHORTEST_HASH = 7;

/** Whether the text has the hash, or the beginning of it, as a word. */
export function namesCommit(text: string, hash: string): boolean {
  const words = text.slice(0, MAX_TEXT).matchAll(/(?<![\w-])[0-9a-f]{7,64}(?![\w-])/gi);
  return [...words].some(([word]) => hash.startsWith(word.toLowerCase()));
}

const MAX_TEXT = 40_000;
const MAX_REFERENCES = 100;

const URL = /\bhttps?:\/\/[^\s<>"'`)\]}]{4,400}/g;
const HASHED = /(?<![\w&/#])#(\d{1,7})(?![\w-])/g;
const GITHUB = /\bGH-(\d{1,7})\b/gi;
const KEYED = /(?<![\w-])([A-Z][A-Z0-9_]{1,9})-(\d{1,6})(?![\w-])/g;
const ADVISORY = /\b(?:CVE-\d{4}-\d{4,7}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3})\b/g;
const MERGED =
  /^Merge pull request #(\d{1,7})\b|^Merged PR (\d{1,7}):|\(pull request #(\d{1,7})\)|\(#(\d{1,7})\)\s*$/;
const MERGE_REQUEST = /\bSee merge request ([\w./-]{0,120})!(\d{1,7})\b/g;
/** What code says before a number that is a ticket. */
const CODE_NUMBER =
  /\b(?:issues?|bugs?|tickets?|fix(?:e[sd])?|close[sd]?|resolve[sd]?|see|pr|pull request|refs?)[\s:]{1,3}(?:gh-)?#?(\d{2,7})\b|\(#(\d{2,7})\)|\bGH-(\d{2,7})\b/gi;
const FIXED_COMMIT = /^Fixes: ([0-9a-f]{8,40})\b/gm;
const TRAILER_NUMBER = /^(?:Bug|Issue|Closes|Fixes)[:#] ?(?:[a-z]{1,20}:)?(\d{2,9})$/gim;
const CLOSED = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)[:\s]{1,2}#(\d{1,7})\b/gi;

export function findTickets({ text, where }: TicketText, isTracker: IsTracker): readonly TicketReference[] {
  const found = new Map<string, TicketReference>();
  const add = (id: string, kind: TicketKind, url?: string) => {
    const known = found.get(id);
    if (known === undefined && found.size >= MAX_REFERENCES) return;
    // What says which kind it is outdoes what does not.
    const best = known === undefined || known.kind === 'ticket' ? kind : known.kind;
    const address = known?.url ?? url;
    found.set(id, { id, kind: best, ...(address === undefined ? {} : { url: address }) });
  };
  const head = text.slice(0, MAX_TEXT);
  if (where === 'subject') {
    const [, ...numbers] = MERGED.exec(head) ?? [];
    const number = numbers.find((one) => one !== undefined);
    if (number !== undefined) add(`#${number}`, 'pull_request');
  }
  for (const [url] of head.matchAll(URL)) addAddress(url.replace(/[.,;:!?]+$/, ''), add);
  const rest = head.replace(URL, ' ');
  for (const [id] of rest.matchAll(ADVISORY)) add(id, 'advisory');
  for (const [, key = '', number = ''] of rest.matchAll(KEYED))
    if (key !== 'GH' && isTracker(key)) add(`${key}-${number}`, 'ticket');
  if (where === 'code') {
    for (const match of rest.matchAll(CODE_NUMBER)) add(`#${match[1] ?? match[2] ?? match[3]}`, 'ticket');
    return [...found.values()];
  }
  for (const [, number] of rest.matchAll(CLOSED)) add(`#${number}`, 'issue');
  for (const [, number] of rest.matchAll(HASHED)) add(`#${number}`, 'ticket');
  for (const [, number] of rest.matchAll(GITHUB)) add(`#${number}`, 'ticket');
  for (const [, , number] of rest.matchAll(MERGE_REQUEST)) add(`!${number}`, 'pull_request');
  for (const [, hash] of rest.matchAll(FIXED_COMMIT)) add(hash as string, 'commit');
  for (const [, number] of rest.matchAll(TRAILER_NUMBER)) add(`#${number}`, 'issue');
  return [...found.values()];
}

const KIND_OF_FOLDER = textTable<TicketKind>({
  issues: 'issue',
  issue: 'issue',
  pull: 'pull_request',
  pulls: 'pull_request',
  merge_requests: 'pull_request',
  'pull-requests': 'pull_request',
  pullrequest: 'pull_request',
  discussions: 'ticket',
  browse: 'ticket',
  ticket: 'ticket',
  tickets: 'ticket',
  bugs: 'issue',
  workitems: 'ticket',
  advisories: 'advisory',
  '+': 'review',
});
const FOLDER =
  /^https?:\/\/[^/]{1,200}((?:\/[^/?#]{1,100}){0,6}?)(?:\/-)?\/(issues?|pulls?|merge_requests|pull-requests|pullrequest|discussions|browse|tickets?|bugs|workitems|advisories|\+)\/([A-Z][A-Z0-9]{1,9}-\d{1,6}|\d{1,9}|GHSA-[\w-]{14})/;
const BUGZILLA = /\/show_bug\.cgi\?(?:[^#\s]{0,80}&)?id=(\d{1,9})/;

function addAddress(url: string, add: (id: string, kind: TicketKind, url?: string) => void): void {
  const [, project = '', folder = '', number = ''] = FOLDER.exec(url) ?? [];
  if (number !== '') {
    const kind = KIND_OF_FOLDER[folder] ?? 'ticket';
    // `c/project/+/12` is a change of Gerrit.
    const owner = folder === '+' ? '' : project.split('/').slice(-2).filter(Boolean).join('/');
    add(
      /^\d/.test(number) ? `${owner}${folder === 'merge_requests' ? '!' : '#'}${number}` : number,
      kind,
      url,
    );
    return;
  }
  const bug = BUGZILLA.exec(url)?.[1];
  if (bug !== undefined) add(`bug ${bug}`, 'issue', url);
}

// --- trackers ----------------------------------------------------------------------------------------------------

/** Names with numbers that are standards, encodings and the like: no tracker has these keys. */
const NO_TRACKERS = new Set(
  'UTF SHA MD ISO RFC AES RSA HTTP TLS SSL ES X509 ECMA IEEE IEC ANSI ASCII UCS EUC CP PEP BIP EIP JEP JSR KIP KEP CWE CVE GHSA GH PR MR US EN DE UTC GMT IPV LATIN WINDOWS KOI8 BASE BLAKE2 CRC FNV HS RS PS ED WIN MP MPEG PKCS DES GPT USB PCI COVID ID V VERSION PY PYTHON PHP JAVA JDK GCC NODE K8S WCAG ROT'.split(
    ' ',
  ),
);
const MIN_COMMITS = 3;

/** Keys that stand with at least two numbers in at least three of these subjects. */
export function trackerKeys(subjects: Iterable<string>): ReadonlySet<string> {
  const seen = new Map<string, { commits: number; readonly numbers: Set<string> }>();
  for (const subject of subjects) {
    for (const [, key = '', number = ''] of subject.slice(0, 300).matchAll(KEYED)) {
      if (NO_TRACKERS.has(key)) continue;
      const entry = seen.get(key) ?? { commits: 0, numbers: new Set() };
      entry.commits++;
      entry.numbers.add(number);
      seen.set(key, entry);
    }
  }
  return new Set(
    [...seen]
      .filter(([, { commits, numbers }]) => commits >= MIN_COMMITS && numbers.size > 1)
      .map(([key]) => key),
  );
}

// --- a ticket as the question --------------------------------------------------------------------------------------

export interface AskedTicket {
  readonly id: string;
  /** Texts of which one stands wherever the ticket is named, for a first search. */
  readonly texts: readonly string[];
  /** Whether the text names it, and not one whose number goes on. */
  names(text: string): boolean;
}

const ASKED_NUMBER = /^(?:(?:issue|ticket|bug|pr|pull request|mr|merge request)\s+)?(?:#|gh-|!)?(\d{1,7})$/i;

/** undefined: the text is no ticket. A bare number is none. */
export function askedTicket(text: string): AskedTicket | undefined {
  const asked = text.trim();
  const fromUrl = /^https?:\/\//.test(asked)
    ? findTickets({ text: asked, where: 'body' }, () => true)[0]
    : undefined;
  if (fromUrl) {
    const number = /[#!](\d+)$/.exec(fromUrl.id)?.[1];
    return number === undefined ? keyed(fromUrl.id) : numbered(number, fromUrl.id);
  }
  const number = /^\d+$/.test(asked) ? undefined : ASKED_NUMBER.exec(asked)?.[1];
  if (number !== undefined) return numbered(number, asked.includes('!') ? `!${number}` : `#${number}`);
  const isKeyed =
    /^[A-Za-z][A-Za-z0-9_]{1,9}-\d{1,6}$/.test(asked) || new RegExp(`^${ADVISORY.source}$`, 'i').test(asked);
  return isKeyed ? keyed(asked.toUpperCase()) : undefined;
}

function numbered(number: string, id: string): AskedTicket {
  const texts = [
    `#${number}`,
    `GH-${number}`,
    `/issues/${number}`,
    `/pull/${number}`,
    `!${number}`,
    `_requests/${number}`,
  ];
  const pattern = new RegExp(
    `(?:(?<![\\w&/#])#|\\bGH-|/(?:issues|pull|discussions|merge_requests)/|(?<![\\w])!|[\\w]#)${number}(?![\\w-])`,
    'i',
  );
  return { id, texts, names: (text) => pattern.test(text) };
}

function keyed(id: string): AskedTicket {
  const pattern = new RegExp(`(?<![\\w-])${id.replace(/[^\w-]/g, '\\$&')}(?![\\w-])`, 'i');
  return { id, texts: [id], names: (text) => pattern.test(text) };
}
