/** What the graph of a workspace can see: languages it reads, languages of code it does not, files it could not read. */
import type { FileRecord } from '../lexical/index-view.ts';
import type { CodeGraph } from '../model/code-graph.ts';
import type { LanguageId } from '../model/file.ts';
import type { GraphCoverage } from '../model/relations.ts';
import type { LocateIndex } from '../query/run-locate.ts';
import { referenceLanguages } from '../syntax/references/read-references.ts';

const MAX_UNREAD = 20;

/** Kept while the files of the index are the same. */
const coverages = new WeakMap<
  LocateIndex,
  { readonly version: number; readonly languages: ReadonlyMap<LanguageId, number> }
>();

export function coverageOf(index: LocateIndex, graph: CodeGraph): GraphCoverage {
  const languages = [...codeLanguages(index)];
  return {
    symbols: graph.symbolCount,
    isPartial: graph.isPartial,
    languages: languages.map(([language]) => language).filter((language) => isCovered(language)),
    uncovered: languages
      .filter(([language]) => !isCovered(language))
      .map(([language, files]) => ({ language, files })),
    unreadCount: graph.unread.length,
    unread: graph.unread.slice(0, MAX_UNREAD),
  };
}

/** Code in a language that the graph does not read. */
export const isUncovered = (file: FileRecord): boolean => hasCode(file) && !isCovered(file.language);

const isCovered = (language: LanguageId): boolean => referenceLanguages.includes(language);

/** Prose and data have no calls, also where they are material of tests. */
const WITHOUT_CALLS: ReadonlySet<LanguageId> = new Set(
  'text markdown restructuredtext asciidoc org latex roff html xml css scss json yaml toml ini notebook csv'.split(
    ' ',
  ),
);

export const hasCode = ({ kind, language }: Pick<FileRecord, 'kind' | 'language'>): boolean =>
  (kind === 'code' || kind === 'test') && !WITHOUT_CALLS.has(language);

/** Languages of files that are code or tests, most files first. */
function codeLanguages(index: LocateIndex): ReadonlyMap<LanguageId, number> {
  const known = coverages.get(index);
  if (known?.version === index.version) return known.languages;
  const counts = new Map<LanguageId, number>();
  for (const file of index.view.files())
    if (hasCode(file)) counts.set(file.language, (counts.get(file.language) ?? 0) + 1);
  const languages = new Map([...counts].sort((a, b) => b[1] - a[1]));
  coverages.set(index, { version: index.version, languages });
  return languages;
}
