/**
 * gitignore syntax: text -> rules, and whether a rule speaks of a path. Pure; reads no files.
 *
 * Written rather than taken from a package for three reasons. A path must be judged by itself, without its parents:
 * a deeper file may re-include a folder that a shallower one ignores. Nothing is remembered per path, so
 * a walk of a large tree costs no memory. And no regular expression is built from a repository's text: matching goes
 * back to the last star only, so a hostile pattern cannot make it slow.
 * Characters are UTF-16 units where git compares bytes: `?` matches `é` here.
 */
import { textTable } from './text-table.ts';

/** One part between slashes. `globstar` stands for any number of folders. */
type Segment =
  | { readonly kind: 'globstar' }
  | { readonly kind: 'exact' | 'prefix' | 'suffix'; readonly text: string }
  | { readonly kind: 'glob'; readonly tokens: readonly Token[] };

type Token = string | typeof ANY | typeof STAR | CharClass;

interface CharClass {
  readonly negated: boolean;
  readonly ranges: readonly (readonly [number, number])[];
}

const ANY = 1;
const STAR = 2;
const GLOBSTAR: Segment = { kind: 'globstar' };

interface Rule {
  readonly negated: boolean;
  readonly folderOnly: boolean;
  /** One segment: compared with the last name of a path only. Several: with the whole path. */
  readonly byName: boolean;
  readonly segments: readonly Segment[];
}

export interface IgnoreRules {
  readonly ignoreCase: boolean;
  readonly rules: readonly Rule[];
  /** Numbers of the rules that compare one name as it stands, by that name: half of all, and none of them is tried on others. */
  readonly byExactName: ReadonlyMap<string, readonly number[]>;
  /** Numbers of the other rules, ascending: of all, and of those that speak of files. */
  readonly others: readonly number[];
  readonly othersForFiles: readonly number[];
}

/** Reads the text of an ignore file; undefined when it holds no rule. */
export function parseIgnoreRules(text: string, ignoreCase = false): IgnoreRules | undefined {
  const rules: Rule[] = [];
  for (const line of (text.startsWith('\uFEFF') ? text.slice(1) : text).split('\n')) {
    const rule = parseLine(ignoreCase ? foldLine(line) : line);
    if (rule !== undefined) rules.push(rule);
  }
  if (rules.length === 0) return undefined;
  return withNumbers(rules, ignoreCase);
}

function withNumbers(rules: readonly Rule[], ignoreCase: boolean): IgnoreRules {
  const byExactName = new Map<string, number[]>();
  const others: number[] = [];
  for (const [number, { byName, segments }] of rules.entries()) {
    const [segment] = segments;
    if (!byName || segment?.kind !== 'exact') others.push(number);
    else {
      const same = byExactName.get(segment.text);
      if (same) same.push(number);
      else byExactName.set(segment.text, [number]);
    }
  }
  const othersForFiles = others.filter((number) => !rules[number]?.folderOnly);
  return { ignoreCase, rules, byExactName, others, othersForFiles };
}

/**
 * The verdict of the last rule that matches: true ignores, false re-includes, undefined says nothing.
 * `path` is relative to the folder that holds the rules; it is asked for only when a rule needs it.
 */
export function matchIgnoreRules(
  rules: IgnoreRules,
  name: string,
  isFolder: boolean,
  path: () => string,
): boolean | undefined {
  const folded = rules.ignoreCase ? name.toLowerCase() : name;
  const exact = rules.byExactName.get(folded);
  const best = exact?.findLast((number) => isFolder || !(rules.rules[number] as Rule).folderOnly) ?? -1;
  const others = isFolder ? rules.others : rules.othersForFiles;
  let parts: readonly string[] | undefined;
  for (let i = others.length - 1; i >= 0; i--) {
    const number = others[i] as number;
    if (number < best) break;
    const rule = rules.rules[number] as Rule;
    if (rule.byName) {
      if (!matchSegment(rule.segments[0] as Segment, folded)) continue;
    } else {
      parts ??= (rules.ignoreCase ? path().toLowerCase() : path()).split('/');
      if (!matchPath(rule.segments, parts)) continue;
    }
    return !rule.negated;
  }
  return best < 0 ? undefined : !(rules.rules[best] as Rule).negated;
}

