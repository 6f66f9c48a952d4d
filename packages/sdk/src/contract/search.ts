/** Wire shape of `search_codebase`. Depends on nothing of ours. */
import * as z from 'zod/v4';
import {
  FILTER_SHAPE,
  HIT_SHAPE,
  LIMITS,
  RANKED_OUTPUT_SHAPE,
  RANKED_SHAPE,
  SYMBOL_KINDS,
} from './common.ts';

export const SearchInput = z.strictObject({
  query: z
    .string()
    .min(1)
    .max(LIMITS.queryChars)
    .optional()
    .describe(
      'Names, a path, error text, stack trace or question. All "in quotes": exact text; all /in slashes/: regular expression.',
    ),
  like: z
    .string()
    .min(1)
    .max(LIMITS.pathChars + 20)
    .optional()
    .describe('Instead of a query: find code like these lines, e.g. src/a.ts:10-40.'),
  ...FILTER_SHAPE,
  symbol_kinds: z
    .array(z.enum(SYMBOL_KINDS))
    .max(SYMBOL_KINDS.length)
    .optional()
    .describe('Kinds of definition, e.g. function, class.'),
  detail: z
    .enum(['locations', 'signatures', 'full'])
    .default('full')
    .describe('What each result shows: place, signature or code.'),
  ...RANKED_SHAPE,
});
export type SearchInput = z.infer<typeof SearchInput>;

export const SearchResultItem = z.strictObject(HIT_SHAPE);

export const SearchOutput = z.strictObject({ results: z.array(SearchResultItem), ...RANKED_OUTPUT_SHAPE });
export type SearchOutput = z.infer<typeof SearchOutput>;
