// The CoSQA pool: 6,267 Python functions as files, their docstrings removed.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { git } from './git-tree.ts';

export const COCLR_REPO = 'Jun-jie-Huang/CoCLR';
export const POOL_FILE = 'data/search/code_idx_map.txt';

/** `pool/<i/100, 3 digits>/f<i>.py`. */
export function poolPath(index: number): string {
  const folder = String(Math.floor(index / 100)).padStart(3, '0');
  return `pool/${folder}/f${index}.py`;
}

/** The file is one JSON object: source of the function -> its number. */
export function parsePool(text: string): Map<number, string> {
  const entries = Object.entries(JSON.parse(text) as Record<string, number>);
  return new Map(entries.map(([code, index]) => [index, code]));
}

const STRING_START = /^[rRuUbB]{0,2}("""|'''|"|')/;

/**
 * The end of the `def` line: the first colon outside brackets, strings and comments. The text is scanned, not parsed,
 * because a part of the pool is Python 2 and a part is cut off.
 */
function endOfSignature(code: string): number {
  const def = /^[ \t]*(async\s+)?def\s/m.exec(code);
  if (def === null) return -1;
  let depth = 0;
  for (let i = def.index; i < code.length; i++) {
    const char = code[i];
    if (char === '#') i = endOfLine(code, i) - 1;
    else if (char === '"' || char === "'") i = endOfString(code, i) - 1;
    else if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') depth--;
    else if (char === ':' && depth === 0) return i + 1;
  }
  return -1;
}

function endOfLine(code: string, from: number): number {
  const end = code.indexOf('\n', from);
  return end === -1 ? code.length : end;
}

/** Position after the string that opens at `from`; the end of the text where it never closes. */
function endOfString(code: string, from: number): number {
  const quote = STRING_START.exec(code.slice(from, from + 6));
  if (quote === null) return from + 1;
  const mark = quote[1] ?? '';
  for (let i = from + quote[0].length; i < code.length; i++) {
    if (code[i] === '\\') i++;
    else if (code.startsWith(mark, i)) return i + mark.length;
  }
  return code.length;
}

function skipBlanksAndComments(code: string, from: number): number {
  let at = from;
  while (at < code.length) {
    if (/\s/.test(code[at] ?? '')) at++;
    else if (code[at] === '#') at = endOfLine(code, at);
    else break;
  }
  return at;
}

/** Removes the docstring with the lines that it alone occupies; leaves other text as it is. */
export function removeDocstring(code: string): string {
  const body = endOfSignature(code);
  if (body === -1) return code;
  const start = skipBlanksAndComments(code, body);
  if (!STRING_START.test(code.slice(start, start + 6))) return code;
  const end = endOfString(code, start);
  // An operator after the string makes it an expression, not a docstring.
  if (!/^[ \t]*([#;\n]|$)/.test(code.slice(end, endOfLine(code, end) + 1))) return code;
  const lineStart = code.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = endOfLine(code, end);
  const alone = code.slice(lineStart, start).trim() === '' && code.slice(end, lineEnd).trim() === '';
  return alone ? code.slice(0, lineStart) + code.slice(lineEnd + 1) : code.slice(0, start) + code.slice(end);
}

/** Writes the pool below `dir` and returns the number of files. */
export function writePool(mirror: string, commit: string, dir: string): number {
  const pool = parsePool(git(mirror, ['show', `${commit}:${POOL_FILE}`]));
  for (const [index, code] of pool) {
    const file = path.join(dir, poolPath(index));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${removeDocstring(code).trimEnd()}\n`);
  }
  return pool.size;
}