/** Names are folded to lower case before they are compared, so an upper-case class must take any letter. */
function foldLine(line: string): string {
  return line.toLowerCase().replaceAll('[:upper:]', '[:alpha:]');
}

function parseLine(raw: string): Rule | undefined {
  let line = trimTrailingSpaces(raw.endsWith('\r') ? raw.slice(0, -1) : raw);
  if (line === '' || line.startsWith('#')) return undefined;
  const negated = line.startsWith('!');
  if (negated) line = line.slice(1);
  const folderOnly = line.endsWith('/');
  if (folderOnly) line = line.slice(0, -1);
  const byName = !line.includes('/');
  const tokens = tokenize(line.startsWith('/') ? line.slice(1) : line);
  if (tokens === undefined || tokens.length === 0) return undefined;
  const segments = byName ? [toSegment(tokens)] : toSegments(tokens);
  return { negated, folderOnly, byName, segments };
}

/** Spaces at the end go, unless a backslash quotes them. */
function trimTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end--;
  if (end === line.length) return line;
  let backslashes = 0;
  while (backslashes < end && line[end - 1 - backslashes] === '\\') backslashes++;
  return line.slice(0, backslashes % 2 === 1 ? end + 1 : end);
}

/** undefined: git gives up on the pattern (lone backslash at the end, bracket never closed, unknown class). */
function tokenize(pattern: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === '\\') {
      if (++i >= pattern.length) return undefined;
      tokens.push(pattern[i] as string);
    } else if (char === '*') tokens.push(STAR);
    else if (char === '?') tokens.push(ANY);
    else if (char === '[') {
      const scanned = scanClass(pattern, i);
      if (scanned === undefined) return undefined;
      tokens.push(scanned.charClass);
      i = scanned.end;
    } else tokens.push(char);
  }
  return tokens;
}

const CLASSES = textTable<readonly (readonly [string, string])[]>({
  alnum: [
    ['0', '9'],
    ['A', 'Z'],
    ['a', 'z'],
  ],
  alpha: [
    ['A', 'Z'],
    ['a', 'z'],
  ],
  blank: [
    [' ', ' '],
    ['\t', '\t'],
  ],
  cntrl: [
    ['\0', '\x1f'],
    ['\x7f', '\x7f'],
  ],
  digit: [['0', '9']],
  graph: [['!', '~']],
  lower: [['a', 'z']],
  print: [[' ', '~']],
  punct: [
    ['!', '/'],
    [':', '@'],
    ['[', '`'],
    ['{', '~'],
  ],
  space: [
    [' ', ' '],
    ['\t', '\n'],
    ['\r', '\r'],
  ],
  upper: [['A', 'Z']],
  xdigit: [
    ['0', '9'],
    ['A', 'F'],
    ['a', 'f'],
  ],
});

/** The bracket expression that opens at `start`, read as git's wildmatch reads it: a first `]` is a member. */
function scanClass(pattern: string, start: number): { charClass: CharClass; end: number } | undefined {
  const ranges: (readonly [number, number])[] = [];
  let i = start + 1;
  const negated = pattern[i] === '!' || pattern[i] === '^';
  if (negated) i++;
  let previous: number | undefined;
  for (let first = true; first || pattern[i] !== ']'; first = false, i++) {
    if (i >= pattern.length) return undefined;
    if (pattern.startsWith('[:', i)) {
      const close = pattern.indexOf(']', i + 2);
      if (close === -1) return undefined;
      if (pattern[close - 1] === ':' && close - 1 >= i + 2) {
        const named =
          Object.hasOwn(CLASSES, pattern.slice(i + 2, close - 1)) && CLASSES[pattern.slice(i + 2, close - 1)];
        if (!named) return undefined;
        for (const [low, high] of named) ranges.push([low.charCodeAt(0), high.charCodeAt(0)]);
        previous = undefined;
        i = close;
        continue;
      }
    }
    if (pattern[i] === '-' && previous !== undefined && i + 1 < pattern.length && pattern[i + 1] !== ']') {
      i++;
      if (pattern[i] === '\\') i++;
      if (i >= pattern.length) return undefined;
      ranges.push([previous, pattern.charCodeAt(i)]);
      previous = undefined;
      continue;
    }
    if (pattern[i] === '\\') i++;
    if (i >= pattern.length) return undefined;
    previous = pattern.charCodeAt(i);
    ranges.push([previous, previous]);
  }
  return { charClass: { negated, ranges }, end: i };
}

