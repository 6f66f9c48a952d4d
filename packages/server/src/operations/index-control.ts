/** `index_control`: state and work of the index, for agents. Long work is a job with a handle. Builds nothing itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IndexStatus, JobStatus, Workspace } from '@conexus/engine';
import { IndexControlInput, IndexControlOutput } from '@conexus/sdk/contract';
import type * as z from 'zod/v4';
import { invalidArgument } from '../errors.ts';
import { embeddingText } from '../render/embedding.ts';
import { progressClause } from '../render/freshness.ts';
import { formatDuration, plural } from '../render/text.ts';
import { waitForJob } from './jobs.ts';
import type { CallContext, Outcome, WorkspaceProvider } from './operation.ts';
import { defineOperation } from './operation.ts';
import { jobOutput, statusOutput } from './outputs.ts';
import { normalizePath } from './paths.ts';
import { statusText } from './status-text.ts';

type Arguments = z.infer<typeof IndexControlInput>;

interface ControlResult {
  readonly action: Arguments['action'];
  readonly message: string;
  readonly job?: JobStatus | undefined;
  readonly status?: IndexStatus | undefined;
  readonly next?: string | undefined;
}

export const indexControl = defineOperation({
  name: 'index_control',
  title: 'Index status and control',
  description: `Shows and controls the index. Rarely needed: it builds itself at the first search and follows edits.
Use it when an answer says "building" or "pending": to see progress, to wait for the first build (start with wait), or to rebuild after trouble. Changes no file of the repository.`,
  input: IndexControlInput,
  output: IndexControlOutput,
  aliases: {
    command: 'action',
    operation: 'action',
    op: 'action',
    path: 'paths',
    file: 'paths',
    files: 'paths',
    job_id: 'job',
    id: 'job',
    handle: 'job',
    block: 'wait',
  },
  unlisted: ['job'],
  // The index is derived data: clearing it loses time, nothing else.
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  channel: 'structured',
  reads: (args) => args.action === 'status',
  tool: true,
  help: {
    command: 'index_control',
    summary: 'Show and control the index (over MCP; on the command line: index, status, clear).',
    details: [],
    examples: [],
  },
  handler: control,
  outcome: (result): Outcome => ({
    empty: false,
    markdown: () => controlText(result),
    structured: () => controlOutput(result),
    terminal: () => controlText(result),
  }),
});

async function control(
  workspaces: WorkspaceProvider,
  args: Arguments,
  ctx: CallContext,
): Promise<ControlResult> {
  if (args.action !== 'reindex' && args.paths !== undefined) {
    throw invalidArgument(
      `The action ${args.action} takes no paths`,
      'Use action "reindex" for single files, or leave paths out.',
    );
  }
  const workspace = await workspaces.open();
  const finish = (job: JobStatus) => finishJob(workspaces, workspace, args, ctx, job);
  switch (args.action) {
    case 'status':
      return showStatus(workspace, args);
    case 'start':
      return finish(workspace.startIndexing());
    case 'rebuild':
      return finish(workspace.startIndexing({ rebuild: true }));
    case 'reindex': {
      const paths = (args.paths ?? [])
        .map((path) => normalizePath(workspace.root, path))
        .filter((path) => path !== '');
      if (paths.length === 0)
        throw invalidArgument(
          'reindex needs paths',
          'Give the changed files, e.g. {"action":"reindex","paths":["src/a.ts"]}, or use action "start".',
        );
      return finish(workspace.startIndexing({ paths }));
    }
    case 'cancel': {
      const known = workspace.job(args.job);
      if (known === undefined) return { action: 'cancel', message: noJob(args.job) };
      if (known.state !== 'running') return { action: 'cancel', message: ended(known), job: known };
      const job = workspace.cancelJob(args.job) ?? known;
      return {
        action: 'cancel',
        message: 'Cancelled; what was indexed so far is kept.',
        job,
        next: 'index_control {"action":"start"}',
      };
    }
    case 'clear':
      workspace.cancelJob();
      await workspace.clear();
      workspaces.forget();
      return {
        action: 'clear',
        message: 'The index of this root was removed; the next search builds it again.',
        next: 'index_control {"action":"start"}',
      };
  }
}

function callsClause({ graph }: IndexStatus): string {
  return graph.progress === undefined ? '' : ` Call graph: ${progressClause(graph.progress)}.`;
}

async function showStatus(workspace: Workspace, args: Arguments): Promise<ControlResult> {
  const status = await workspace.status();
  const job = args.job === undefined ? (status.job ?? workspace.job()) : workspace.job(args.job);
  if (args.job !== undefined && job === undefined)
    return { action: 'status', message: noJob(args.job), status };
  const running = job?.state === 'running';
  const message =
    status.state === 'empty'
      ? 'There is no index yet.'
      : status.state === 'building' || running
        ? `Indexing: ${job === undefined ? 'started' : progressClause(job.progress)}.`
        : `Ready: ${plural(status.files, 'file')}, ${plural(status.chunks, 'passage')}.${callsClause(status)}`;
  const next = running
    ? `index_control {"action":"start","wait":true} waits for it`
    : status.state === 'empty'
      ? 'index_control {"action":"start"}'
      : undefined;
  return { action: 'status', message, job, status, next };
}

/** Time kept back from the call's deadline for the answer itself. */
const ANSWER_MARGIN_MS = 1_000;

