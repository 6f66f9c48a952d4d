/** Words of a query that fit nearly every file: names of the language most files are written in. */

import type { IndexView } from '../lexical/index-view.ts';
import { stem } from '../lexical/tokenize.ts';
import { languageById } from '../syntax/registry.ts';

/** Share of the files from which a language says nothing about any of them. */
const MOST_FILES = 0.5;

export function ubiquitousTerms(view: IndexView): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { language } of view.files()) counts.set(language, (counts.get(language) ?? 0) + 1);
  const terms = new Set<string>();
  for (const [language, count] of counts) {
    if (count < view.fileCount * MOST_FILES) continue;
    const definition = languageById(language);
    for (const name of [language, definition?.name ?? '', ...(definition?.aliases ?? [])]) {
      if (/^[a-z]{3,}$/i.test(name)) terms.add(stem(name.toLowerCase()));
    }
  }
  return terms;
}
