/**
 * Text in, facts out: the door of `syntax/references/`. Depends on bytes and language only; bad source never throws.
 */
import type { Tree } from 'web-tree-sitter';
import type { CodeFacts } from '../../model/code-facts.ts';
import type { LanguageId } from '../../model/file.ts';
import { readC } from '../languages/c/references.ts';
import { readCSharp } from '../languages/c_sharp/references.ts';
import { readGo } from '../languages/go/references.ts';
import { readJava } from '../languages/java/references.ts';
import { readScript } from '../languages/javascript/references.ts';
import { readKotlin } from '../languages/kotlin/references.ts';
import { readPhp } from '../languages/php/references.ts';
import { readPython } from '../languages/python/references.ts';
import { readRuby } from '../languages/ruby/references.ts';
import { openMacros } from '../languages/rust/open-macros.ts';
import { readRust } from '../languages/rust/references.ts';
import { separateSignatures } from '../languages/typescript/separate-signatures.ts';
import { readTree } from '../parse-file.ts';
import { type PlainNode, plainTree } from './plain-tree.ts';
import { TooLarge } from './scoped-names.ts';

type ReferenceReader = (root: PlainNode, text: string, errorCount: number) => CodeFacts;

const readers: Readonly<Record<LanguageId, ReferenceReader>> = {
  c_sharp: readCSharp,
  go: readGo,
  java: readJava,
  kotlin: readKotlin,
  c: readC('c'),
  cpp: readC('cpp'),
  php: readPhp,
  python: readPython,
  ruby: readRuby,
  rust: readRust,
  javascript: readScript('javascript'),
  typescript: readScript('typescript'),
  tsx: readScript('tsx'),
};

/** What the grammar cannot read is written over; lengths and lines stay. */
const readableBy: Readonly<Record<LanguageId, (text: string) => string>> = {
  typescript: separateSignatures,
  rust: openMacros,
};

/** Languages whose calls can be followed. */
export const referenceLanguages: readonly LanguageId[] = Object.keys(readers);

/**
 * The language must be loaded (`loadLanguage`). undefined: no facts, because the language has no reader, the text cannot be
 * parsed in time, or it is nested or long beyond what a person writes.
 */
export function readReferences(text: string, language: LanguageId): CodeFacts | undefined {
  if (readers[language] === undefined) return undefined;
  return factsOf(text, language, readTree(readableText(text, language), language, plainOf(text)));
}

function readableText(text: string, language: LanguageId): string {
  return readableBy[language]?.(text) ?? text;
}

interface PlainFile {
  readonly root: PlainNode | undefined;
  readonly errorCount: number;
}

const plainOf =
  (text: string) =>
  (tree: Tree, errorCount: number): PlainFile => ({ root: plainTree(tree, text), errorCount });

function factsOf(text: string, language: LanguageId, plain: PlainFile | undefined): CodeFacts | undefined {
  const reader = readers[language];
  if (plain?.root === undefined || reader === undefined) return undefined;
  try {
    return reader(plain.root, text, plain.errorCount);
  } catch (error) {
    // A reader recurses as deep as the source is nested.
    if (error instanceof TooLarge || error instanceof RangeError) return undefined;
    throw error;
  }
}
