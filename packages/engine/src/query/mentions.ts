/** Finds what a text names outright: paths, stack frames, identifiers, quoted strings. Linear in the text. */
import { namesFile } from '../model/place.ts';

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
  /\bat (?:(?:async )?([\w$.<>[\]]{1,160}) )?\(?(?:file:\/{2})?\/?((?:[\w@.$-]{1,80}\/){0,20}[\w@.$-]{1,120}\.[A-Za-z]{1,5}):(\d{1,7})(?::\d{1,7})?\)?/g,
  /\bat ([\w$.]{1,200})\(([\w$]{1,100}\.(?:java|kt|scala|groovy)):(\d{1,7})\)/g,
];
/** A run of the characters of paths, whole: what it is, is decided afterwards, so that nothing is read twice. */
const PATH_RUN = /[\w@$+./-]{2,}/g;
const MAX_PATH = 500;
const LINE = /:(\d{1,7})/y;
const FILE_NAME = /\.[A-Za-z][A-Za-z0-9]{0,7}$/;
/** Identifiers joined by access; a run of a single one is taken, too, so that the search never has to go back. */
const QUALIFIED_RUN = /[A-Za-z_$][\w$]*(?:(?:\.|::|#|->)[A-Za-z_$][\w$]*)*/g;
const SEPARATOR = /\.|::|#|->/;
const MAX_QUALIFIED = 7;
/** With the letters of the other alphabets that have capitals, so that a name is not cut at an accent. */
const IDENTIFIER = /[A-Za-z_$\u00c0-\u024f\u0370-\u052f][\w$\u00c0-\u024f\u0370-\u052f]{2,100}/g;
const BACKTICKED = /`([^`\n]{1,200})`/g;
const QUOTED = /"([^"\n]{3,200})"|(?<![A-Za-z])'([^'\n]{3,200})'(?![A-Za-z])/g;

/** camelCase, PascalCase with a second hump, snake_case, CONSTANT_CASE or dunder: not a word of prose. */
export function looksLikeCode(word: string): boolean {
  if (/[\p{Ll}\d]\p{Lu}/u.test(word) || /[A-Z]{2,}[a-z]/.test(word)) return true;
  return word.includes('_') && /[A-Za-z\d]_|_[A-Za-z\d]/.test(word);
}

const isUrl = (text: string, at: number) =>
  /(?:https?:)?\/{2}[^\s]{0,60}$/.test(text.slice(Math.max(0, at - 70), at));

export function findMentions(input: string): Mentions {
  const text = input.slice(0, MAX_TEXT);
  const paths = new Map<string, PathMention>();
  const names = new Set<string>();
  const traced = new Set<string>();
  const addPath = (path: string, line: number | undefined, inTrace: boolean) => {
    const clean = path.replaceAll('\\', '/').replace(/^(?:\.?\/)+/, '');
    // A bare name after a frame that names the same file says nothing new.
    if (!inTrace && traced.has(clean)) return;
    if (inTrace) traced.add(clean.slice(clean.lastIndexOf('/') + 1));
    const known = paths.get(clean);
    const saysMore =
      known === undefined || (inTrace && !known.inTrace) || (line !== undefined && known.line === undefined);
    if (!saysMore || (known === undefined && paths.size >= MAX_EACH)) return;
    const isTrace = inTrace || known?.inTrace === true;
    paths.set(
      clean,
      line === undefined ? { path: clean, inTrace: isTrace } : { path: clean, line, inTrace: isTrace },
    );
  };
  const addName = (name: string) => {
    if (names.size < MAX_EACH) names.add(name);
  };
  readTraces(text, addPath, addName);
  readPaths(text, addPath);
  for (const match of text.matchAll(BACKTICKED)) {
    for (const inner of (match[1] as string).matchAll(IDENTIFIER)) addName(inner[0]);
  }
  for (const match of text.matchAll(QUALIFIED_RUN)) {
    if (names.size >= MAX_EACH) break;
    const name = SEPARATOR.test(match[0]) ? shortQualified(match[0]) : undefined;
    if (name !== undefined && !namesFile(name) && !isUrl(text, match.index)) addName(name);
  }
  for (const match of text.matchAll(IDENTIFIER)) if (looksLikeCode(match[0])) addName(match[0]);
  for (const match of text.matchAll(/\b([A-Za-z_]\w{2,80})\(\)/g)) addName(match[1] as string);
  const quoted = [...text.matchAll(QUOTED)]
    .slice(0, MAX_EACH)
    .map((match) => (match[1] ?? match[2]) as string);
  return { paths: [...paths.values()], names: [...names], quoted };
}

/** Paths with a line, paths with folders, and bare names with a usual extension; not those of URLs. */
function readPaths(
  text: string,
  addPath: (path: string, line: number | undefined, inTrace: boolean) => void,
): void {
  for (const match of text.matchAll(PATH_RUN)) {
    const run = match[0];
    if (run.length > MAX_PATH) continue;
    const path = withoutTail(run);
    LINE.lastIndex = match.index + run.length;
    const line = path === run && FILE_NAME.test(path) ? LINE.exec(text)?.[1] : undefined;
    const folders = path.split('/').filter((part) => part !== '' && part !== '.').length - 1;
    const isPath =
      line !== undefined || (folders > 0 && (FILE_NAME.test(path) || folders > 1)) || namesFile(path);
    if (isPath && !isUrl(text, match.index + (run.startsWith('//') ? 2 : 0))) {
      addPath(path, line === undefined ? undefined : Number(line), false);
    }
  }
}

/** Without the full stops and slashes of the sentence around it. */
function withoutTail(run: string): string {
  let end = run.length;
  while (end > 0 && (run[end - 1] === '.' || run[end - 1] === '/' || run[end - 1] === '-')) end--;
  return run.slice(0, end);
}

/** Of a long chain only the end: it names what is used. undefined: no part could be a name. */
function shortQualified(chain: string): string | undefined {
  const parts = chain.split(SEPARATOR);
  if (parts.some((part) => part.length > MAX_PART)) return undefined;
  return parts.length <= MAX_QUALIFIED ? chain : parts.slice(-2).join('.');
}

const MAX_PART = 80;

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
  return (
    name
      .split(/\.|::|#|->/)
      .filter(Boolean)
      .at(-1) ?? name
  );
}
