/** The files that the engine of tests is made of, as it lists, reads and greps them. Knows no index. */
import { createHash } from 'node:crypto';
import type { GrepAnswer, GrepRequest, Workspace } from '@conexus/engine';
import { UserError } from '../errors.ts';

export function fakeFiles(
  files: Readonly<Record<string, string>>,
): Pick<Workspace, 'files' | 'readLines' | 'outline' | 'chunks'> {
  return {
    async files({ prefix = '', after = '', limit = 1000 } = {}) {
      const paths = Object.keys(files).sort();
      const wanted = paths.filter((path) => path.startsWith(prefix) && path > after).slice(0, limit);
      return wanted.map((path) => {
        const bytes = files[path]?.length ?? 0;
        return { path, language: 'typescript', kind: 'code', traits: [], bytes };
      });
    },
    async readLines(path, start = 1, end = Number.MAX_SAFE_INTEGER) {
      const content = files[path] ?? missing(path);
      const lines = content.split('\n');
      const last = Math.min(end, lines.length);
      const text = lines.slice(start - 1, last).join('\n');
      return { text, start, end: last, lineCount: lines.length, hash: hashOf(content) };
    },
    async outline(path) {
      if (files[path] === undefined) return missing(path);
      return [{ name: path.replace(/\W/g, '_'), kind: 'function', start: 1, end: 1, depth: 0 }];
    },
    chunks: async () => [],
  };
}

export function grepFiles(files: Readonly<Record<string, string>>, request: GrepRequest): GrepAnswer {
  const hits = Object.entries(files).flatMap(([path, content]) =>
    content.split('\n').flatMap((lineText, index) => {
      if (!lineText.includes(request.pattern)) return [];
      const line = index + 1;
      return [{ path, line, lineText, start: line, end: line, hash: hashOf(content) }];
    }),
  );
  const limit = request.limit ?? 200;
  const count = new Set(hits.map((found) => found.path)).size;
  return { hits: hits.slice(0, limit), truncated: hits.length > limit, files: count, notes: [], ms: 0.5 };
}

function missing(path: string): never {
  throw new UserError('path_not_found', `There is no file ${path} in the index.`, 'List the resources.');
}

export function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}
