/** Which documents record decisions, and what their heads say: title, state, date. Forms of Nygard, MADR and RFCs. Pure. */
import type { FilePath } from '../model/file.ts';

const FOLDERS =
  /(?:^|\/)(?:adrs?|decisions?|decision[-_]?(?:records?|logs?)|architecture[-_]decisions?(?:[-_]records?)?|rfcs?|design[-_]?docs?|designs?|proposals?|keps?|peps?)\//i;
const NAMES = /^(?:(?:adr|rfc|kep|pep)[-_ ]?\d{1,5}\b|(?:architecture|design|decisions?)(?:[-_.]|$))/i;

export function isDecisionPath(path: FilePath): boolean {
  return FOLDERS.test(path) || NAMES.test(path.slice(path.lastIndexOf('/') + 1));
}

export interface DecisionHead {
  readonly title: string;
  readonly status?: string;
  readonly date?: string;
}

const HEAD_LINES = 80;

export function decisionHead(lines: readonly string[]): DecisionHead {
  const head = lines.slice(0, HEAD_LINES).map((line) => line.slice(0, 300));
  const title = titleOf(head) ?? '';
  const status =
    fieldOf(head, /^(?:[-*]\s+)?\**(?:status|state)\**\s*:\s*\**\s*(.+)$/i) ??
    underHeading(head, /^#{1,4}\s*(?:status|state)\s*$/i);
  const date = fieldOf(head, /^(?:[-*]\s+)?\**(?:date|created|last-modified)\**\s*:\s*\**\s*(.*\d{4}.*)$/i);
  return {
    title,
    ...(status === undefined ? {} : { status: plain(status) }),
    ...(date === undefined ? {} : { date: /\d{4}-\d{2}-\d{2}/.exec(date)?.[0] ?? plain(date) }),
  };
}

function titleOf(head: readonly string[]): string | undefined {
  const marked = head.findIndex((line) => /^#{1,2}\s+\S/.test(line));
  const underlined = head.findIndex(
    (line, i) => /\S/.test(line) && /^(?:={4,}|-{4,})\s*$/.test(head[i + 1] ?? '') && line.trim() !== '---',
  );
  if (marked >= 0 && (underlined < 0 || marked < underlined))
    return plain((head[marked] as string).replace(/^#+/, ''));
  if (underlined >= 0) return plain(head[underlined] as string);
  return fieldOf(head, /^title\s*:\s*(.+)$/i);
}

function fieldOf(head: readonly string[], pattern: RegExp): string | undefined {
  for (const line of head) {
    const value = pattern.exec(line)?.[1];
    if (value !== undefined) return value;
  }
  return undefined;
}

function underHeading(head: readonly string[], heading: RegExp): string | undefined {
  const at = head.findIndex((line) => heading.test(line));
  return at < 0 ? undefined : head.slice(at + 1).find((line) => line.trim() !== '');
}

const plain = (text: string) =>
  text
    .replace(/[*_`"']/g, '')
    .trim()
    .slice(0, 200);
