/**
 * Lines that a text names: frames of traces in the usual languages, `path:12-20`, links to lines, messages of compilers,
 * hunks of a diff. Says only what is written; whether there is such a file is asked later. Linear in the text.
 */
import type { FilePath } from '../model/file.ts';

export interface NamedPlace {
  readonly path: FilePath;
  readonly start: number;
  readonly end: number;
  /** The function that the frame is in, its last name: lines move between versions, names stay. */
  readonly symbol?: string;
}

const MAX_TEXT = 200_000;
const MAX_PLACES = 100;
const MAX_PATH = 500;
const MAX_LINES = 2_000;
/** Before a path on its line, and the line before: where the name of the frame's function may stand. */
const AROUND = 400;

/** A run of the characters of paths, backslashes of Windows among them, and a drive before it. */
const PATH_RUN = /(?:\b[A-Za-z]:)?[\w@$+./\\-]{3,}/g;
const FILE_NAME = /[\w$-]\.[A-Za-z][A-Za-z0-9]{0,7}$/;
/** `:12`, `:12-20`, `:12:5`, `#L12-L20`, `(12,5)`, `:line 12`, `", line 12`, ` on line 12`, ` lines 12-20`. */
const LINES = /(?:#L|:line |:|\(|"?,? {1,2}(?:on |at )?lines? )(\d{1,7})(?:(?:-L?|–| to )(\d{1,7}))?/y;

/** What stands right after the lines: of Python, of Ruby. */
const NAME_AFTER =
  /"?, in ([\w<>.]{1,120})|:in [`'](?:block (?:\(\d+ levels\) )?in )?(?:[\w:]{1,120}[#.])?([\w?!]{1,120})'/y;
/** What stands before the path, on its line: of JavaScript and the JVM, of .NET, of gdb. */
const NAMES_BEFORE = [
  /\bat (?:async |new )?([\w$.<>/]{1,200}) ?\((?:file:)?$/,
  /\bat ([\w.`<>+]{1,200})\([^\n]{0,200}\) in $/,
  /^#\d+ +(?:0x[\da-f]+ in )?([\w:~]{1,200}) \([^\n]{0,200}\) at $/,
];
/** What fills the line before, where the path has one of its own: of Go, of Rust. */
const NAMES_ABOVE = [/([\w.*()/-]{1,200})\([^()\n]{0,200}\)$/, /^ *\d+: ([\w:<> ]{1,200})$/];
const LAST_NAME = /([A-Za-z_$][\w$]*)[^\w$]*$/;

export function namedPlaces(input: string): readonly NamedPlace[] {
  const text = input.slice(0, MAX_TEXT);
  const places: NamedPlace[] = placesOfDiff(text);
  for (const match of text.matchAll(PATH_RUN)) {
    if (places.length >= MAX_PLACES) break;
    if (match[0].length > MAX_PATH || !FILE_NAME.test(match[0])) continue;
    LINES.lastIndex = match.index + match[0].length;
    const lines = LINES.exec(text);
    if (!lines) continue;
    const start = Number(lines[1]);
    const end = Number(lines[2] ?? start);
    if (start < 1 || end < start || end - start > MAX_LINES) continue;
    const before = lineBefore(text, match.index);
    const symbol = nameAfter(text, LINES.lastIndex) ?? nameBefore(before);
    const path = cleanPath(match[0]);
    places.push({ path: packagePath(path, before), start, end, ...(symbol !== undefined && { symbol }) });
  }
  return places;
}

const cleanPath = (path: string): FilePath => path.replaceAll('\\', '/').replace(/^(?:\.{0,2}\/)+/, '');

/** Text of the line up to a place, and the line above it. */
function lineBefore(text: string, at: number): { readonly own: string; readonly above: string } {
  const rows = text.slice(Math.max(0, at - AROUND), at).split('\n');
  return { own: rows.at(-1) ?? '', above: (rows.at(-2) ?? '').trimEnd() };
}

function nameAfter(text: string, at: number): string | undefined {
  NAME_AFTER.lastIndex = at;
  const found = NAME_AFTER.exec(text);
  return lastNameOf(found?.[1] ?? found?.[2]);
}

function nameBefore({ own, above }: { readonly own: string; readonly above: string }): string | undefined {
  for (const pattern of NAMES_BEFORE) {
    const found = pattern.exec(own);
    if (found) return lastNameOf(found[1]);
  }
  if (!/^\s+(?:at (?:\.\/)?)?$/.test(own)) return undefined;
  for (const pattern of NAMES_ABOVE) {
    const found = pattern.exec(above);
    if (found) return lastNameOf(found[1]);
  }
  return undefined;
}

/** `<module>` and the like name nothing. */
function lastNameOf(name: string | undefined): string | undefined {
  return name === undefined || name.endsWith('>') ? undefined : LAST_NAME.exec(name)?.[1];
}

/** A frame of the JVM names the file alone, and its folders by the package. */
function packagePath(path: FilePath, { own }: { readonly own: string }): FilePath {
  const found = /\.(?:java|kt|scala|groovy)$/.test(path)
    ? /\bat (?:[\w.@-]{1,80}\/)*([\w$.]{1,200})\($/.exec(own)
    : null;
  return found && !path.includes('/')
    ? [...(found[1] as string).split('.').slice(0, -2), path].join('/')
    : path;
}

/** The first line that each hunk changes, as it was before. */
function placesOfDiff(text: string): NamedPlace[] {
  const places: NamedPlace[] = [];
  if (!text.includes('\n@@ ')) return places;
  let path: FilePath | undefined;
  let line: number | undefined;
  for (const row of text.split('\n')) {
    const file = /^\+\+\+ (?:b\/)?(\S{1,500})/.exec(row);
    const hunk = /^@@ -(\d{1,7})(?:,\d{1,7})? \+\d/.exec(row);
    if (file) [path, line] = [file[1] === '/dev/null' ? undefined : file[1], undefined];
    else if (hunk) line = Number(hunk[1]);
    else if (line !== undefined && path !== undefined) {
      if (row.startsWith('+') || row.startsWith('-')) {
        if (places.length < MAX_PLACES)
          places.push({ path, start: Math.max(1, line), end: Math.max(1, line) });
        line = undefined;
      } else line++;
    }
  }
  return places;
}
