/** `conexus index`: brings the index up to date and waits, with a report. Knows no progress bar. */
import type { CallOptions, IndexReport, Workspace } from '@conexus/engine';
import { ReportOutput } from '@conexus/sdk/contract';
import * as z from 'zod/v4';
import { embeddingText } from '../render/embedding.ts';
import { formatCount, formatDuration, plural } from '../render/text.ts';
import type { Outcome } from './operation.ts';
import { callOptions, defineOperation } from './operation.ts';
import { reportOutput } from './outputs.ts';

export const indexRepository = defineOperation({
  name: 'index',
  title: 'Index a repository',
  description: 'Brings the index up to date and waits for it. Unchanged files are not parsed again.',
  input: z.strictObject({
    rebuild: z.boolean().default(false).describe('Parse everything again.'),
    yes: z
      .boolean()
      .default(false)
      .describe('Embed all passages that have no vectors, whatever the estimate (CONEXUS_EMBEDDER).'),
  }),
  output: ReportOutput,
  aliases: {},
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  channel: 'structured',
  tool: false,
  help: {
    command: 'index',
    summary: 'Bring the index up to date: unchanged files are not parsed again.',
    details: [
      'Other commands do this when there is no index; run it to do the long work at a time of your choice.',
      'Nothing is written into the repository. Interrupt it at any time: what is done is kept.',
      'The index answers first. Then calls are followed, for callers, impact and analyze: else their first question does it.',
      'With an embedder of a provider it also makes the vectors; a large run says what it would cost and waits for --yes.',
    ],
    positional: { argument: 'root', valueName: 'ROOT', required: false },
    examples: [
      { command: 'conexus index', says: 'the working folder' },
      { command: 'conexus index ~/src/linux --rebuild', says: 'another repository, from nothing' },
    ],
  },
  async handler(workspaces, args, ctx) {
    const workspace = await workspaces.open();
    const report = await workspace.index({
      signal: ctx.signal,
      rebuild: args.rebuild,
      embed: args.yes ? 'confirmed' : true,
      ...(ctx.onProgress !== undefined && { onProgress: ctx.onProgress }),
    });
    const rest = callOptions(workspaces, ctx);
    const calls = report.complete ? await followCalls(workspace, rest) : undefined;
    if (report.complete) await workspace.adapt(rest);
    return { root: workspace.root, report, calls };
  },
  outcome: ({ root, report, calls }): Outcome => ({
    empty: false,
    failed: report.embedding?.state === 'failed',
    markdown: () => reportText(root, report, calls),
    structured: () => reportOutput(report),
    terminal: () => reportText(root, report, calls),
  }),
});

interface FollowedCalls {
  readonly definitions: number;
  readonly ms: number;
}

/** The second step: the index answers already. */
async function followCalls(workspace: Workspace, options: CallOptions): Promise<FollowedCalls | undefined> {
  const started = performance.now();
  const { graph } = await workspace.codeGraph(options);
  if (options.signal?.aborted || graph.symbolCount === 0) return undefined;
  return { definitions: graph.symbolCount, ms: performance.now() - started };
}

function reportText(root: string, report: IndexReport, calls: FollowedCalls | undefined): string {
  const done = report.complete ? 'Indexed' : 'Interrupted (what was done is kept):';
  const lines = [
    `${done} ${plural(report.files, 'file')} of ${root} in ${formatDuration(report.ms)}: ` +
      `${formatCount(report.indexed)} parsed, ${formatCount(report.reused)} unchanged, ${formatCount(report.removed)} removed.`,
  ];
  const skipped = Object.entries(report.skipped).filter(([, count]) => count > 0);
  if (skipped.length > 0)
    lines.push(`Skipped: ${skipped.map(([reason, count]) => `${reason} ${formatCount(count)}`).join(', ')}.`);
  if (report.parseErrors > 0)
    lines.push(
      `${plural(report.parseErrors, 'file')} with syntax errors, indexed as far as they could be read.`,
    );
  if (calls !== undefined)
    lines.push(
      `Calls followed between ${plural(calls.definitions, 'definition')} in ${formatDuration(calls.ms)}.`,
    );
  if (report.embedding !== undefined) lines.push(embeddingText(report.embedding));
  return lines.join('\n');
}
