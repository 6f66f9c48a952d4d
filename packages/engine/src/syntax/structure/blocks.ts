/**
 * Text with braces -> blocks (`head { ... }`) and statements (`head;` or one a line), each with its lines.
 * The shared first step of CSS, Protobuf, GraphQL and HCL: it knows comments, strings and brackets, no grammar.
 */

export interface BlockSyntax {
  readonly lineComments: readonly string[];
  /** Open and close, e.g. slash-star and star-slash. */
  readonly blockComment?: readonly [open: string, close: string];
  readonly quotes: string;
  /** Three double quotes begin a string over several lines. */
  readonly tripleQuotes?: boolean;
  /** `<<EOF` begins a text that ends at a line of that word. */
  readonly heredocs?: boolean;
  /** Statements end at the end of their line; otherwise at `;`. */
  readonly endsAtNewline?: boolean;
  /** Blocks nested deeper than this are followed, not reported. */
  readonly maxDepth: number;
}

export interface Block {
  /** Text before the brace or up to the end of the statement, comments left out, at most `headCap` characters. */
  readonly head: string;
  readonly isBlock: boolean;
  readonly depth: number;
  /** Index of the enclosing block in the result, -1 at top level. */
  readonly parent: number;
  readonly start: number;
  /** Line of the opening brace, or the last line of a statement. */
  readonly headEnd: number;
  end: number;
  /** Lines of the comment or string that stands right before the head; 0 when there is none. */
  readonly docStart: number;
  readonly docEnd: number;
}

const headCap = 600;
const maxBlocks = 40_000;

interface Reader {
  readonly text: string;
  readonly syntax: BlockSyntax;
  readonly blocks: Block[];
  readonly open: number[];
  at: number;
  line: number;
  deeper: number;
  brackets: number;
  head: string;
  start: number;
  lastLine: number;
  /** Last line on which a statement or a brace stood. */
  codeLine: number;
  docStart: number;
  docEnd: number;
}

export function readBlocks(text: string, syntax: BlockSyntax): Block[] {
  const reader: Reader = {
    text,
    syntax,
    blocks: [],
    open: [],
    at: 0,
    line: 1,
    deeper: 0,
    brackets: 0,
    head: '',
    start: 0,
    lastLine: 0,
    codeLine: 0,
    docStart: 0,
    docEnd: 0,
  };
  while (reader.at < text.length && reader.blocks.length < maxBlocks) {
    if (!skipNonCode(reader)) readChar(reader);
  }
  endStatement(reader);
  const lastLine = text.endsWith('\n') ? reader.line - 1 : reader.line;
  for (const index of reader.open) closeBlock(reader, index, lastLine);
  return reader.blocks;
}

function readChar(reader: Reader): void {
  const { text, syntax } = reader;
  const char = text[reader.at] ?? '';
  reader.at += 1;
  if (char === '\n') {
    if (syntax.endsAtNewline === true && reader.brackets === 0) endStatement(reader);
    else addToHead(reader, ' ');
    reader.line += 1;
    return;
  }
  if (char === '#' && text[reader.at] === '{') {
    // Interpolation of Sass: its braces are no block.
    const close = text.slice(reader.at, reader.at + 200).indexOf('}');
    const end = reader.at + close + 1;
    addToHead(reader, close === -1 ? '#' : text.slice(reader.at - 1, end));
    reader.at = close === -1 ? reader.at + 1 : end;
    return;
  }
  if (char === '{' && reader.brackets === 0) openBlock(reader);
  else if (char === '}' && reader.brackets === 0) {
    endStatement(reader);
    closeInnermost(reader);
  } else if (char === ';' && syntax.endsAtNewline !== true && reader.brackets === 0) endStatement(reader);
  else {
    if (char === '(' || char === '[') reader.brackets += 1;
    else if (char === ')' || char === ']') reader.brackets = Math.max(0, reader.brackets - 1);
    // A bracket that is never closed must not swallow the file: no head is that long.
    if (reader.brackets > 0 && reader.start > 0 && reader.line - reader.start > 200) reader.brackets = 0;
    addToHead(reader, char);
  }
}

function addToHead(reader: Reader, text: string): void {
  const isBlank = text.trim() === '';
  if (reader.head === '') {
    if (isBlank) return;
    reader.start = reader.line;
  }
  if (!isBlank) {
    reader.lastLine = reader.line;
    reader.codeLine = reader.line;
  }
  if (reader.head.length < headCap) reader.head += text;
}

