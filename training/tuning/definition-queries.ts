// Queries about definitions: the first sentence of a function's doc comment, and names that only one definition has.
import { normalizeName, splitIdentifier } from '../../packages/engine/src/lexical/tokenize.ts';
import { fileTraitsOf } from '../../packages/engine/src/model/file-kind.ts';
import type { SymbolDef } from '../../packages/engine/src/model/parsed-file.ts';
import { descriptionOf, firstSentence, isNoise, wordCount } from '../extract/doc-text.ts';
import { rankOf } from '../extract/sampling.ts';
import type { SourceFile } from '../extract/source-files.ts';

/** A definition that answers a query; lines without its doc comment. */
export interface Asked {
  readonly query: string;
  readonly name: string;
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /** Lines of the doc comment that is the query; 0 where the name is. */
  readonly docStart: number;
  readonly docEnd: number;
}

const CALLABLE: ReadonlySet<string> = new Set(['function', 'method', 'constructor']);
const NAMED: ReadonlySet<string> = new Set([
  ...CALLABLE,
  'class',
  'struct',
  'interface',
  'trait',
  'enum',
  'type',
]);
const MIN_WORDS = 4;
const MAX_WORDS = 40;
/** Lines with letters in them, doc comment and header left out: a getter is no answer worth asking for. */
const MIN_BODY_LINES = 3;
const MIN_NAME_LENGTH = 8;

export function docstringQueries(sources: readonly SourceFile[], count: number): Asked[] {
  const asked = sources.filter(isAsked).flatMap((file) =>
    file.parsed.symbols.flatMap((symbol) => {
      const query = queryOf(file, symbol);
      return query === undefined
        ? []
        : [{ ...askedOf(file, symbol, query), docStart: symbol.docStart, docEnd: symbol.docEnd }];
    }),
  );
  // Two functions with one sentence (or one name and sentence, as overloads have) leave no single answer.
  const times = countBy(asked.map(({ query }) => query.toLowerCase()));
  return sample(
    asked.filter(({ query }) => times.get(query.toLowerCase()) === 1),
    count,
  );
}

export function symbolQueries(sources: readonly SourceFile[], count: number): Asked[] {
  const times = countBy(
    sources.flatMap(({ parsed }) => parsed.symbols.map(({ name }) => normalizeName(name))),
  );
  const asked = sources
    .filter(isAsked)
    .flatMap((file) =>
      file.parsed.symbols
        .filter(
          ({ kind, name, start, end }) =>
            NAMED.has(kind) &&
            end - start >= MIN_BODY_LINES &&
            /^[\w$]+$/.test(name) &&
            name.length >= MIN_NAME_LENGTH &&
            splitIdentifier(name).length > 1 &&
            times.get(normalizeName(name)) === 1,
        )
        .map((symbol) => ({ ...askedOf(file, symbol, symbol.name), docStart: 0, docEnd: 0 })),
    );
  return sample(asked, count);
}

function isAsked({ kind, path }: SourceFile): boolean {
  return (
    kind === 'code' && !fileTraitsOf(path).some((trait) => trait === 'declaration' || trait === 'example')
  );
}

function queryOf(file: SourceFile, symbol: SymbolDef): string | undefined {
  const { docStart, docEnd, start, end, headEnd, name, kind } = symbol;
  if (docStart === 0 || !CALLABLE.has(kind)) return undefined;
  // Blanking must take the comment and nothing else.
  if (docStart <= headEnd && docEnd >= start) return undefined;
  const body = file.lines.slice(headEnd, end).filter((line, i) => {
    const at = headEnd + 1 + i;
    return (at < docStart || at > docEnd) && /\p{L}/u.test(line);
  });
  if (body.length < MIN_BODY_LINES) return undefined;
  const sentence = firstSentence(descriptionOf(file.lines.slice(docStart - 1, docEnd)));
  const query = sentence.startsWith(`${name} `) ? sentence.slice(name.length + 1) : sentence;
  const words = wordCount(query);
  if (words < MIN_WORDS || words > MAX_WORDS || isNoise(query)) return undefined;
  // With the name in it the query would be one for a symbol.
  if (splitIdentifier(name).length > 1 && normalizeName(query).includes(normalizeName(name)))
    return undefined;
  return query.replace(/[.:\s]+$/, '');
}

const askedOf = (file: SourceFile, { name, start, end }: SymbolDef, query: string) => ({
  query,
  name,
  path: file.path,
  start,
  end,
});

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function sample(asked: readonly Asked[], count: number): Asked[] {
  return asked
    .map((one) => ({ one, rank: rankOf(`${one.path} ${one.name} ${one.query}`) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ one }) => one);
}
