/** Engine types -> wire types. Renames to snake_case and drops what the wire does not carry; decides nothing. */
import type {
  EmbedderStatus,
  EmbeddingReport,
  Freshness,
  GraphStatus,
  IndexProgress,
  IndexReport,
  IndexStatus,
  JobStatus,
  QueryPlanView,
} from '@conexus/engine';
import type {
  EmbeddingOutput,
  FreshnessOutput,
  JobOutput,
  PlanOutput,
  ProgressOutput,
  ReportOutput,
  StatusOutput,
} from '@conexus/sdk/contract';
import type * as z from 'zod/v4';

export function progressOutput(progress: IndexProgress): z.infer<typeof ProgressOutput> {
  return {
    phase: progress.phase,
    files_done: progress.filesDone,
    files_total: progress.filesTotal,
    bytes_done: progress.bytesDone,
    bytes_total: progress.bytesTotal,
    ...(progress.passagesDone !== undefined && { passages_done: progress.passagesDone }),
    ...(progress.passagesTotal !== undefined && { passages_total: progress.passagesTotal }),
    elapsed_ms: Math.round(progress.elapsedMs),
    ...(progress.remainingMs !== undefined && { remaining_ms: Math.round(progress.remainingMs) }),
  };
}

export function freshnessOutput(freshness: Freshness): FreshnessOutput {
  return {
    state: freshness.state,
    ...(freshness.commit !== undefined && { commit: freshness.commit }),
    ...(freshness.branch !== undefined && { branch: freshness.branch }),
    generation: freshness.generation,
    pending: [...freshness.pending],
    pending_count: freshness.pendingCount,
    ...(freshness.progress !== undefined && { progress: progressOutput(freshness.progress) }),
    checked_by: freshness.checkedBy,
    check_ms: Math.round(freshness.checkMs * 100) / 100,
  };
}

export function planOutput(plan: QueryPlanView): z.infer<typeof PlanOutput> {
  return {
    kind: plan.kind,
    terms: plan.terms.map(({ term, weight, documents }) => ({ term, weight, documents })),
    names: [...plan.names],
    paths: [...plan.paths],
    retrievers: [...plan.retrievers],
  };
}

export function reportOutput(report: IndexReport): z.infer<typeof ReportOutput> {
  return {
    files: report.files,
    indexed: report.indexed,
    reused: report.reused,
    removed: report.removed,
    chunks: report.chunks,
    bytes: report.bytes,
    skipped: { ...report.skipped },
    parse_errors: report.parseErrors,
    generation: report.generation,
    ms: Math.round(report.ms),
    complete: report.complete,
    ...(report.embedding !== undefined && { embedding: embeddingOutput(report.embedding) }),
  };
}

function embeddingOutput({ estimate, ...report }: EmbeddingReport): EmbeddingOutput {
  const { passages, tokens, minutes, usd, priceAsOf } = estimate;
  return {
    ...report,
    estimate: {
      passages,
      tokens,
      minutes: Math.round(minutes * 100) / 100,
      ...(usd !== undefined && { usd: Math.round(usd * 1e4) / 1e4 }),
      ...(priceAsOf !== undefined && { price_as_of: priceAsOf }),
    },
  };
}

export function jobOutput(job: JobStatus): z.infer<typeof JobOutput> {
  return {
    id: job.id,
    state: job.state,
    progress: progressOutput(job.progress),
    ...(job.report !== undefined && { report: reportOutput(job.report) }),
    ...(job.error !== undefined && { error: job.error }),
  };
}

function embedderOutput({ last, ...embedder }: EmbedderStatus): StatusOutput['embedder'] {
  return { ...embedder, ...(last !== undefined && { last: embeddingOutput(last) }) };
}

function graphOutput({ progress, ...graph }: GraphStatus): StatusOutput['graph'] {
  return { ...graph, ...(progress !== undefined && { progress: progressOutput(progress) }) };
}

export function statusOutput(status: IndexStatus): StatusOutput {
  return {
    root: status.root,
    state: status.state,
    generation: status.generation,
    files: status.files,
    chunks: status.chunks,
    source_bytes: status.sourceBytes,
    store_bytes: status.storeBytes,
    store_file: status.storeFile,
    languages: { ...status.languages },
    kinds: { ...status.kinds },
    skipped: { ...status.skipped },
    skipped_files: status.skippedFiles.map(({ path, reason }) => ({ path, reason })),
    freshness: freshnessOutput(status.freshness),
    history: { ...status.history },
    graph: graphOutput(status.graph),
    ...(status.embedder !== undefined && { embedder: embedderOutput(status.embedder) }),
    notices: [...status.notices],
  };
}
