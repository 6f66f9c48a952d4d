/** The call graph of a folder: reads its files, takes the facts of each, resolves them together. Keeps nothing between calls. */
import type { FileFacts } from '../graph/resolving/add-file.ts';
import { resolveCalls } from '../graph/resolving/resolve.ts';
import type { CallGraphReport, UnreadFile } from '../model/call-graph.ts';
import type { CodeFacts } from '../model/code-facts.ts';
import { ConexusError } from '../model/errors.ts';
import type { FilePath, LanguageId } from '../model/file.ts';
import { decodeText, skipByContent, skipByPath } from '../model/skip-rules.ts';
import type { Source } from '../ports/source.ts';
import { loadLanguage } from '../syntax/parse-file.ts';
import { readReferences, referenceLanguages } from '../syntax/references/read-references.ts';
import { languageOf } from '../syntax/registry.ts';

export interface CallGraphOptions {
  readonly maxFileBytes: number;
  readonly signal?: AbortSignal;
}

/** @throws ConexusError cancelled */
export async function readCallGraph(source: Source, options: CallGraphOptions): Promise<CallGraphReport> {
  const { files } = await source.walk(options.signal);
  const found: FileFacts[] = [];
  const unread: UnreadFile[] = [];
  const paths = files.map(({ path }) => path).sort();
  const configurations = new Map<FilePath, string>();
  for (const path of paths) {
    stopIfAborted(options.signal);
    if (isConfiguration(path)) {
      const bytes = source.read(path)?.bytes;
      if (bytes !== undefined && bytes.length <= maxConfigurationBytes)
        configurations.set(path, new TextDecoder().decode(bytes));
      continue;
    }
    const language = languageOf(path);
    if (!referenceLanguages.includes(language)) continue;
    const bytes = source.read(path)?.bytes;
    const { facts, reason } =
      bytes === undefined
        ? { facts: undefined, reason: 'unreadable' as const }
        : await readFacts(path, bytes, language, options.maxFileBytes);
    if (reason !== undefined) unread.push({ path, reason });
    if (facts !== undefined) found.push({ path, facts });
  }
  return { ...resolveCalls(found, { configurations }), files: found.length, unread };
}

/** What one file says, and why that is nothing or not all. */
export async function readFacts(
  path: FilePath,
  bytes: Uint8Array,
  language: LanguageId,
  maxFileBytes: number,
): Promise<{ readonly facts?: CodeFacts | undefined; readonly reason?: UnreadFile['reason'] | undefined }> {
  const reason = skipByPath(path, bytes.length, maxFileBytes) ?? skipByContent(bytes);
  if (reason !== undefined) return { reason };
  await loadLanguage(language);
  const facts = readReferences(decodeText(bytes), language);
  if (facts === undefined) return { reason: 'not_parsed' };
  return facts.errorCount > 0 ? { facts, reason: 'syntax_errors' } : { facts };
}

/** Files that say where imports lead. */
export function isConfiguration(path: FilePath): boolean {
  return /(^|\/)((package|[tj]sconfig(\.[\w-]+)*)\.json|go\.(mod|work)|Cargo\.toml|Directory\.Build\.(props|targets)|[^/]+\.csproj)$/.test(
    path,
  );
}

export const maxConfigurationBytes = 1 << 20;

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ConexusError('cancelled', 'The call graph was cancelled.', 'Ask again.');
}
