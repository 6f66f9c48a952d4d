// Pairs of one source file: doc comments, names, tests and paths, each with the chunk that it is about, what is asked left out.
import { chunkFields } from '../../packages/engine/src/chunking/chunk-fields.ts';
import type { PairKind } from '../../packages/engine/src/embedding/pair-set.ts';
import { splitIdentifier } from '../../packages/engine/src/lexical/tokenize.ts';
import type { Chunk, ChunkFields, SymbolDef } from '../../packages/engine/src/model/parsed-file.ts';
import type { PartialFields } from './bags.ts';
import { descriptionOf, firstSentence, isNoise, wordCount } from './doc-text.ts';
import { isInShare, rankOf } from './sampling.ts';
import type { SourceFile } from './source-files.ts';

/** A pair in words, not yet in terms. */
export interface RawPair {
  readonly kind: PairKind;
  readonly query: string;
  readonly doc: PartialFields;
  /** Empty where the path is the query. */
  readonly path: string;
}

const DEFINES: ReadonlySet<string> = new Set(
  'class interface struct enum trait type function method constructor macro module namespace property'.split(
    ' ',
  ),
);
const CALLABLE: ReadonlySet<string> = new Set(['function', 'method', 'constructor', 'macro']);
/** This share asks with the whole description instead of its first sentence. */
const WHOLE_DOC_SHARE = 0.3;
const MAX_DOC_CHARS = 1200;
const MIN_WORDS = 3;
/** Kept of one file, so that many files have their say. */
const MAX_PER_FILE = 150;
const MIN_BODY_LINES = 3;

export function codePairs(file: SourceFile): RawPair[] {
  const pairs: RawPair[] = [];
  for (const chunk of file.chunks) {
    for (const symbol of symbolsNamedIn(file, chunk)) {
      const asked = docPair(file, chunk, symbol);
      if (asked !== undefined) pairs.push(asked);
      if (symbol === file.parsed.symbols[chunk.symbol]) pairs.push(...namePairs(file, chunk, symbol));
    }
  }
  const chosen = pairs
    .map((pair, i) => ({ pair, rank: rankOf(`${file.path}:${i}`) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MAX_PER_FILE)
    .map(({ pair }) => pair);
  return file.kind === 'code' ? [...chosen, ...pathPair(file)] : chosen;
}

function symbolsNamedIn(file: SourceFile, chunk: Chunk): SymbolDef[] {
  return file.parsed.symbols.filter(
    ({ nameLine, kind }) =>
      nameLine >= chunk.start && nameLine <= chunk.end && (DEFINES.has(kind) || kind === 'test'),
  );
}

/** The doc comment asks for its chunk without it. */
function docPair(file: SourceFile, chunk: Chunk, symbol: SymbolDef): RawPair | undefined {
  if (symbol.docStart === 0 || !DEFINES.has(symbol.kind)) return undefined;
  if (symbol.docStart < chunk.start || symbol.docEnd > chunk.end) return undefined;
  const description = descriptionOf(file.lines.slice(symbol.docStart - 1, symbol.docEnd));
  const id = `${file.path}:${symbol.docStart}`;
  const sentence = firstSentence(description);
  const query = isInShare(id, WHOLE_DOC_SHARE) ? description.slice(0, MAX_DOC_CHARS) : sentence;
  if (wordCount(query) < MIN_WORDS || isNoise(sentence)) return undefined;
  return { kind: 'docstring', query, doc: fieldsWithout(file, chunk, symbol), path: file.path };
}

/** The chunk as it were if the symbol had no doc comment. */
function fieldsWithout(file: SourceFile, chunk: Chunk, symbol: SymbolDef): ChunkFields {
  const lines = file.lines.slice();
  lines.fill('', symbol.docStart - 1, symbol.docEnd);
  return chunkFields(lines, file.parsed, chunk);
}

/** The words of a name ask for the code that has it, the name itself left out; of a test, the title asks. */
function namePairs(file: SourceFile, chunk: Chunk, symbol: SymbolDef): RawPair[] {
  const isTest = symbol.kind === 'test' || (file.kind === 'test' && CALLABLE.has(symbol.kind));
  if (!isTest && !CALLABLE.has(symbol.kind) && symbol.kind !== 'class') return [];
  const query = isTest ? symbol.name.replace(/^(?:test|should|it)[_\s]*/i, '') : symbol.name;
  const words = symbol.kind === 'test' ? wordCount(query) : splitIdentifier(query).length;
  if (words < (isTest ? MIN_WORDS : 2)) return [];
  const fields = chunkFields(file.lines, file.parsed, chunk);
  const body = withoutName(fields.body, symbol.name);
  if (body.split('\n').filter((line) => line.trim().length > 2).length < MIN_BODY_LINES) return [];
  const names = fields.name.split(' ').filter((name) => name !== symbol.name);
  const doc = {
    ...fields,
    name: isTest ? '' : names.join(' '),
    signature: withoutName(fields.signature, symbol.name),
    body,
  };
  return [{ kind: isTest ? 'test' : 'name', query, doc, path: file.path }];
}

function withoutName(text: string, name: string): string {
  return name === '' ? text : text.split(name).join(' ');
}

/** The path asks for one chunk of the file. */
function pathPair(file: SourceFile): RawPair[] {
  const own = file.chunks.filter((chunk) => chunk.symbol >= 0 && chunk.end - chunk.start >= MIN_BODY_LINES);
  const chunk = own[rankOf(file.path) % Math.max(1, own.length)];
  if (chunk === undefined) return [];
  const query = file.path.replace(/\.[A-Za-z0-9]{1,8}$/, '').replaceAll('/', ' ');
  return [{ kind: 'path', query, doc: chunkFields(file.lines, file.parsed, chunk), path: '' }];
}
