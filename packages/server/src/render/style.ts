/** Colours of a terminal, or none. Knows only escape codes. */

export interface Style {
  path(text: string): string;
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

export function makeStyle(color: boolean): Style {
  const wrap = (code: number) => (text: string) =>
    color && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
  return { path: wrap(36), bold: wrap(1), dim: wrap(2), good: wrap(32), bad: wrap(31) };
}
