/** Prose -> sections by its headings: Markdown, reStructuredText, AsciiDoc, Org. Reads no inline markup but links and ticks. */
import type { SymbolDef } from '../../model/parsed-file.ts';
import type { Heading } from './draft.ts';
import { readerLines, sectionsOf } from './draft.ts';

/** ATX (`## x`) and setext headings; fenced code, front matter and comments hold none. */
export function markdownSections(text: string): SymbolDef[] {
  const lines = readerLines(text);
  const headings: Heading[] = [];
  let fence = '';
  let inComment = false;
  for (let index = frontMatterEnd(lines); index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const trimmed = line.trim();
    if (fence !== '') {
      if (trimmed.startsWith(fence) && trimmed.replaceAll(fence[0] ?? '`', '') === '') fence = '';
      continue;
    }
    if (inComment || trimmed.startsWith('<!--')) {
      inComment = !trimmed.includes('-->');
      continue;
    }
    fence = fenceOf(line);
    if (fence !== '') continue;
    const atx = atxHeading(line, index + 1);
    if (atx !== undefined) headings.push(atx);
    else if (isSetextUnderline(line) && isParagraph(lines[index - 1], index - 1, lines)) {
      const level = trimmed.startsWith('=') ? 1 : 2;
      headings.push({
        level,
        name: plainTitle(lines[index - 1] ?? ''),
        start: index,
        nameLine: index,
        headEnd: index + 1,
      });
    }
  }
  return sectionsOf(headings, lines);
}

/** Index of the first line after YAML (`---`) or TOML (`+++`) front matter; 0 without. */
function frontMatterEnd(lines: readonly string[]): number {
  const mark = lines[0]?.trimEnd();
  if (mark !== '---' && mark !== '+++') return 0;
  const close = lines.slice(1, 400).findIndex((line) => line.trimEnd() === mark || line.trimEnd() === '...');
  return close === -1 ? 0 : close + 2;
}

