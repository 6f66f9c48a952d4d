/** Wire shape of `locate_relevant_files`. Depends on nothing of ours. */
import * as z from 'zod/v4';
import { FILTER_SHAPE, HIT_SHAPE, LIMITS, RANKED_OUTPUT_SHAPE, RANKED_SHAPE } from './common.ts';

export const LocateInput = z.strictObject({
  task: z
    .string()
    .min(1)
    .max(LIMITS.queryChars)
    .describe('The whole task: issue text, error message, stack trace or change request, unshortened.'),
  ...FILTER_SHAPE,
  // No `full`: this tool answers in records, and code inside JSON costs a model far more tokens than fenced code.
  detail: z.enum(['locations', 'signatures']).default('locations').describe('What each file shows.'),
  ...RANKED_SHAPE,
});
export type LocateInput = z.infer<typeof LocateInput>;

export const LocateResultItem = z.strictObject({
  ...HIT_SHAPE,
  /** Why this file: short clauses, each naming its evidence. */
  reasons: z.array(z.string()),
});

export const LocateOutput = z.strictObject({ results: z.array(LocateResultItem), ...RANKED_OUTPUT_SHAPE });
export type LocateOutput = z.infer<typeof LocateOutput>;
