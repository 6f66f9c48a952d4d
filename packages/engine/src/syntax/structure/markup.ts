/**
 * Tags of HTML, XML and component files, in one linear pass. Knows comments, CDATA, quoted attributes and elements whose
 * content is text (script, style); does not build a tree and does not mind unclosed tags.
 */

export interface Tag {
  /** As written. */
  readonly name: string;
  readonly isClosing: boolean;
  /** Ends with `/>`. */
  readonly isEmpty: boolean;
  readonly attributes: ReadonlyMap<string, string>;
  readonly line: number;
  readonly endLine: number;
  /** Position of `<` and behind `>`. */
  readonly at: number;
  readonly after: number;
}

export interface MarkupSyntax {
  /** Lower-case names of elements whose content holds no tags. */
  readonly rawText: ReadonlySet<string>;
}

export const htmlSyntax: MarkupSyntax = { rawText: new Set(['script', 'style', 'textarea']) };
export const xmlSyntax: MarkupSyntax = { rawText: new Set() };

const maxTags = 200_000;
const maxTagLength = 20_000;
const maxAttributes = 64;

/** Calls back for every tag in order, until it returns false. */
export function scanTags(text: string, syntax: MarkupSyntax, onTag: (tag: Tag) => boolean): void {
  let at = 0;
  let line = 1;
  const advance = (to: number): void => {
    for (; at < to; at += 1) if (text.charCodeAt(at) === 10) line += 1;
  };
  for (let count = 0; count < maxTags; count += 1) {
    const open = text.indexOf('<', at);
    if (open === -1) return;
    advance(open);
    const skip = skipSpecial(text, open);
    if (skip !== undefined) {
      advance(skip);
      continue;
    }
    const startLine = line;
    const tag = readTag(text, open);
    if (typeof tag === 'number') {
      advance(tag);
      continue;
    }
    advance(tag.after);
    if (!onTag({ ...tag, line: startLine, endLine: line })) return;
    const lower = tag.name.toLowerCase();
    if (tag.isClosing || tag.isEmpty || !syntax.rawText.has(lower)) continue;
    advance(rawTextEnd(text, tag.after, lower));
  }
}

/** Where a comment, CDATA, declaration or processing instruction that begins here ends. */
function skipSpecial(text: string, open: number): number | undefined {
  const close = text.startsWith('<!--', open)
    ? '-->'
    : text.startsWith('<![CDATA[', open)
      ? ']]>'
      : text.startsWith('<?', open)
        ? '?>'
        : text.startsWith('<!', open)
          ? '>'
          : undefined;
  if (close === undefined) return undefined;
  const end = text.indexOf(close, open + 2);
  return end === -1 ? text.length : end + close.length;
}

/** Position of the closing tag of a raw text element, or the end of the text. */
function rawTextEnd(text: string, from: number, name: string): number {
  for (let at = text.indexOf('</', from); at !== -1; at = text.indexOf('</', at + 2)) {
    if (text.slice(at + 2, at + 2 + name.length).toLowerCase() === name) return at;
  }
  return text.length;
}

type BareTag = Omit<Tag, 'line' | 'endLine'>;

/** The tag, or where to go on when none begins here: behind all that was looked at, so that the pass stays linear. */
function readTag(text: string, open: number): BareTag | number {
  const isClosing = text[open + 1] === '/';
  let at = open + (isClosing ? 2 : 1);
  const nameStart = at;
  while (isNameChar(text.charCodeAt(at)) && at - nameStart < 200) at += 1;
  if (at === nameStart || !isLetter(text.charCodeAt(nameStart))) return open + 1;
  const name = text.slice(nameStart, at);
  const attributes = new Map<string, string>();
  const limit = Math.min(text.length, open + maxTagLength);
  while (at < limit) {
    const char = text[at] ?? '';
    if (char === '>')
      return { name, isClosing, isEmpty: text[at - 1] === '/', attributes, at: open, after: at + 1 };
    if (char === '<') return at;
    at = isSpaceOrSlash(char) ? at + 1 : readAttribute(text, at, limit, attributes);
  }
  return limit;
}

function readAttribute(text: string, from: number, limit: number, attributes: Map<string, string>): number {
  let at = from;
  while (at < limit && !'=> \t\r\n<'.includes(text[at] ?? ' ') && !(text[at] === '/' && text[at + 1] === '>'))
    at += 1;
  if (at === from) return at + 1;
  const name = text.slice(from, Math.min(at, from + 100));
  let value = '';
  if (text[at] === '=') {
    const quote = text[at + 1] ?? '';
    if (quote === '"' || quote === "'") {
      const close = text.slice(at + 2, limit).indexOf(quote);
      const end = close === -1 ? limit : at + 2 + close;
      value = text.slice(at + 2, Math.min(end, at + 402));
      at = end + 1;
    } else {
      const start = at + 1;
      at = start;
      while (at < limit && !'> \t\r\n'.includes(text[at] ?? ' ')) at += 1;
      value = text.slice(start, Math.min(at, start + 400));
    }
  }
  if (attributes.size < maxAttributes && !attributes.has(name)) attributes.set(name, value);
  return at;
}

function isSpaceOrSlash(char: string): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '/';
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isNameChar(code: number): boolean {
  return isLetter(code) || (code >= 48 && code <= 58) || code === 45 || code === 46;
}