/** The run of ticks or tildes that opens a code fence, '' when the line opens none. */
function fenceOf(line: string): string {
  const match = /^\s*(?:[-*+]\s+|\d{1,9}[.)]\s+)?(`{3,}|~{3,})/.exec(line.slice(0, 200));
  const run = match?.[1] ?? '';
  // Ticks after the run mean inline code, not a fence.
  return run.startsWith('`') && line.slice(line.indexOf(run) + run.length).includes('`') ? '' : run;
}

function atxHeading(line: string, number: number): Heading | undefined {
  const match = /^ {0,3}(#{1,6})(?:[ \t]|$)/.exec(line);
  if (match?.[1] === undefined) return undefined;
  const name = plainTitle(trimHashes(line.slice(match[0].length)));
  return { level: match[1].length, name, start: number, nameLine: number, headEnd: number };
}

/** Drops a closing run of `#`. */
function trimHashes(text: string): string {
  const trimmed = text.trim();
  let end = trimmed.length;
  while (end > 0 && trimmed[end - 1] === '#') end -= 1;
  return end === 0 || trimmed[end - 1] === ' ' ? trimmed.slice(0, end).trim() : trimmed;
}

function isSetextUnderline(line: string): boolean {
  return /^ {0,3}(?:={2,}|-{2,})\s*$/.test(line);
}

/** Whether the line above an underline is a one-line paragraph: the rest of `---` lines are rules or tables. */
function isParagraph(line: string | undefined, index: number, lines: readonly string[]): boolean {
  if (
    line === undefined ||
    line.trim() === '' ||
    /^\s*(?:[>|#*+-]|\d+[.)] |<|={3})/.test(line) ||
    /^ {4}/.test(line)
  )
    return false;
  return index === 0 || !(lines[index - 1] ?? '').trim().startsWith('|');
}

/** A title without link targets, ticks, emphasis and anchors. */
function plainTitle(text: string): string {
  return text
    .slice(0, 400)
    .replace(/\{#[^{}]*\}/g, '')
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/<[^<>]*>/g, '')
    .replace(/[`*]/g, '');
}

const adornments = '=-`:.\'"~^_*+#<>';

/** Titles underlined (and overlined) with punctuation; levels by order of first use, as docutils does. */
export function restructuredTextSections(text: string): SymbolDef[] {
  const lines = readerLines(text);
  const headings: Heading[] = [];
  const styles: string[] = [];
  for (let index = 1; index < lines.length; index += 1) {
    const mark = adornmentOf(lines[index] ?? '');
    const title = lines[index - 1] ?? '';
    if (mark === '' || title.trim() === '' || adornmentOf(title) !== '') continue;
    const above = index >= 2 ? adornmentOf(lines[index - 2] ?? '') : '';
    const isOverlined =
      above === mark && (lines[index - 2] ?? '').trimEnd().length === (lines[index] ?? '').trimEnd().length;
    // Indented text over a short rule is a table or a block; a title's line is at least nearly as long as its text.
    if (!isOverlined && (/^\s/.test(title) || (lines[index] ?? '').trimEnd().length < title.trimEnd().length))
      continue;
    const style = isOverlined ? mark + mark : mark;
    if (!styles.includes(style)) styles.push(style);
    const level = styles.indexOf(style) + 1;
    headings.push({
      level,
      name: plainTitle(title),
      start: isOverlined ? index - 1 : index,
      nameLine: index,
      headEnd: index + 1,
    });
  }
  return sectionsOf(headings, lines);
}

/** The character a line consists of, '' when it is not a line of one repeated punctuation mark. */
function adornmentOf(line: string): string {
  const text = line.trimEnd();
  const mark = text[0] ?? '';
  if (text.length < 3 || !adornments.includes(mark)) return '';
  for (let index = 1; index < text.length; index += 1) if (text[index] !== mark) return '';
  return mark;
}

/** `= Title`, `== Section`; listing, literal and comment blocks hold none. */
export function asciidocSections(text: string): SymbolDef[] {
  return markedSections(text, /^(={1,6})[ \t]+(\S.*)$/, /^(?:-{4,}|\.{4,}|\/{4,}|\+{4,}|`{3,})\s*$/);
}

/** `* Title`, `** Section`; `#+BEGIN_...` blocks hold none. */
export function orgSections(text: string): SymbolDef[] {
  return markedSections(text, /^(\*{1,12})[ \t]+(\S.*)$/, /^\s*#\+(?:BEGIN|END)_/i);
}

/** `\\section{Title}` and its kin. */
export function latexSections(text: string): SymbolDef[] {
  const match = /^\s*\\(part|chapter|section|subsection|subsubsection|paragraph)\*?(?:\[[^\]]*\])?\{([^{}]*)/;
  return commandSections(text, match, [
    'part',
    'chapter',
    'section',
    'subsection',
    'subsubsection',
    'paragraph',
  ]);
}

/** `.SH NAME` and `.SS Options` of manual pages. */
export function manualSections(text: string): SymbolDef[] {
  return commandSections(text, /^\.(SH|Sh|SS|Ss)\s+"?([^"]+)/, ['SH', 'SS']);
}

/** Sections begun by a command (group 1, its place in `order` is the level) with a title (group 2). */
function commandSections(text: string, command: RegExp, order: readonly string[]): SymbolDef[] {
  const lines = readerLines(text);
  const headings: Heading[] = [];
  for (const [index, line] of lines.entries()) {
    const match = command.exec(line.slice(0, 400));
    if (match?.[1] === undefined) continue;
    const name = match[1];
    const level = order.findIndex((item) => item.toLowerCase() === name.toLowerCase()) + 1;
    headings.push({
      level,
      name: plainTitle(match[2] ?? ''),
      start: index + 1,
      nameLine: index + 1,
      headEnd: index + 1,
    });
  }
  return sectionsOf(headings, lines);
}

function markedSections(text: string, heading: RegExp, fence: RegExp): SymbolDef[] {
  const lines = readerLines(text);
  const headings: Heading[] = [];
  let open = '';
  for (const [index, line] of lines.entries()) {
    if (fence.test(line)) {
      const mark = line.trim().slice(0, 4).toLowerCase();
      if (open === '') open = mark;
      else if (open === mark || mark.startsWith('#+')) open = '';
      continue;
    }
    const match = open === '' ? heading.exec(line) : null;
    if (match?.[1] === undefined) continue;
    headings.push({
      level: match[1].length,
      name: plainTitle(match[2] ?? ''),
      start: index + 1,
      nameLine: index + 1,
      headEnd: index + 1,
    });
  }
  return sectionsOf(headings, lines);
}
