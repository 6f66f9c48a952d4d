// Pairs of a guide: what a section says, with the code block that shows it or the source file that it links to.
import path from 'node:path';

import type { FilePath } from '../../packages/engine/src/model/file.ts';
import type { RawPair } from './code-pairs.ts';
import { wordCount } from './doc-text.ts';

const MIN_WORDS = 4;
const MIN_CODE_LINES = 3;
const MAX_CODE_LINES = 60;
const MAX_QUERY_CHARS = 500;
const MAX_PER_FILE = 12;
/** Blocks that are output or configuration of no code here. */
const NO_CODE =
  /^(?:console|output|text|txt|log|diff|mermaid|json5?|yaml|yml|toml|xml|html|css|sh-session)?$/i;

export interface LinkedFile {
  readonly query: string;
  readonly target: FilePath;
}

/** Sections with the blocks in them; links to other files are returned for whoever can read those. */
export function markdownPairs(file: FilePath, text: string): { pairs: RawPair[]; links: LinkedFile[] } {
  const pairs: RawPair[] = [];
  const links: LinkedFile[] = [];
  let heading = '';
  let prose: string[] = [];
  let fence: { mark: string; language: string; lines: string[] } | undefined;
  for (const line of text.split('\n')) {
    const mark = /^\s*(```+|~~~+)\s*([\w+#-]*)/.exec(line);
    if (fence !== undefined) {
      if (mark === null || !line.trim().startsWith(fence.mark)) fence.lines.push(line);
      else {
        const query = `${heading}\n${prose.slice(-6).join('\n')}`.trim().slice(-MAX_QUERY_CHARS);
        if (isCode(fence.language, fence.lines) && wordCount(query) >= MIN_WORDS)
          pairs.push({
            kind: 'markdown',
            query: plain(query),
            doc: { body: fence.lines.join('\n') },
            path: file,
          });
        prose = [];
        fence = undefined;
      }
    } else if (mark !== null) fence = { mark: mark[1] ?? '```', language: mark[2] ?? '', lines: [] };
    else if (/^#{1,6}\s/.test(line)) {
      heading = line.replace(/^#+\s+/, '');
      prose = [];
    } else if (line.trim() !== '') {
      prose.push(line);
      links.push(...linksIn(file, heading, line));
    }
  }
  return { pairs: pairs.slice(0, MAX_PER_FILE), links: links.slice(0, MAX_PER_FILE) };
}

function isCode(language: string, lines: readonly string[]): boolean {
  const full = lines.filter((line) => line.trim() !== '').length;
  return full >= MIN_CODE_LINES && full <= MAX_CODE_LINES && !NO_CODE.test(language);
}

function linksIn(file: FilePath, heading: string, line: string): LinkedFile[] {
  const found: LinkedFile[] = [];
  for (const [, target = ''] of line.matchAll(/\]\(([\w./-]+\.\w{1,5})(?:#[^)]*)?\)/g)) {
    const query = plain(`${heading} ${line}`).slice(0, MAX_QUERY_CHARS);
    const resolved = path.posix.normalize(path.posix.join(path.posix.dirname(file), target));
    if (
      wordCount(query) >= MIN_WORDS &&
      !resolved.startsWith('..') &&
      !/\.(?:md|mdx|png|svg|html?)$/i.test(target)
    )
      found.push({ query, target: resolved });
  }
  return found;
}

function plain(text: string): string {
  return text
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/https?:\/\/\S+/g, ' ')
    .replace(/<[^<>\n]{0,200}>/g, ' ');
}
