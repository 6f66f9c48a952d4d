/** Finds what a text names outright: paths, stack frames, identifiers, quoted strings. Linear in the text. */

export interface PathMention {
  readonly path: string;
  readonly line?: number;
  /** Where it stood: a stack frame says more than a passing mention. */
  readonly inTrace: boolean;
}

export interface Mentions {
  readonly paths: readonly PathMention[];
  /** Identifiers written as code, as they stand: `Store.publish`, `max_tokens`, `HTTPServer`. */
  readonly names: readonly string[];
  readonly quoted: readonly string[];
}

/** Text beyond this is not searched for mentions; its words still count. */
const MAX_TEXT = 200_000;
const MAX_EACH = 200;

// Each pattern is a bounded repetition of disjoint classes, so that none can backtrack beyond its bound.
const TRACE_LINES = [
  /File "([^"\n]{1,300})", line (\d{1,7})(?:, in ([\w<>.]{1,120}))?/g,
  /\bat (?:(?:async )?([\w$.<>[\]]{1,160}) )?\(?((?:[\w@.$-]{1,80}\/){0,20}[\w@.$-]{1,120}\.[A-Za-z]{1,5}):(\d{1,7})(?::\d{1,7})?\)?/g,
  /\bat ([\w$.]{1,200})\(([\w$]{1,100}\.(?:java|kt|scala|groovy)):(\d{1,7})\)/g,
];
const PATH_WITH_LINE = /((?:[\w@.$+-]{1,80}\/){0,20}[\w@.$+-]{1,120}\.[A-Za-z][A-Za-z0-9]{0,7}):(\d{1,7})/g;
const PATH = /(?:[\w@.$+-]{1,80}\/){1,20}[\w@.$+-]{1,120}|\b[\w$-]{1,100}\.(?:[cm]?[jt]sx?|py|go|rs|java|kts?|scala|rb|php|cs|cc?|cpp|cxx|hh?|hpp|swift|sh|sql|proto|vue|svelte|css|scss|html|md|rst|json|ya?ml|toml|ini|cfg|xml|gradle|lua|ex|exs)\b/g;
const QUALIFIED = /[A-Za-z_$][\w$]{0,80}(?:(?:\.|::|#|->)[A-Za-z_$][\w$]{0,80}){1,6}/g;
const IDENTIFIER = /[A-Za-z_$][\w$]{2,100}/g;
const BACKTICKED = /`([^`\n]{1,200})`/g;
const QUOTED = /"([^"\n]{3,200})"|(?<![A-Za-z])'([^'\n]{3,200})'(?![A-Za-z])/g;

/** camelCase, PascalCase with a second hump, snake_case, CONSTANT_CASE or dunder: not a word of prose. */
export function looksLikeCode(word: string): boolean {
  if (/[a-z\d][A-Z]/.test(word) || /[A-Z]{2,}[a-z]/.test(word)) return true;
  return word.includes('_') && /[A-Za-z\d]_|_[A-Za-z\d]/.test(word);
}

const isUrl = (text: string, at: number) => /(?:https?:)?\/{2}[^\s]{0,60}$/.test(text.slice(Math.max(0, at - 70), at));

export function findMentions(input: string): Mentions {
  const text = input.slice(0, MAX_TEXT);
  const paths = new Map<string, PathMention>();
  const names = new Set<string>();
  const addPath = (path: string, line: number | undefined, inTrace: boolean) => {
    const clean = path.replace(/^\.\//, '').replace(/\.+$/, '');
    const known = paths.get(clean);
    if (paths.size >= MAX_EACH || (known && (known.inTrace || !inTrace))) return;
    paths.set(clean, line === undefined ? { path: clean, inTrace } : { path: clean, line, inTrace });
  };
  const addName = (name: string) => {
    if (names.size < MAX_EACH) names.add(name);
  };
  readTraces(text, addPath, addName);
  for (const match of text.matchAll(PATH_WITH_LINE)) {
    if (!isUrl(text, match.index)) addPath(match[1] as string, Number(match[2]), false);
  }
  for (const match of text.matchAll(PATH)) {
    const path = match[0];
    if (!isUrl(text, match.index) && (/\.[A-Za-z]\w{0,7}$/.test(path) || path.split('/').length > 2)) {
      addPath(path, undefined, false);
    }
  }
  for (const match of text.matchAll(BACKTICKED)) {
    for (const inner of (match[1] as string).matchAll(IDENTIFIER)) addName(inner[0]);
  }
  for (const match of text.matchAll(QUALIFIED)) {
    if (!isUrl(text, match.index) && !paths.has(match[0])) addName(match[0]);
  }
  for (const match of text.matchAll(IDENTIFIER)) if (looksLikeCode(match[0])) addName(match[0]);
  for (const match of text.matchAll(/\b([A-Za-z_]\w{2,80})\(\)/g)) addName(match[1] as string);
  const quoted = [...text.matchAll(QUOTED)].slice(0, MAX_EACH).map((match) => (match[1] ?? match[2]) as string);
  return { paths: [...paths.values()], names: [...names], quoted };
}

function readTraces(
  text: string,
  addPath: (path: string, line: number | undefined, inTrace: boolean) => void,
  addName: (name: string) => void,
): void {
  const [python, javascript, java] = TRACE_LINES as [RegExp, RegExp, RegExp];
  for (const match of text.matchAll(python)) {
    addPath(match[1] as string, Number(match[2]), true);
    if (match[3] && !match[3].startsWith('<')) addName(match[3]);
  }
  for (const match of text.matchAll(javascript)) {
    addPath(match[2] as string, Number(match[3]), true);
    if (match[1]) addName(match[1]);
  }
  for (const match of text.matchAll(java)) {
    const parts = (match[1] as string).split('.');
    addName(parts.slice(-2).join('.'));
    addPath([...parts.slice(0, -2), match[2] as string].join('/'), Number(match[3]), true);
  }
}

/** Last part of a qualified name: `Store.publish` -> `publish`. */
export function lastName(name: string): string {
  return name.split(/\.|::|#|->/).filter(Boolean).at(-1) ?? name;
}
