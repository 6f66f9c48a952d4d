/** Definitions of a name as it is written, of every kind and in every language: the dictionary says where, outlines say what. */
import { EXACT_DEFINITION_PREFIX } from '../lexical/fields.ts';
import type { FileRecord } from '../lexical/index-view.ts';
import { exactName } from '../lexical/tokenize.ts';
import { qualifiedName } from '../model/outline.ts';
import type { SymbolDef } from '../model/parsed-file.ts';
import { filesWith, type WordIndex } from './find-word.ts';
import { decodedOutline, type QueryIndex } from './run-search.ts';

export interface OutlinedDefinition {
  readonly file: FileRecord;
  readonly symbol: SymbolDef;
  /** `Store.publish` */
  readonly qualified: string;
}

/** A name that more files define (`get`, `name`) is told by those of them that come first. */
const MAX_FILES = 400;

/** In order of path and line. */
export async function definitionsNamed(
  index: WordIndex & Pick<QueryIndex, 'outlines'>,
  name: string,
): Promise<readonly OutlinedDefinition[]> {
  const files = (await filesWith(index, EXACT_DEFINITION_PREFIX + exactName(name)))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .slice(0, MAX_FILES);
  const outlines = await index.outlines(files.map(({ path }) => path));
  return files.flatMap((file, at) => {
    const bytes = outlines[at];
    const symbols = bytes === undefined ? [] : decodedOutline(bytes).symbols;
    return symbols.flatMap((symbol, i) =>
      symbol.name === name ? [{ file, symbol, qualified: qualifiedName(symbols, i) }] : [],
    );
  });
}
