// Pairs of the lines inside functions: a comment with the lines it explains, an error's text with the code that raises it.
import { chunkFields } from '../../packages/engine/src/chunking/chunk-fields.ts';
import type { Chunk } from '../../packages/engine/src/model/parsed-file.ts';
import type { RawPair } from './code-pairs.ts';
import { isNoise, plainDoc, wordCount } from './doc-text.ts';
import { rankOf } from './sampling.ts';
import type { SourceFile } from './source-files.ts';

const MIN_COMMENT_WORDS = 5;
const MIN_MESSAGE_WORDS = 4;
/** Lines that a comment is taken to explain, at most. */
const EXPLAINED = 12;
const MAX_COMMENTS_PER_FILE = 10;
const MAX_MESSAGES_PER_FILE = 10;
/** Directives and code that was commented out. */
const NO_PROSE =
  /[;{}]\s*$|^\s*(?:eslint|tslint|prettier|istanbul|c8 |@ts-|noqa|pylint|type:|pragma|rubocop|nolint|phpcs|swiftlint|region|endregion|shellcheck|clang-format|#|=+|-+)|\w+\([^)]*\)\s*[;,]?$|[=!]==?|:=|->|=>/;

export function linePairs(file: SourceFile): RawPair[] {
  return [...commentPairs(file), ...messagePairs(file)];
}

function commentPairs(file: SourceFile): RawPair[] {
  if (file.kind !== 'code') return [];
  const documented = docLines(file);
  const pairs: RawPair[] = [];
  for (const chunk of file.chunks) {
    if (chunk.symbol < 0) continue;
    for (let line = chunk.start + 1; line < chunk.end; line++) {
      const end = endOfComment(file, line, chunk.end, documented);
      if (end < line) continue;
      const pair = explained(file, chunk, line, end);
      if (pair !== undefined) pairs.push(pair);
      line = end;
    }
  }
  return choose(pairs, MAX_COMMENTS_PER_FILE);
}

/** Last line of the comment that begins here; less than `line` when none does. */
function endOfComment(file: SourceFile, line: number, last: number, documented: ReadonlySet<number>): number {
  let end = line - 1;
  while (end < last && isComment(file, end + 1) && !documented.has(end + 1)) end++;
  return end;
}

function isComment(file: SourceFile, line: number): boolean {
  const text = (file.lines[line - 1] ?? '').trimStart();
  return file.lineComments.some((mark) => text.startsWith(mark));
}

function explained(file: SourceFile, chunk: Chunk, line: number, end: number): RawPair | undefined {
  const query = plainDoc(file.lines.slice(line - 1, end))
    .join(' ')
    .trim();
  if (wordCount(query) < MIN_COMMENT_WORDS || isNoise(query) || NO_PROSE.test(query)) return undefined;
  const body: string[] = [];
  const indent = indentOf(file.lines[line - 1] ?? '');
  for (let at = end + 1; at <= chunk.end && body.length < EXPLAINED; at++) {
    const text = file.lines[at - 1] ?? '';
    if (text.trim() === '' || isComment(file, at) || indentOf(text) < indent) break;
    body.push(text);
  }
  if (body.join('').trim().length < 40) return undefined;
  const scope = file.parsed.symbols[chunk.symbol]?.name ?? '';
  return {
    kind: 'comment',
    query: query.slice(0, 600),
    doc: { body: body.join('\n'), scope },
    path: file.path,
  };
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

function docLines(file: SourceFile): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const { docStart, docEnd } of file.parsed.symbols) {
    for (let line = docStart; docStart > 0 && line <= docEnd; line++) lines.add(line);
  }
  return lines;
}

const RAISES =
  /\b(?:throw|raise|panic|fail|fatal|abort|die|bail|errors?|exception|errorf|warn|warning|require|invalid)/i;
const STRING = /"((?:[^"\\\n]|\\.){12,300})"|'((?:[^'\\\n]|\\.){12,300})'|`((?:[^`\\\n]|\\.){12,300})`/g;
const PLACEHOLDER = /\$?\{[^}]*\}|%[-+#0-9.]*[a-zA-Z]|\{\d*\}|#\{[^}]*\}|\\[nrt"'\\]|\$\w+/g;

/** What users see and report: the text of an error asks for the code that makes it, without that text. */
function messagePairs(file: SourceFile): RawPair[] {
  if (file.kind !== 'code') return [];
  const pairs: RawPair[] = [];
  for (const chunk of file.chunks) {
    if (chunk.symbol < 0 || chunk.end - chunk.start < 3) continue;
    for (let line = chunk.start; line <= chunk.end; line++) {
      const found = messageIn(file.lines[line - 1] ?? '', file.lines[line - 2] ?? '');
      if (found === undefined) continue;
      const lines = file.lines.slice();
      lines[line - 1] = (lines[line - 1] ?? '').replace(found.quoted, ' ');
      const doc = chunkFields(lines, file.parsed, chunk);
      pairs.push({ kind: 'issue', query: found.message, doc, path: file.path });
      break;
    }
  }
  return choose(pairs, MAX_MESSAGES_PER_FILE);
}

function messageIn(line: string, before: string): { quoted: string; message: string } | undefined {
  if (line.length > 500 || !(RAISES.test(line) || RAISES.test(before))) return undefined;
  for (const match of line.matchAll(STRING)) {
    const message = (match[1] ?? match[2] ?? match[3] ?? '').replace(PLACEHOLDER, ' ').trim();
    if (wordCount(message) >= MIN_MESSAGE_WORDS && /\s/.test(message)) return { quoted: match[0], message };
  }
  return undefined;
}

function choose(pairs: readonly RawPair[], count: number): RawPair[] {
  return pairs
    .map((pair) => ({ pair, rank: rankOf(pair.query) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ pair }) => pair);
}
