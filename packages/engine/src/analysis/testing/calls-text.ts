/** For tests: files in, their call graph as text out, one line per edge and per unresolved call. */
import type { CallGraphReport } from '../../model/call-graph.ts';
import type { FileStamp } from '../../model/file.ts';
import type { Source } from '../../ports/source.ts';
import { readCallGraph } from '../call-graph.ts';

export type Files = Readonly<Record<string, string>>;

/** `from -> to path:line`, with ` inferred` where it is not exact; `from -> ? text path:line` for what is not known. */
export async function callsText(files: Files): Promise<string> {
  const { edges, unresolved, unread } = await callGraphOf(files);
  const lines = [
    ...edges.map(
      ({ from, to, path, line, resolution }) =>
        `${from} -> ${to} ${path}:${line}${resolution === 'exact' ? '' : ` ${resolution}`}`,
    ),
    ...unresolved.map(({ from, text, path, line }) => `${from} -> ? ${text} ${path}:${line}`),
    ...unread.map(({ path, reason }) => `(${path}: ${reason})`),
  ];
  return `\n${lines.sort().join('\n')}\n`;
}

export function callGraphOf(files: Files): Promise<CallGraphReport> {
  return readCallGraph(sourceOf(files), { maxFileBytes: 2 ** 21 });
}

function sourceOf(files: Files): Source {
  const stamp: FileStamp = { size: 0, mtimeNs: 0n, ctimeNs: 0n, inode: 0n };
  return {
    root: '/files',
    walk: async () => ({
      files: Object.keys(files).map((path) => ({ path, stamp })),
      skipped: [],
      ignoredCount: 0,
    }),
    stamp: (path) => (path in files ? stamp : undefined),
    includes: (path) => path in files,
    read: (path) => {
      const text = files[path];
      return text === undefined ? undefined : { bytes: new TextEncoder().encode(text), stamp };
    },
    watch: () => Promise.reject(new Error('files in memory do not change')),
  };
}
