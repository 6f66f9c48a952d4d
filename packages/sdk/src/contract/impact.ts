/** Wire shape of `impact`. Depends on nothing of ours. */
import * as z from 'zod/v4';
import { FreshnessOutput, LIMITS } from './common.ts';
import {
  CoverageOutput,
  EMPTY_REASONS,
  LINE_SHAPE,
  LINES_SHAPE,
  NAMED_SHAPE,
  RelationItemOutput,
  SymbolOutput,
} from './relations.ts';

export const ImpactInput = z.strictObject({
  target: z
    .string()
    .min(1)
    .max(LIMITS.pathChars)
    .optional()
    .describe('What would change: a name (Store.publish), an id, a file, or path:line.'),
  diff: z
    .string()
    .max(LIMITS.branchChars)
    .optional()
    .describe('Instead: what the working tree changed since it left this revision, e.g. HEAD or main.'),
  ...NAMED_SHAPE,
  depth: z.number().int().min(1).max(10).default(5).describe('Steps to follow.'),
  ...LINES_SHAPE,
});
export type ImpactInput = z.infer<typeof ImpactInput>;

export const ImpactOutput = z.strictObject({
  /** `several`: choose one of `candidates`, or ask for `all`. `none`: no definition has the name. */
  state: z.enum(['found', 'several', 'none']),
  targets: z.array(SymbolOutput),
  target_count: z.number(),
  candidates: z.array(SymbolOutput),
  candidate_count: z.number(),
  compared: z.strictObject({ commit: z.string(), subject: z.string() }).optional(),
  changed: z.array(
    z.strictObject({
      path: z.string(),
      change: z.enum(['added', 'changed', 'deleted', 'moved']),
      from: z.string().optional(),
      lines: z.number(),
      symbols: z.array(z.string()),
      /** Definitions that are gone. */
      deleted: z.array(z.string()),
    }),
  ),
  changed_count: z.number(),
  /** Nearest first. */
  dependents: z.array(
    z.strictObject({
      symbol: z.string(),
      kind: z.enum(['calls', 'imports', 'inherits', 'overrides', 'uses']),
      /** Of the whole way. */
      resolution: z.enum(['exact', 'inferred', 'named']),
      depth: z.number(),
      /** From the one it depends on directly to the one that changes. */
      through: z.array(z.string()),
      /** It runs what it is given, and is given what changes: its callers are not followed. */
      given: z.literal(true).optional(),
      test: z.boolean(),
      ...LINE_SHAPE,
    }),
  ),
  dependent_count: z.number(),
  /** Where there are none: why. */
  empty_because: z.enum(EMPTY_REASONS).optional(),
  direct_count: z.number(),
  files: z.array(
    z.strictObject({ path: z.string(), depth: z.number(), symbols: z.number(), test: z.boolean() }),
  ),
  file_count: z.number(),
  /** Best first. `graph`: it reaches the change; `name`, `history`: a convention, not a proof. */
  tests: z.array(
    z.strictObject({
      path: z.string(),
      found: z.enum(['graph', 'name', 'history']),
      depth: z.number().optional(),
      because: z.string(),
    }),
  ),
  test_count: z.number(),
  public_api: z.array(z.strictObject({ symbol: z.string(), because: z.string(), changed: z.boolean() })),
  public_count: z.number(),
  /** Share of dependents whose whole way is exact, 0 to 1. */
  confidence: z.number().optional(),
  /** Calls named like what changes whose callee is not known: dependents may hide there. */
  unresolved: z.array(RelationItemOutput),
  unresolved_count: z.number(),
  /** Calls named like a dependent whose callee is not known. */
  further_unresolved: z.number(),
  complete: z.boolean(),
  coverage_note: z.string(),
  coverage: CoverageOutput,
  dropped: z.number(),
  cut: z.boolean(),
  omitted: z.strictObject({ dependents: z.number(), reason: z.enum(['limit', 'max_tokens', 'none']) }),
  next_cursor: z.string().optional(),
  notes: z.array(z.string()),
  freshness: FreshnessOutput,
  ms: z.number(),
});
export type ImpactOutput = z.infer<typeof ImpactOutput>;
