/** The call graph of a folder: reads its files, takes the facts of each, resolves them together. Keeps nothing between calls. */
import { type FileFacts, resolveCalls } from '../graph/resolve.ts';
import type { CallGraphReport, UnreadFile } from '../model/call-graph.ts';
import { ConexusError } from '../model/errors.ts';
import type { FilePath } from '../model/file.ts';
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
    const reason = bytes === undefined ? 'unreadable' : unreadReason(path, bytes, options.maxFileBytes);
    if (bytes === undefined || reason !== undefined) {
      unread.push({ path, reason: reason ?? 'unreadable' });
      continue;
    }
    await loadLanguage(language);
    const facts = readReferences(decodeText(bytes), language);
    if (facts === undefined) unread.push({ path, reason: 'not_parsed' });
    else {
      found.push({ path, facts });
      if (facts.errorCount > 0) unread.push({ path, reason: 'syntax_errors' });
    }
  }
  return { ...resolveCalls(found, { configurations }), files: found.length, unread };
}

function unreadReason(
  path: FilePath,
  bytes: Uint8Array,
  maxFileBytes: number,
): UnreadFile['reason'] | undefined {
  return skipByPath(path, bytes.length, maxFileBytes) ?? skipByContent(bytes);
}

/** Files that say where imports lead. */
function isConfiguration(path: FilePath): boolean {
  return /(^|\/)((package|[tj]sconfig(\.[\w-]+)*)\.json|go\.(mod|work))$/.test(path);
}

const maxConfigurationBytes = 1 << 20;

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ConexusError('cancelled', 'The call graph was cancelled.', 'Ask again.');
}
