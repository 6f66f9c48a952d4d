/** The map of a repository in a bounded text: languages, folders, main definitions. Reads the index only, no file. */
import type { FileListing, Workspace } from '@conexus/engine';
import { freshnessLine } from '../render/freshness.ts';
import { estimateTokens, formatBytes, formatCount, inline, plural } from '../render/text.ts';

export const MAP_TOKENS = 2_000;
/** Beyond this the folders are counted from a part, and the map says so. */
const MAX_FILES = 50_000;
const MAX_FOLDERS = 40;
const OUTLINED_FILES = 40;

export async function repositoryMap(workspace: Workspace, maxTokens = MAP_TOKENS): Promise<string> {
  const [status, files] = [await workspace.status(), await workspace.files({ limit: MAX_FILES })];
  const languages = Object.entries(status.languages).sort(([, a], [, b]) => b - a);
  const head = [
    '# Repository map',
    freshnessLine(status.freshness),
    `${plural(status.files, 'file')}, ${formatBytes(status.sourceBytes)}. Languages: ${
      languages
        .slice(0, 12)
        .map(([name, count]) => `${name} ${formatCount(count)}`)
        .join(', ') || 'none yet'
    }.`,
    ...(files.length === MAX_FILES
      ? [`(The folders below are counted from the first ${formatCount(MAX_FILES)} files.)`]
      : []),
  ];
  const folders = folderLines(files);
  const definitions = await definitionLines(workspace, files);
  const half = maxTokens / 2;
  const kept = [
    ...takeTokens([...head, '', '## Folders', ...folders], half),
    ...takeTokens(['', '## Main definitions', ...definitions], half),
  ];
  return kept.join('\n');
}

function takeTokens(lines: readonly string[], maxTokens: number): readonly string[] {
  let used = 0;
  const kept: string[] = [];
  for (const line of lines) {
    used += estimateTokens(line) + 1;
    if (used > maxTokens - 15)
      return [...kept, `(${plural(lines.length - kept.length, 'more line')} left out)`];
    kept.push(line);
  }
  return kept;
}

/** Folders of the first two levels by number of files, then listed in path order. */
function folderLines(files: readonly FileListing[]): readonly string[] {
  const folders = new Map<string, { files: number; bytes: number; languages: Map<string, number> }>();
  for (const file of files) {
    const parts = file.path.split('/');
    for (let depth = 1; depth <= Math.min(2, parts.length - 1); depth++) {
      const path = `${parts.slice(0, depth).join('/')}/`;
      const folder = folders.get(path) ?? { files: 0, bytes: 0, languages: new Map<string, number>() };
      folder.files++;
      folder.bytes += file.bytes;
      folder.languages.set(file.language, (folder.languages.get(file.language) ?? 0) + 1);
      folders.set(path, folder);
    }
  }
  return [...folders]
    .sort(([, a], [, b]) => b.files - a.files)
    .slice(0, MAX_FOLDERS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, folder]) => {
      const [main] = [...folder.languages].sort(([, a], [, b]) => b - a);
      const indent = path.indexOf('/') === path.length - 1 ? '' : '  ';
      return `${indent}${inline(path, 80)} ${plural(folder.files, 'file')}, ${formatBytes(folder.bytes)}${main === undefined ? '' : `, mostly ${main[0]}`}`;
    });
}

const MAIN_KINDS = new Set([
  'class',
  'interface',
  'struct',
  'enum',
  'trait',
  'type',
  'function',
  'service',
  'namespace',
]);

/** The largest code files, at most three of a folder, with the names they define at top level. */
async function definitionLines(
  workspace: Workspace,
  files: readonly FileListing[],
): Promise<readonly string[]> {
  const ofFolder = new Map<string, number>();
  const chosen = files
    .filter((file) => file.kind === 'code' && file.traits.length === 0)
    .toSorted((a, b) => b.bytes - a.bytes)
    .filter((file) => {
      const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
      const count = (ofFolder.get(folder) ?? 0) + 1;
      ofFolder.set(folder, count);
      return count <= 3;
    })
    .slice(0, OUTLINED_FILES);
  const lines: string[] = [];
  for (const file of chosen) {
    const outline = await workspace.outline(file.path).catch(() => []);
    const names = outline
      .filter((item) => item.depth === 0 && MAIN_KINDS.has(item.kind))
      .map((item) => inline(item.name, 60));
    if (names.length > 0)
      lines.push(
        `${inline(file.path, 100)}: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`,
      );
  }
  return lines;
}
