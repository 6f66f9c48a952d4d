/** Wire shapes of `find_references` and its commands `callers`, `callees`, `references`, `definition`. Depends on nothing of ours. */
import * as z from 'zod/v4';
import { FILE_KINDS, FreshnessOutput, LIMITS, RANKED_SHAPE, SYMBOL_KINDS } from './common.ts';

export const RELATIONS = ['callers', 'callees', 'references', 'definition'] as const;

/** Arguments that name a definition, the same for relations and impact. */
export const NAMED_SHAPE = {
  path: z.string().min(1).max(LIMITS.pathChars).optional().describe('File or folder of the definition.'),
  all: z.boolean().default(false).describe('All definitions of the name together.'),
};

/** Arguments of a paged list of lines. */
export const LINES_SHAPE = {
  limit: z.number().int().min(1).max(1_000).default(50).describe('Lines wanted.'),
  // Below this an answer could not say what it covers.
  max_tokens: z
    .number()
    .int()
    .min(600)
    .max(LIMITS.maxTokens)
    .default(LIMITS.defaultTokens)
    .describe('Bound on the whole answer.'),
  cursor: RANKED_SHAPE.cursor,
};

export const RelationInput = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(LIMITS.pathChars)
    .describe('A name (Store.publish), an id, a file, or path:line.'),
  ...NAMED_SHAPE,
  depth: z.number().int().min(1).max(10).default(1).describe('Steps to follow.'),
  ...LINES_SHAPE,
  explain: z.boolean().default(false).describe('Adds what the graph covers in full.'),
});
export type RelationInput = z.infer<typeof RelationInput>;

export const FindReferencesInput = z.strictObject({
  relation: z
    .enum(RELATIONS)
    .default('callers')
    .describe('references: also imports, subclasses, uses without a call.'),
  ...RelationInput.shape,
});
export type FindReferencesInput = z.infer<typeof FindReferencesInput>;

export const EDGE_KINDS = ['calls', 'imports', 'inherits', 'overrides', 'uses', 'definition'] as const;
/** `named`: the line holds the name of something that the graph does not follow (a variable, a macro); nothing was resolved. */
export const RESOLUTIONS = ['exact', 'inferred', 'named', 'unresolved'] as const;

/** Why an answer of the graph lists nothing that was resolved. */
export const EMPTY_REASONS = [
  /** No definition has the name. */
  'name_unknown',
  /** More than one has. */
  'name_ambiguous',
  /** Nothing differs from the revision, or no definition does. */
  'nothing_changed',
  'no_definition_changed',
  /** The index or the graph is behind the disk, or lines changed while they were read. */
  'not_up_to_date',
  /** Calls of that name, or inside, have a callee that is not known. */
  'unresolved_calls',
  /** There was too much to follow, or there are files and languages that the graph does not have. */
  'not_all_followed',
  /** What the notes say: e.g. code outside the repository may call it. */
  'notes',
  /** Every call was resolved: there is none. */
  'none',
] as const;

/** A definition of the graph, or one that only outlines know. Ids: path without extension and with `.` for `/`, then names of classes and functions. */
export const SymbolOutput = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.enum(SYMBOL_KINDS),
  path: z.string(),
  start: z.number(),
  end: z.number(),
  hash: z.string(),
  language: z.string(),
  file_kind: z.enum(FILE_KINDS),
  exported: z.boolean(),
});

/** A line that proves something, as it was on disk when the file had this hash. */
export const LINE_SHAPE = {
  path: z.string(),
  line: z.number(),
  hash: z.string(),
  text: z.string(),
};

export const RelationItemOutput = z.strictObject({
  /** Id of the other end; of an unresolved call: of the definition that holds it. */
  symbol: z.string(),
  /** The callee as written, of an unresolved call. */
  callee: z.string().optional(),
  /** Nearer end of the step, where it is not simply the target. */
  via: z.string().optional(),
  depth: z.number(),
  kind: z.enum(EDGE_KINDS),
  resolution: z.enum(RESOLUTIONS),
  /** What runs there came in as an argument: the line does not name it. */
  given: z.literal(true).optional(),
  ...LINE_SHAPE,
});

export const CoverageOutput = z.strictObject({
  symbols: z.number(),
  /** A bound on work was reached: edges may be missing that nothing lists. */
  partial: z.boolean(),
  languages: z.array(z.string()),
  uncovered: z.array(z.strictObject({ language: z.string(), files: z.number() })),
  unread_count: z.number(),
  unread: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
});

/** Lines with the word in files that the graph does not cover. */
export const MentionsOutput = z.strictObject({
  word: z.string(),
  truncated: z.boolean(),
  lines: z.array(z.strictObject(LINE_SHAPE)),
});

export const RelationsOutput = z.strictObject({
  relation: z.enum(RELATIONS),
  /** `several`: choose one of `candidates`, or ask for `all`. `none`: no definition has the name. */
  state: z.enum(['found', 'several', 'none']),
  targets: z.array(SymbolOutput),
  candidates: z.array(SymbolOutput),
  candidate_count: z.number(),
  results: z.array(RelationItemOutput),
  /** Of the whole list, not of this page. */
  resolved: z.number(),
  unresolved: z.number(),
  files: z.number(),
  /** Where nothing was resolved: why. */
  empty_because: z.enum(EMPTY_REASONS).optional(),
  /** Nothing inside the repository is known to be missing. */
  complete: z.boolean(),
  /** What may be missing, in one line. */
  coverage_note: z.string(),
  coverage: CoverageOutput,
  mentions: MentionsOutput.optional(),
  /** Lines left out because their file changed while they were read. */
  dropped: z.number(),
  cut: z.boolean(),
  omitted: z.strictObject({ results: z.number(), reason: z.enum(['limit', 'max_tokens', 'none']) }),
  next_cursor: z.string().optional(),
  notes: z.array(z.string()),
  freshness: FreshnessOutput,
  ms: z.number(),
});
export type RelationsOutput = z.infer<typeof RelationsOutput>;
