/** The state of an index as lines of text, for people and models alike. Decides nothing. */
import type { GraphStatus, IndexStatus } from '@conexus/engine';
import { embedderLine } from '../render/embedding.ts';
import { freshnessLine, progressClause } from '../render/freshness.ts';
import { formatBytes, formatCount, inline, plural } from '../render/text.ts';

export function statusText(status: IndexStatus, skippedNamed: number): string {
  // A tiny repository is smaller than the pages of an empty store.
  const share =
    status.sourceBytes < 1 << 20
      ? ''
      : ` (${Math.round((status.storeBytes / status.sourceBytes) * 100)} % of the source)`;
  const lines: [string, string][] = [
    ['root', inline(status.root)],
    ['state', status.state],
    [
      'files',
      `${formatCount(status.files)} in ${plural(status.chunks, 'passage')}, ${formatBytes(status.sourceBytes)}`,
    ],
    ['languages', counts(status.languages)],
    ['kinds', counts(status.kinds)],
    ['skipped', counts(status.skipped)],
    [
      'history',
      status.history.state === 'none'
        ? 'none'
        : `${plural(status.history.commits, 'commit')} (${status.history.state})`,
    ],
    ['calls', graphClause(status.graph)],
    ['embedder', status.embedder === undefined ? 'none' : embedderLine(status.embedder)],
    ['store', `${formatBytes(status.storeBytes)}${share} in ${inline(status.storeFile)}`],
  ];
  const text = lines
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${`${name}:`.padEnd(11)}${value}`);
  text.push(freshnessLine(status.freshness));
  for (const notice of status.notices) text.push(`notice: ${inline(notice, 500)}`);
  const named = status.skippedFiles.slice(0, skippedNamed);
  if (named.length > 0) {
    text.push(`skipped files${status.skippedFiles.length > named.length ? ` (first ${named.length})` : ''}:`);
    for (const file of named) text.push(`  ${inline(file.path, 120)}  ${file.reason}`);
  }
  return text.join('\n');
}

/** What the call graph is made of, and whether it is there. */
function graphClause({ state, files, missing, progress }: GraphStatus): string {
  if (state === 'none') return '';
  if (state === 'building') return progress === undefined ? 'being read' : progressClause(progress);
  return state === 'ready'
    ? `of ${plural(files, 'file')} (ready)`
    : `${formatCount(missing)} of ${plural(files, 'file')} not read yet; the first question about calls reads them`;
}

/** Most frequent first: `typescript 120, python 3` */
function counts(table: Readonly<Record<string, number | undefined>>): string {
  return Object.entries(table)
    .filter((entry): entry is [string, number] => entry[1] !== undefined && entry[1] > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${formatCount(count)}`)
    .join(', ');
}
