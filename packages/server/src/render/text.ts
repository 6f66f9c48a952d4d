/**
 * Text that came from a repository, made safe to show inside our own text. Repository text is data: paths and names
 * are shown on one line without control characters, code inside a fence that it cannot close.
 */

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
/** Line breaks, other control characters, and those that reorder or hide text (bidirectional, zero-width). */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
const HIDDEN = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069]/u;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: end of the expressions

/** One line, whatever the repository put into the name. */
export function inline(text: string, maxChars = 300): string {
  const safe = text.replace(UNSAFE, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
  return safe.length <= maxChars ? safe : `${safe.slice(0, maxChars)}…`;
}

/** True when a reader may see another text than the machine does. */
export function hasHiddenCharacters(text: string): boolean {
  return HIDDEN.test(text);
}

/** Code as it is, except control characters, which a terminal would obey. */
export function printable(text: string): string {
  return text.replace(CONTROL, '\ufffd');
}

/** A fence longer than any run of backticks inside. */
export function fence(code: string, language: string): string {
  let longest = 0;
  for (const run of code.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  const bar = '`'.repeat(Math.max(3, longest + 1));
  return `${bar}${FENCE_TAG[language] ?? language.replace(/[^a-z0-9+#-]/gi, '')}\n${code.replace(/\n+$/, '')}\n${bar}`;
}

/** Languages whose usual fence tag is not their identifier here. */
const FENCE_TAG: Readonly<Record<string, string>> = { text: '', notebook: 'json', 'c-sharp': 'csharp' };

/**
 * Estimated tokens, on the high side: code has about 3.5 characters to a token, and a character outside ASCII is
 * counted as a token of its own.
 */
export function estimateTokens(text: string): number {
  let wide = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) wide++;
  return Math.ceil((text.length - wide) / 3.5 + wide);
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = -1;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export function formatDuration(ms: number): string {
  if (ms < 1) return '<1 ms';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** 1234567 -> 1,234,567, the same in every locale. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
