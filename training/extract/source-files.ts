// Files of a checked-out corpus as indexing sees them: read, parsed and cut into chunks by the engine's own stages.
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { trackedFiles } from '../../eval/corpora/git-tree.ts';
import { chunkFile } from '../../packages/engine/src/chunking/chunk-file.ts';
import type { FileKind, FilePath } from '../../packages/engine/src/model/file.ts';
import { fileKindOf, fileTraitsOf } from '../../packages/engine/src/model/file-kind.ts';
import type { Chunk, ParsedFile } from '../../packages/engine/src/model/parsed-file.ts';
import {
  decodeText,
  isGeneratedText,
  skipByContent,
  skipByPath,
  splitLines,
} from '../../packages/engine/src/model/skip-rules.ts';
import { loadLanguage, parseFile } from '../../packages/engine/src/syntax/parse-file.ts';
import { languageById, languageOf } from '../../packages/engine/src/syntax/registry.ts';
import { rankOf } from './sampling.ts';

export interface SourceFile {
  readonly path: FilePath;
  readonly kind: FileKind;
  readonly lines: readonly string[];
  readonly parsed: ParsedFile;
  readonly chunks: readonly Chunk[];
  readonly lineComments: readonly string[];
}

/** Larger files are tables more often than code, and would cost as much as fifty others. */
const MAX_BYTES = 256 * 1024;
/** A file of another licence inside a permissive repository. */
const COPYLEFT = /GNU (?:Lesser |Library |Affero )?General Public License|Mozilla Public License/i;

/** Paths worth reading, in an order that looks random and is always the same. */
export function corpusPaths(root: string, skip: readonly string[]): FilePath[] {
  return trackedFiles(root)
    .filter((file) => isWanted(file, skip))
    .sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
}

/** Whether a path may be trained on: written by the repository's people, and text that is read. */
export function isWanted(file: FilePath, skip: readonly string[]): boolean {
  if (skip.some((left) => file === left || (left.endsWith('/') && file.startsWith(left)))) return false;
  if (skipByPath(file, 0) !== undefined) return false;
  const kind = fileKindOf(file);
  if (kind !== 'code' && kind !== 'test' && !isMarkdown(file)) return false;
  return !fileTraitsOf(file).some(
    (trait) => trait === 'vendored' || trait === 'generated' || trait === 'changelog',
  );
}

export const isMarkdown = (file: FilePath): boolean => /\.(?:md|mdx|markdown)$/i.test(file);

/** undefined for what indexing would leave out, what is not ours to use, and what has no outline to learn from. */
export async function readSource(root: string, file: FilePath): Promise<SourceFile | undefined> {
  const text = readText(root, file);
  return text === undefined ? undefined : sourceOf(file, text);
}

export async function sourceOf(file: FilePath, text: string): Promise<SourceFile | undefined> {
  if (isGeneratedText(text)) return undefined;
  const language = languageById(languageOf(file, text.slice(0, 200).split('\n', 1)[0]));
  if (language === undefined || language.reader === 'lines') return undefined;
  await loadLanguage(language.id);
  const parsed = parseFile(text, language.id);
  const lines = splitLines(text);
  const chunks = chunkFile(lines, parsed);
  return { path: file, kind: fileKindOf(file), lines, parsed, chunks, lineComments: language.lineComments };
}

export function readText(root: string, file: FilePath): string | undefined {
  try {
    return textOf(file, readFileSync(path.join(root, file)));
  } catch {
    // A link to nowhere, or a folder that stands where a link was.
    return undefined;
  }
}

export function textOf(file: FilePath, bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_BYTES || skipByContent(bytes, fileKindOf(file)) !== undefined) return undefined;
  const text = decodeText(bytes);
  return COPYLEFT.test(text.slice(0, 3000)) ? undefined : text;
}
