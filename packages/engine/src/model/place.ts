/** A file with lines, as people, agents, compilers and web pages write it. Says what is written, not what is there. */
import type { FilePath } from './file.ts';

export interface Place {
  readonly path: FilePath;
  readonly lines?: { readonly start: number; readonly end: number };
}

/** `:12`, `:12-20`, `:12:5`, `:L12-L20`, `#L12-L20`, `#L12C5`, `(12,5)`, `:line 12`, `, lines 12-20`; a colon may follow. */
const WITH_LINES =
  /^(.+?)(?:[:#]L?(\d{1,9})(?:[:C]\d{1,9})?(?:[-–]L?(\d{1,9})(?:[:C]\d{1,9})?)?|\((\d{1,9})(?:, ?\d{1,9})?\)|(?:,? (?:on )?|:)lines? (\d{1,9})(?:(?:-|–| to )(\d{1,9}))?):?$/su;

/** Text without lines is a path as a whole. Backslashes separate folders: no path of a workspace holds one. */
export function readPlace(text: string): Place {
  const [, path = text.trim(), a, b, c, d, e] = WITH_LINES.exec(text.trim()) ?? [];
  const start = Number(a ?? c ?? d);
  const clean = path
    .replaceAll('\\', '/')
    .replace(/\/{2,}/g, '/')
    .replace(/^(?:\.\/)+/, '');
  return Number.isNaN(start)
    ? { path: clean }
    : { path: clean, lines: { start, end: Number(b ?? e ?? start) } };
}

const FILE_ENDING =
  /[\w$-]\.(?:[cm]?[jt]sx?|py|go|rs|java|kts?|scala|rb|php|cs|cc?|cpp|cxx|hh?|hpp|swift|sh|sql|proto|vue|svelte|css|scss|html|md|rst|json|ya?ml|toml|ini|cfg|xml|gradle|lua|ex|exs)$/;

/** Whether the text ends as names of files usually do. */
export const namesFile = (path: string): boolean => FILE_ENDING.test(path);
