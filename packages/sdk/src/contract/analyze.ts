/** Wire shape of `analyze_implementation`. Depends on nothing of ours. */
import * as z from 'zod/v4';
import { FreshnessOutput, LIMITS, RANKED_SHAPE, SYMBOL_KINDS } from './common.ts';

export const REPORT_SECTIONS = [
  'overview',
  'entry_points',
  'call_graph',
  'data_flow',
  'state',
  'side_effects',
  'error_handling',
  'configuration',
  'concurrency',
  'patterns',
  'dependencies',
  'tests',
  'limitations',
  'open_questions',
  'evidence',
] as const;

export const AnalyzeInput = z.strictObject({
  target: z
    .string()
    .min(1)
    .max(LIMITS.queryChars)
    .optional()
    .describe('Definition (Class.method), file, folder, path:line or question; for several paths, files.'),
  files: z
    .array(z.string().min(1).max(LIMITS.pathChars))
    .min(1)
    .max(20)
    .optional()
    .describe('Instead: files seen as one.'),
  include: z
    .array(z.enum(REPORT_SECTIONS))
    .min(1)
    .max(REPORT_SECTIONS.length)
    .optional()
    .describe('Sections, e.g. call_graph, side_effects.'),
  depth: z.number().int().min(1).max(5).default(2).describe('Calls followed, both ways.'),
  max_tokens: RANKED_SHAPE.max_tokens,
  cursor: RANKED_SHAPE.cursor,
  explain: z.boolean().default(false).describe('Adds the steps with their times.'),
});
export type AnalyzeInput = z.infer<typeof AnalyzeInput>;

const RESOLUTIONS = ['exact', 'inferred', 'unresolved'] as const;

export const AnalyzeOutput = z.strictObject({
  route: z.enum(['symbol', 'file', 'files', 'folder', 'question']),
  /** Of a question the first is analyzed; the others fit it less. */
  subjects: z.array(
    z.strictObject({
      id: z.string().optional(),
      name: z.string(),
      kind: z.enum(['file', ...SYMBOL_KINDS]),
      path: z.string(),
      start: z.number(),
      end: z.number(),
      hash: z.string(),
      language: z.string(),
      /** Lines of its header. */
      head: z.string(),
    }),
  ),
  /** Other definitions that the target may mean. */
  candidates: z.array(z.strictObject({ id: z.string(), path: z.string(), start: z.number() })),
  sections: z.array(
    z.strictObject({
      name: z.enum(REPORT_SECTIONS),
      claims: z.array(
        z.strictObject({
          text: z.string(),
          /** Lines that were read again before the answer left, of a file with these bytes. */
          evidence: z.array(
            z.strictObject({
              path: z.string(),
              start: z.number(),
              end: z.number(),
              hash: z.string(),
              resolution: z.enum(RESOLUTIONS),
            }),
          ),
        }),
      ),
      /** Claims made in all, as far as they are counted. */
      total: z.number(),
    }),
  ),
  gates: z.array(
    z.strictObject({
      name: z.enum(['evidence', 'citations', 'unresolved', 'budget']),
      state: z.enum(['passed', 'repaired', 'failed']),
      checked: z.number(),
      dropped: z.number(),
      detail: z.string(),
    }),
  ),
  steps: z
    .array(z.strictObject({ name: z.string(), ms: z.number(), outcome: z.string(), failed: z.boolean() }))
    .optional(),
  /** Claims that are not in this answer. */
  omitted: z.number(),
  next_cursor: z.string().optional(),
  freshness: FreshnessOutput,
  notes: z.array(z.string()),
  ms: z.number(),
});
export type AnalyzeOutput = z.infer<typeof AnalyzeOutput>;