function openBlock(reader: Reader): void {
  reader.codeLine = reader.line;
  if (reader.deeper > 0 || reader.open.length >= reader.syntax.maxDepth) {
    reader.deeper += 1;
    resetHead(reader);
    return;
  }
  reader.open.push(pushBlock(reader, true, reader.line));
}

function closeInnermost(reader: Reader): void {
  reader.codeLine = reader.line;
  if (reader.deeper > 0) reader.deeper -= 1;
  else {
    const index = reader.open.pop();
    if (index !== undefined) closeBlock(reader, index, reader.line);
  }
  resetHead(reader);
}

function closeBlock(reader: Reader, index: number, line: number): void {
  const block = reader.blocks[index];
  if (block !== undefined) block.end = Math.max(block.headEnd, line);
}

function endStatement(reader: Reader): void {
  if (reader.head.trim() !== '' && reader.deeper === 0) pushBlock(reader, false, reader.lastLine);
  else if (reader.head !== '') resetHead(reader);
}

function pushBlock(reader: Reader, isBlock: boolean, headEnd: number): number {
  const start = reader.head === '' ? reader.line : reader.start;
  const hasDoc = reader.docEnd > 0 && reader.docEnd < start && start - reader.docEnd <= 1;
  reader.blocks.push({
    head: reader.head.trim(),
    isBlock,
    depth: reader.open.length,
    parent: reader.open.at(-1) ?? -1,
    start,
    headEnd,
    end: headEnd,
    docStart: hasDoc ? reader.docStart : 0,
    docEnd: hasDoc ? reader.docEnd : 0,
  });
  resetHead(reader);
  return reader.blocks.length - 1;
}

function resetHead(reader: Reader): void {
  reader.head = '';
  reader.docStart = 0;
  reader.docEnd = 0;
}

/** Passes over a comment, a string or a heredoc; false when none begins here. */
function skipNonCode(reader: Reader): boolean {
  const { text, syntax, at } = reader;
  const char = text[at] ?? '';
  for (const mark of syntax.lineComments) {
    if (text.startsWith(mark, at)) return skipComment(reader, lineEndFrom(text, at));
  }
  if (syntax.blockComment !== undefined && text.startsWith(syntax.blockComment[0], at)) {
    const close = text.indexOf(syntax.blockComment[1], at + syntax.blockComment[0].length);
    return skipComment(reader, close === -1 ? text.length : close + syntax.blockComment[1].length);
  }
  if (syntax.tripleQuotes === true && text.startsWith('"""', at)) {
    const close = text.indexOf('"""', at + 3);
    return skipComment(reader, close === -1 ? text.length : close + 3);
  }
  if (char !== '' && syntax.quotes.includes(char)) {
    const end = stringEnd(text, at, char);
    addToHead(reader, text.slice(at, Math.min(end, at + 200)));
    moveTo(reader, end);
    return true;
  }
  return syntax.heredocs === true && char === '<' && text.startsWith('<<', at) && skipHeredoc(reader);
}

function skipComment(reader: Reader, end: number): boolean {
  const first = reader.line;
  moveTo(reader, end);
  // A comment behind code on its line is not about what follows.
  if (reader.head !== '' || first === reader.codeLine) return true;
  const continues = reader.docEnd > 0 && first - reader.docEnd <= 1;
  if (!continues) reader.docStart = first;
  reader.docEnd = reader.line;
  return true;
}

function skipHeredoc(reader: Reader): boolean {
  const { text, at } = reader;
  const match = /^<<[-~]?"?([A-Za-z_]\w{0,40})"?/.exec(text.slice(at, at + 50));
  if (match?.[1] === undefined) return false;
  let line = lineEndFrom(text, at);
  while (line < text.length) {
    const next = lineEndFrom(text, line + 1);
    if (text.slice(line + 1, Math.min(next, line + 200)).trim() === match[1]) {
      moveTo(reader, next);
      return true;
    }
    line = next;
  }
  // No end: not a heredoc after all, or the file is cut off.
  moveTo(reader, text.length);
  return true;
}

/** Counts the lines passed. Never searches beyond `end`: that would be quadratic in a file of one line. */
function moveTo(reader: Reader, end: number): void {
  for (let at = reader.at; at < end; at += 1) if (reader.text.charCodeAt(at) === 10) reader.line += 1;
  reader.at = end;
}

function lineEndFrom(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** An unclosed string ends with its line. */
function stringEnd(text: string, open: number, quote: string): number {
  for (let at = open + 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\n') return at;
    if (char === '\\' && text[at + 1] !== '\n') at += 1;
    else if (char === quote) return at + 1;
  }
  return text.length;
}
