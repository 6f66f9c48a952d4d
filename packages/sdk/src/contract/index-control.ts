/** Wire shape of `index_control`: state and work of the index. Depends on nothing of ours. */
import * as z from 'zod/v4';
import { FILE_KINDS, FreshnessOutput, LIMITS, PathGlobs, ProgressOutput } from './common.ts';

export const INDEX_ACTIONS = ['status', 'start', 'cancel', 'rebuild', 'clear', 'reindex'] as const;

export const IndexControlInput = z.strictObject({
  action: z
    .enum(INDEX_ACTIONS)
    .describe(
      'status; start: update; reindex: only paths; rebuild: parse all again; cancel: stop a job; clear: forget the index.',
    ),
  paths: PathGlobs.optional().describe('Files for reindex.'),
  job: z
    .string()
    .min(1)
    .max(LIMITS.cursorChars)
    .optional()
    .describe('Job handle for status or cancel; default the newest.'),
  wait: z
    .boolean()
    .default(false)
    .describe('Wait for the job and the call graph, at most the deadline of a call.'),
});
export type IndexControlInput = z.infer<typeof IndexControlInput>;

/** What came of embedding by an embedder that is not built in. */
export const EmbeddingOutput = z.strictObject({
  embedder: z.string(),
  state: z.enum(['done', 'waiting', 'cancelled', 'failed', 'elsewhere']),
  passages: z.number(),
  embedded: z.number(),
  missing: z.number(),
  changed: z.number(),
  estimate: z.strictObject({
    passages: z.number(),
    tokens: z.number(),
    minutes: z.number(),
    usd: z.number().optional(),
    price_as_of: z.string().optional(),
  }),
  error: z.string().optional(),
});
export type EmbeddingOutput = z.infer<typeof EmbeddingOutput>;

export const ReportOutput = z.strictObject({
  files: z.number(),
  indexed: z.number(),
  reused: z.number(),
  removed: z.number(),
  chunks: z.number(),
  bytes: z.number(),
  skipped: z.record(z.string(), z.number()),
  parse_errors: z.number(),
  generation: z.number(),
  ms: z.number(),
  complete: z.boolean(),
  embedding: EmbeddingOutput.optional(),
});

export const JobOutput = z.strictObject({
  id: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  progress: ProgressOutput,
  report: ReportOutput.optional(),
  error: z.string().optional(),
});

export const StatusOutput = z.strictObject({
  root: z.string(),
  state: z.enum(['empty', 'building', 'ready']),
  generation: z.number(),
  files: z.number(),
  chunks: z.number(),
  source_bytes: z.number(),
  store_bytes: z.number(),
  store_file: z.string(),
  languages: z.record(z.string(), z.number()),
  kinds: z.partialRecord(z.enum(FILE_KINDS), z.number()),
  skipped: z.record(z.string(), z.number()),
  skipped_files: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  freshness: FreshnessOutput,
  history: z.strictObject({ state: z.enum(['none', 'building', 'ready']), commits: z.number() }),
  /** Calls and imports, read after the index: by a server that has time, or by the first question that needs them. */
  graph: z.strictObject({
    state: z.enum(['none', 'waiting', 'building', 'ready']),
    files: z.number(),
    missing: z.number(),
    progress: ProgressOutput.optional(),
  }),
  /** What compares by meaning; absent when that is switched off. */
  embedder: z
    .strictObject({
      name: z.string(),
      model: z.string(),
      remote: z.boolean(),
      missing: z.number(),
      running: z.boolean(),
      last: EmbeddingOutput.optional(),
    })
    .optional(),
  /** What is wrong with the index, or was and has been repaired. */
  notices: z.array(z.string()),
});
export type StatusOutput = z.infer<typeof StatusOutput>;

export const IndexControlOutput = z.strictObject({
  action: z.enum(INDEX_ACTIONS),
  /** What happened, in one sentence. */
  message: z.string(),
  job: JobOutput.optional(),
  status: StatusOutput.optional(),
  /** The call to make next, if one is useful. */
  next: z.string().optional(),
});
export type IndexControlOutput = z.infer<typeof IndexControlOutput>;
