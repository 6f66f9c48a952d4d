/** Shapes shared by several operations. Depends on nothing of ours; the engine's types are mirrored, not imported. */
import * as z from 'zod/v4';

/** Bounds of every operation, in one place, so that help, schemas and tests agree. */
export const LIMITS = {
  /** Characters of a query or task; an issue text with its logs fits. */
  queryChars: 100_000,
  patternChars: 2_000,
  pathChars: 1_024,
  paths: 50,
  openFiles: 50,
  branchChars: 200,
  results: 200,
  defaultResults: 10,
  /** Below this an answer could not hold its own freshness line and the next call. */
  minTokens: 300,
  maxTokens: 100_000,
  defaultTokens: 4_000,
  cursorChars: 200,
  /** Asked by one call. */
  repositories: 16,
} as const;

export const FILE_KINDS = ['code', 'test', 'doc', 'config', 'data'] as const;
export const SYMBOL_KINDS = [
  'module',
  'namespace',
  'class',
  'interface',
  'struct',
  'enum',
  'trait',
  'type',
  'function',
  'method',
  'constructor',
  'property',
  'field',
  'constant',
  'variable',
  'macro',
  'test',
  'section',
  'key',
  'rule',
  'table',
  'message',
  'service',
  'target',
  'implementation',
] as const;

export const PathGlobs = z.array(z.string().min(1).max(LIMITS.pathChars)).max(LIMITS.paths);

/** Arguments that narrow, the same in search, locate and grep. */
export const FILTER_SHAPE = {
  paths: PathGlobs.optional().describe('Globs or folders to stay in, e.g. src/**; a leading ! excludes.'),
  languages: z.array(z.string().min(1).max(40)).max(20).optional().describe('Languages, e.g. python, go.'),
  kinds: z.array(z.enum(FILE_KINDS)).max(5).optional().describe('Kinds of file.'),
};

/** Arguments of a ranked answer, the same in search and locate. */
export const RANKED_SHAPE = {
  limit: z
    .number()
    .int()
    .min(1)
    .max(LIMITS.results)
    .default(LIMITS.defaultResults)
    .describe('Results wanted.'),
  max_tokens: z
    .number()
    .int()
    .min(LIMITS.minTokens)
    .max(LIMITS.maxTokens)
    .default(LIMITS.defaultTokens)
    .describe('Bound on the whole answer.'),
  cursor: z
    .string()
    .min(1)
    .max(LIMITS.cursorChars)
    .optional()
    .describe('Continues an answer; repeat its other arguments.'),
  active_file: z
    .string()
    .min(1)
    .max(LIMITS.pathChars)
    .optional()
    .describe('File being edited: ranks its surroundings higher.'),
  open_files: z
    .array(z.string().min(1).max(LIMITS.pathChars))
    .max(LIMITS.openFiles)
    .optional()
    .describe('Other open files.'),
  branch: z.string().min(1).max(LIMITS.branchChars).optional().describe('Branch in work: its words help.'),
  explain: z.boolean().default(false).describe('Adds plan and score terms.'),
};

export const ProgressOutput = z.strictObject({
  phase: z.enum([
    'walking',
    'indexing',
    'merging',
    'history',
    'embedding',
    'facts',
    'resolving',
    'learning',
    'done',
  ]),
  files_done: z.number(),
  files_total: z.number(),
  bytes_done: z.number(),
  bytes_total: z.number(),
  /** In the phase `embedding`. */
  passages_done: z.number().optional(),
  passages_total: z.number().optional(),
  elapsed_ms: z.number(),
  remaining_ms: z.number().optional(),
});

export const FreshnessOutput = z.strictObject({
  state: z.enum(['fresh', 'pending', 'building']),
  commit: z.string().optional(),
  branch: z.string().optional(),
  generation: z.number(),
  pending: z.array(z.string()),
  pending_count: z.number(),
  progress: ProgressOutput.optional(),
  checked_by: z.enum(['watcher', 'scan']),
  check_ms: z.number(),
});
export type FreshnessOutput = z.infer<typeof FreshnessOutput>;

export const PlanOutput = z.strictObject({
  kind: z.string(),
  terms: z.array(z.strictObject({ term: z.string(), weight: z.number(), documents: z.number() })),
  names: z.array(z.string()),
  paths: z.array(z.string()),
  retrievers: z.array(z.string()),
});

/** Of a call to several repositories: one that was asked. */
export const AskedRepository = z.strictObject({
  name: z.string(),
  state: z.enum(['fresh', 'pending', 'building', 'failed']),
  /** Why it gave nothing. */
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
});

/** One place in the code. `score` orders hits of one answer; scores of two answers do not compare. */
export const HIT_SHAPE = {
  /** Where several were asked. */
  repo: z.string().optional(),
  path: z.string(),
  start: z.number(),
  end: z.number(),
  score: z.number(),
  hash: z.string(),
  language: z.string(),
  kind: z.enum(FILE_KINDS),
  symbol: z.string().optional(),
  symbol_kind: z.enum(SYMBOL_KINDS).optional(),
  /** Lines `text_start..text_end` as on disk; shorter than the span when the budget cut it. */
  text: z.string().optional(),
  text_start: z.number().optional(),
  text_end: z.number().optional(),
  copies: z.array(z.string()).optional(),
  /** Near-duplicates, not shown themselves: some of them, and how many there are. */
  similar: z.array(z.strictObject({ path: z.string(), start: z.number(), end: z.number() })).optional(),
  similar_count: z.number().optional(),
  terms: z.array(z.strictObject({ name: z.string(), value: z.number() })).optional(),
};

export const RANKED_OUTPUT_SHAPE = {
  /** Of several repositories: that of the one which lags most. */
  freshness: FreshnessOutput,
  /** Present where several were asked, those that failed first; the last are left out where max_tokens has no room. */
  repositories: z.array(AskedRepository).optional(),
  /** Hits ranked but not returned, and what cut them. */
  omitted: z.strictObject({ hits: z.number(), reason: z.enum(['limit', 'max_tokens', 'none']) }),
  /** Continues the list; absent at its end. */
  next_cursor: z.string().optional(),
  notes: z.array(z.string()),
  plan: PlanOutput.optional(),
  ms: z.number(),
};
