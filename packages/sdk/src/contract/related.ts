/** Wire shape of `get_related_info`. Depends on nothing of ours. */
import * as z from 'zod/v4';
import { FreshnessOutput, LIMITS, RANKED_SHAPE } from './common.ts';

export const RELATED_SECTIONS = [
  'commits',
  'tickets',
  'decisions',
  'docs',
  'tests',
  'callers',
  'co_changed',
] as const;

export const RelatedInput = z.strictObject({
  target: z
    .string()
    .min(1)
    .max(LIMITS.pathChars + 40)
    .describe('A path, path:10-40, a definition (Class.method), a ticket (#123, ABC-123) or a commit.'),
  include: z
    .array(z.enum(RELATED_SECTIONS))
    .min(1)
    .max(RELATED_SECTIONS.length)
    .optional()
    .describe('Sections wanted; default all.'),
  since: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional()
    .describe('Only commits from this day on, YYYY-MM-DD.'),
  limit: RANKED_SHAPE.limit.describe('Entries a section.'),
  max_tokens: RANKED_SHAPE.max_tokens,
  cursor: RANKED_SHAPE.cursor,
});
export type RelatedInput = z.infer<typeof RelatedInput>;

/** Lines of a file with these bytes; without lines, the file. */
const Place = z.strictObject({
  path: z.string(),
  start: z.number().optional(),
  end: z.number().optional(),
  hash: z.string(),
});

export const RelatedEntryOutput = z.strictObject({
  /** Hash, ticket, path, or id of a definition. */
  id: z.string(),
  /** As others wrote it: data. */
  title: z.string(),
  reasons: z.array(z.string()),
  place: Place.optional(),
  commit: z.strictObject({ hash: z.string(), time: z.number(), path: z.string().optional() }).optional(),
  /** The line that proves it, as on disk. */
  text: z.string().optional(),
  resolution: z.enum(['exact', 'inferred', 'unresolved']).optional(),
});

export const RelatedOutput = z.strictObject({
  target: z.strictObject({
    kind: z.enum(['file', 'lines', 'symbol', 'ticket', 'commit', 'deleted_file']),
    name: z.string(),
    place: Place.optional(),
  }),
  sections: z.array(
    z.strictObject({
      name: z.enum(RELATED_SECTIONS),
      entries: z.array(RelatedEntryOutput),
      /** Found in all. */
      total: z.number(),
      notes: z.array(z.string()),
    }),
  ),
  /** Entries found but not in this answer. */
  omitted: z.number(),
  next_cursor: z.string().optional(),
  freshness: FreshnessOutput,
  notes: z.array(z.string()),
  ms: z.number(),
});
export type RelatedOutput = z.infer<typeof RelatedOutput>;
