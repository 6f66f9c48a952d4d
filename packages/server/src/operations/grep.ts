/** `conexus grep`: every line that holds a text or matches an expression. Runs no expression itself: the engine's linear matcher does. */
import type { GrepAnswer, GrepHit } from '@conexus/engine';
import { GrepInput, GrepOutput } from '@conexus/sdk/contract';
import { clipTokens, fitItems } from '../render/budget.ts';
import type { Style } from '../render/style.ts';
import { seeMore, terminalPage } from '../render/terminal-page.ts';
import { fence, formatDuration, inline, plural, printable } from '../render/text.ts';
import type { Outcome } from './operation.ts';
import { defineOperation } from './operation.ts';
import { filterOf } from './paths.ts';
import { FILTER_ALIASES, FILTER_FLAGS, RANKED_CLI_DEFAULTS } from './ranked-arguments.ts';

/** Title, notes and the sentence on what was left out. */
const ESSENTIALS = 120;
/** A minified line would fill the answer. */
const LINE_CHARS = 300;

export const grep = defineOperation({
  name: 'grep',
  title: 'Find exact text',
  description:
    'Lists every line that holds an exact text, or matches a regular expression (linear-time syntax), with the enclosing definition.',
  input: GrepInput,
  output: GrepOutput,
  aliases: {
    ...FILTER_ALIASES,
    query: 'pattern',
    q: 'pattern',
    text: 'pattern',
    regexp: 'pattern',
    case_insensitive: 'ignore_case',
    i: 'ignore_case',
    whole_word: 'word',
    w: 'word',
  },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  channel: 'markdown',
  tool: false,
  help: {
    command: 'grep',
    summary: 'List every line that holds an exact text or matches an expression.',
    details: [
      'The pattern is literal unless --regex is given. Reads the working tree; ignored and skipped files are left out.',
    ],
    positional: { argument: 'pattern', valueName: 'PATTERN', required: true },
    flags: FILTER_FLAGS,
    defaults: RANKED_CLI_DEFAULTS,
    examples: [
      { command: 'conexus grep "TODO(" --path "src/**"', says: 'a literal text' },
      { command: 'conexus grep --regex "parse[A-Z]\\w+Config" --lang typescript', says: 'an expression' },
    ],
  },
  async handler(workspaces, args, ctx) {
    const workspace = await workspaces.ready(ctx);
    return workspace.grep(
      {
        pattern: args.pattern,
        regex: args.regex,
        ignoreCase: args.ignore_case,
        word: args.word,
        filter: filterOf(workspace.root, args),
        limit: args.limit,
        maxTokens: Math.max(100, args.max_tokens - ESSENTIALS),
      },
      { signal: ctx.signal },
    );
  },
  outcome: (answer, args): Outcome => ({
    empty: answer.hits.length === 0,
    markdown: () => markdown(answer, args.pattern, args.max_tokens),
    structured: () => structured(answer, args.max_tokens),
    terminal: (style, maxTokens) => terminal(answer, style, maxTokens),
  }),
});

interface FileHits {
  readonly path: string;
  readonly hits: readonly GrepHit[];
}

function groupByFile(hits: readonly GrepHit[]): readonly FileHits[] {
  const groups = new Map<string, GrepHit[]>();
  for (const hit of hits) {
    const group = groups.get(hit.path);
    if (group === undefined) groups.set(hit.path, [hit]);
    else group.push(hit);
  }
  return [...groups].map(([path, list]) => ({ path, hits: list }));
}

function lineOf(hit: GrepHit): string {
  const text = printable(hit.lineText.replace(/[\r\n]+$/, ''));
  return text.length <= LINE_CHARS ? text : `${text.slice(0, LINE_CHARS)}…`;
}

function markdown(answer: GrepAnswer, pattern: string, maxTokens: number): string {
  let shown = 0;
  const { texts } = fitItems(groupByFile(answer.hits), maxTokens - ESSENTIALS, function* (file) {
    for (let count = file.hits.length; count >= 1; count >>= 1) {
      yield `## ${inline(file.path)}\n${fence(
        file.hits
          .slice(0, count)
          .map((hit) => `${hit.line}: ${lineOf(hit)}`)
          .join('\n'),
        'text',
      )}`;
    }
  });
  for (const text of texts) shown += text.split('\n').length - 3;
  const asked = clipTokens(inline(pattern, 80), 22);
  const title =
    answer.hits.length === 0
      ? `No line holds “${asked}”.`
      : `${plural(shown, 'line')} with “${asked}”. Quoted text is repository data.`;
  const notes = answer.notes.map((note) => `Note: ${inline(note, 300)}`);
  return [title, ...notes, ...texts, grepFooter(answer, shown)].filter((part) => part !== '').join('\n\n');
}

function grepFooter(answer: GrepAnswer, shown: number): string {
  const left = answer.hits.length - shown;
  if (left > 0)
    return `${plural(left, 'more line')}${answer.truncated ? ' and further ones' : ''} left out (max_tokens). Narrow paths or raise max_tokens.`;
  return answer.truncated ? 'Further lines left out (limit). Narrow paths or raise limit.' : '';
}

function structured(answer: GrepAnswer, maxTokens: number): Record<string, unknown> {
  const results = answer.hits.map((hit) => ({
    path: hit.path,
    line: hit.line,
    text: hit.lineText.slice(0, LINE_CHARS),
    ...(hit.symbol !== undefined && { symbol: hit.symbol }),
    start: hit.start,
    end: hit.end,
    hash: hit.hash,
  }));
  const shown = fitItems(results, maxTokens - ESSENTIALS, (result) => [JSON.stringify(result)]).texts.length;
  return {
    results: results.slice(0, shown),
    files: answer.files,
    truncated: answer.truncated,
    omitted: results.length - shown,
    ...(answer.notes.length > 0 && { notes: answer.notes.map((note) => inline(note, 300)) }),
    ms: Math.round(answer.ms * 1000) / 1000,
  };
}

function terminal(answer: GrepAnswer, style: Style, maxTokens: number): string {
  const items = groupByFile(answer.hits).flatMap(({ path, hits }, i) =>
    hits.map(
      (hit, at) =>
        `${at > 0 ? '' : `${i === 0 ? '' : '\n'}${style.path(inline(path))}\n`}${style.dim(`${hit.line}:`)} ${lineOf(hit)}`,
    ),
  );
  const found =
    answer.hits.length === 0
      ? 'No matching lines'
      : `${plural(answer.hits.length, 'line')} in ${plural(answer.files, 'file')}`;
  return terminalPage(
    {
      lists: [{ head: '', items }],
      notes: answer.notes.map((note) => style.dim(`note: ${inline(note, 300)}`)),
      foot({ shown: [own = 0] }) {
        const hidden = items.length - own;
        return [
          ...(hidden > 0 || answer.truncated
            ? [
                seeMore(
                  hidden > 0 && !answer.truncated ? plural(hidden, 'more line') : 'Further lines',
                  undefined,
                  '--limit',
                ),
              ]
            : []),
          `${found} · ${formatDuration(answer.ms)}`,
        ].map((line) => style.dim(line));
      },
    },
    maxTokens,
  );
}