/** Splits at slashes. Two stars mean folders only when they stand alone between slashes. */
function toSegments(tokens: readonly Token[]): Segment[] {
  const segments: Segment[] = [];
  let current: Token[] = [];
  for (const token of [...tokens, '/' as const]) {
    if (token !== '/') current.push(token);
    else {
      const folders = current.length >= 2 && current.every((part) => part === STAR);
      if (!folders) segments.push(toSegment(current));
      else if (segments.at(-1) !== GLOBSTAR) segments.push(GLOBSTAR);
      current = [];
    }
  }
  return segments;
}

function toSegment(tokens: readonly Token[]): Segment {
  // Several stars in a row are one.
  const kept = tokens.filter((token, i) => token !== STAR || tokens[i - 1] !== STAR);
  const stars = kept.filter((token) => typeof token !== 'string');
  if (stars.length === 0) return { kind: 'exact', text: kept.join('') };
  if (stars.length === 1 && stars[0] === STAR) {
    if (kept[0] === STAR) return { kind: 'suffix', text: kept.slice(1).join('') };
    if (kept.at(-1) === STAR) return { kind: 'prefix', text: kept.slice(0, -1).join('') };
  }
  return { kind: 'glob', tokens: kept };
}

/** Goes back to the last globstar only: an earlier one could not match more than it already did. */
function matchPath(segments: readonly Segment[], parts: readonly string[]): boolean {
  let segment = 0;
  let part = 0;
  let resumeSegment = -1;
  let resumePart = 0;
  while (part < parts.length) {
    const wanted = segments[segment];
    if (wanted?.kind === 'globstar') {
      // At the end it stands for everything below a folder, not for the folder.
      if (segment === segments.length - 1) return true;
      resumeSegment = ++segment;
      resumePart = part;
    } else if (wanted !== undefined && matchSegment(wanted, parts[part] as string)) {
      segment++;
      part++;
    } else if (resumeSegment !== -1) {
      segment = resumeSegment;
      part = ++resumePart;
    } else return false;
  }
  return segment === segments.length;
}

function matchSegment(segment: Segment, name: string): boolean {
  switch (segment.kind) {
    case 'exact':
      return segment.text === name;
    case 'suffix':
      return name.endsWith(segment.text);
    case 'prefix':
      return name.startsWith(segment.text);
    case 'glob':
      return matchTokens(segment.tokens, name);
    case 'globstar':
      return true;
  }
}

function matchTokens(tokens: readonly Token[], name: string): boolean {
  let token = 0;
  let at = 0;
  let resumeToken = -1;
  let resumeAt = 0;
  while (at < name.length) {
    const wanted = tokens[token];
    if (wanted === STAR) {
      resumeToken = ++token;
      resumeAt = at;
    } else if (wanted !== undefined && matchToken(wanted, name, at)) {
      token++;
      at++;
    } else if (resumeToken !== -1) {
      token = resumeToken;
      at = ++resumeAt;
    } else return false;
  }
  while (tokens[token] === STAR) token++;
  return token === tokens.length;
}

function matchToken(token: Token, name: string, at: number): boolean {
  if (typeof token === 'string') return token === name[at];
  if (typeof token === 'number') return true;
  const code = name.charCodeAt(at);
  return token.ranges.some(([low, high]) => low <= code && code <= high) !== token.negated;
}
