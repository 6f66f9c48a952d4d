/** Wire shape of `grep`. Depends on nothing of ours. */
import * as z from 'zod/v4';
import { FILTER_SHAPE, LIMITS, RANKED_SHAPE } from './common.ts';

export const GrepInput = z.strictObject({
  pattern: z
    .string()
    .min(1)
    .max(LIMITS.patternChars)
    .describe('Text to find; a regular expression with regex.'),
  regex: z
    .boolean()
    .default(false)
    .describe('Treat the pattern as a regular expression (linear-time syntax).'),
  ignore_case: z.boolean().default(false).describe('Ignore letter case.'),
  word: z.boolean().default(false).describe('Match whole words only.'),
  ...FILTER_SHAPE,
  limit: z.number().int().min(1).max(10_000).default(200).describe('Matching lines wanted.'),
  max_tokens: RANKED_SHAPE.max_tokens,
});
export type GrepInput = z.infer<typeof GrepInput>;

export const GrepOutput = z.strictObject({
  results: z.array(
    z.strictObject({
      path: z.string(),
      line: z.number(),
      text: z.string(),
      symbol: z.string().optional(),
      start: z.number(),
      end: z.number(),
      hash: z.string(),
    }),
  ),
  files: z.number(),
  truncated: z.boolean(),
  /** Lines found but left out by `max_tokens`. */
  omitted: z.number(),
  /** Present where a filter let no indexed file pass. */
  notes: z.array(z.string()).optional(),
  ms: z.number(),
});
export type GrepOutput = z.infer<typeof GrepOutput>;
