/**
 * Text in, facts out: the door of `syntax/references/`. Depends on bytes and language only; bad source never throws.
 */
import type { CodeFacts } from '../../model/code-facts.ts';
import type { LanguageId } from '../../model/file.ts';
import { readGo } from '../languages/go/references.ts';
import { readJava } from '../languages/java/references.ts';
import { readScript } from '../languages/javascript/references.ts';
import { readPython } from '../languages/python/references.ts';
import { openMacros } from '../languages/rust/open-macros.ts';
import { readRust } from '../languages/rust/references.ts';
import { separateSignatures } from '../languages/typescript/separate-signatures.ts';
import { readTree } from '../parse-file.ts';
import { type PlainNode, plainTree } from './plain-tree.ts';
import { TooLarge } from './scoped-names.ts';

type ReferenceReader = (root: PlainNode, text: string, errorCount: number) => CodeFacts;

const readers: Readonly<Record<LanguageId, ReferenceReader>> = {
  go: readGo,
  java: readJava,
  python: readPython,
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
  const reader = readers[language];
  if (reader === undefined) return undefined;
  const readable = readableBy[language]?.(text) ?? text;
  const plain = readTree(readable, language, (tree, errorCount) => ({ root: plainTree(tree), errorCount }));
  if (plain?.root === undefined) return undefined;
  try {
    return reader(plain.root, text, plain.errorCount);
  } catch (error) {
    // A reader recurses as deep as the source is nested.
    if (error instanceof TooLarge || error instanceof RangeError) return undefined;
    throw error;
  }
}