async function finishJob(
  workspaces: WorkspaceProvider,
  workspace: Workspace,
  args: Arguments,
  ctx: CallContext,
  started: JobStatus,
): Promise<ControlResult> {
  const maxMs = args.wait ? workspaces.settings.deadlineMs - ANSWER_MARGIN_MS : 0;
  const end = performance.now() + maxMs;
  const job = await waitForJob(workspace, started, { signal: ctx.signal, maxMs, onProgress: ctx.onProgress });
  const isWhole = args.action === 'start' || args.action === 'rebuild';
  const calls = args.wait && isWhole && job.state === 'done' ? await waitForCalls(workspace, ctx, end) : '';
  return {
    action: args.action,
    message: `${jobMessage(job)}${calls}`,
    job,
    next:
      job.state === 'running'
        ? statusCall(job)
        : calls === ''
          ? undefined
          : 'index_control {"action":"start","wait":true} waits on; searches answer',
  };
}

/** Until the graph of calls follows the index; what is left when the time is over. */
async function waitForCalls(workspace: Workspace, ctx: CallContext, end: number): Promise<string> {
  const timer = new AbortController();
  const patience = sleep(Math.max(0, end - performance.now()), undefined, {
    signal: timer.signal,
    ref: false,
  });
  try {
    const { signal, onProgress } = ctx;
    const graph = workspace.codeGraph({ signal, ...(onProgress !== undefined && { onProgress }) });
    // It fails as the next question about calls will, which says why.
    await Promise.race([graph.catch(() => undefined), patience]);
  } finally {
    timer.abort();
    patience.catch(() => undefined);
  }
  return callsClause(await workspace.status());
}

function statusCall(job: JobStatus): string {
  return `index_control ${JSON.stringify({ action: 'status', job: job.id })}; searches answer meanwhile from what is ready`;
}

function jobMessage(job: JobStatus): string {
  switch (job.state) {
    case 'running':
      return `Indexing: ${progressClause(job.progress)}.`;
    case 'done':
      return job.report === undefined
        ? 'Done.'
        : `Done in ${formatDuration(job.report.ms)}: ${plural(job.report.files, 'file')}, ${job.report.indexed} indexed, ${job.report.reused} reused, ${job.report.removed} removed.${job.report.embedding === undefined ? '' : ` ${embeddingText(job.report.embedding)}`}`;
    case 'cancelled':
      return 'Cancelled; what was indexed so far is kept.';
    case 'failed':
      return `Failed: ${job.error ?? 'the reason is in the log of Conexus'}`;
  }
}

const ended = ({ state }: JobStatus): string =>
  `No job is running: the last one ${state === 'failed' ? 'has failed' : state === 'cancelled' ? 'was cancelled' : 'is done'}.`;

function noJob(id: string | undefined): string {
  return id === undefined
    ? 'No job is running.'
    : 'No such job: handles are valid in the session that started them, and for an hour after their end. Use action "status" without job.';
}

function controlOutput(result: ControlResult): Record<string, unknown> {
  return {
    action: result.action,
    message: result.message,
    ...(result.job !== undefined && { job: jobOutput(result.job) }),
    ...(result.status !== undefined && { status: boundedStatus(result.status) }),
    ...(result.next !== undefined && { next: result.next }),
  };
}

/** A model needs the counts; a hundred skipped paths would be most of the answer. */
function boundedStatus(status: IndexStatus): Record<string, unknown> {
  return {
    ...statusOutput(status),
    skipped_files: status.skippedFiles.slice(0, 10).map(({ path, reason }) => ({ path, reason })),
  };
}

function controlText(result: ControlResult): string {
  return [
    result.message,
    ...(result.job === undefined ? [] : [`Job ${result.job.id}: ${result.job.state}`]),
    ...(result.status === undefined ? [] : [statusText(result.status, 10)]),
    ...(result.next === undefined ? [] : [`Next: ${result.next}`]),
  ].join('\n');
}
