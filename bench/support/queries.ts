/** Queries as agents send them, taken from an index by a fixed seed: names, paths, words of comments, whole reports. */
import type { Workspace } from '@conexus/engine';
import { randomFrom } from './numbers.ts';

export const KINDS = ['symbol', 'path', 'words', 'report'] as const;
export type Kind = (typeof KINDS)[number];
export type QuerySet = Readonly<Record<Kind, readonly string[]>>;

/** `count` distinct queries of each kind, as far as the files have so many. */
export async function takeQueries(workspace: Workspace, count: number, seed = 7): Promise<QuerySet> {
  const random = randomFrom(seed);
  const listing = await workspace.files({ limit: 1e9 });
  const code = listing.filter(({ kind, bytes }) => kind === 'code' && bytes > 800 && bytes < 200_000);
  const found: Record<Kind, Set<string>> = {
    symbol: new Set(),
    path: new Set(),
    words: new Set(),
    report: new Set(),
  };
  const isFull = () => KINDS.every((kind) => found[kind].size >= count);
  const put = (kind: Kind, text: string | undefined) => {
    if (text !== undefined && found[kind].size < count) found[kind].add(text);
  };
  for (let tries = 0; tries < count * 12 && !isFull(); tries++) {
    const file = code[Math.floor(random() * code.length)];
    if (!file) break;
    const chunks = await workspace.chunks(file.path);
    const chunk = chunks[Math.floor(random() * chunks.length)];
    const other = chunks[Math.floor(random() * chunks.length)];
    if (!chunk || !other) continue;
    put(
      'symbol',
      chunk.symbol
        ?.split('.')
        .slice(random() < 0.3 ? -2 : -1)
        .join('.'),
    );
    put(
      'path',
      file.path
        .split('/')
        .slice(random() < 0.5 ? -1 : -2)
        .join('/'),
    );
    const doc = (chunk.fields['doc'] ?? '').match(/[A-Za-z]{2,}/g) ?? [];
    if (doc.length >= 6) put('words', doc.slice(0, 4 + Math.floor(random() * 6)).join(' '));
    const body = `${chunk.fields['body']}\n${other.fields['body']}`;
    if (body.length > 600) put('report', reportOf(file.path, chunk.symbol ?? 'run', chunk.start, body));
  }
  return {
    symbol: [...found.symbol],
    path: [...found.path],
    words: [...found.words],
    report: [...found.report],
  };
}

/** An issue: a title, prose, a trace that names the file, and pasted code. About 1,500 characters. */
function reportOf(path: string, symbol: string, line: number, code: string): string {
  return [
    `${symbol} fails after upgrade`,
    '',
    'After upgrading to the latest version our integration started to fail intermittently. Expected behaviour: the call',
    'returns the same result as before. Actual behaviour: an exception is raised when the second request is processed.',
    '```',
    'Traceback (most recent call last):',
    `  File "${path}", line ${line}, in ${symbol.split('.').at(-1)}`,
    code.slice(0, 1000),
    '```',
    'Steps to reproduce: create a fresh project, configure it as in the documentation and run the example twice.',
  ].join('\n');
}
