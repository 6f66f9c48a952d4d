/** Wire shape of `callgraph`. Depends on nothing of ours. */
import * as z from 'zod/v4';

export const CallGraphInput = z.strictObject({});
export type CallGraphInput = z.infer<typeof CallGraphInput>;

export const CallGraphOutput = z.strictObject({
  /** Ids: path without extension and with `.` for `/` (a Python package is its folder), then names of classes and functions. */
  nodes: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      path: z.string(),
      start: z.number(),
      end: z.number(),
    }),
  ),
  /** `to` may be `<builtin>.name` or `<external>.package.name`, which are no nodes. */
  edges: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      path: z.string(),
      line: z.number(),
      resolution: z.enum(['exact', 'inferred', 'unresolved']),
    }),
  ),
  /** Calls whose target is not known. */
  unresolved: z.array(
    z.strictObject({ from: z.string(), text: z.string(), path: z.string(), line: z.number() }),
  ),
  /** Files whose calls are missing, or partly. */
  unread: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  /** A bound on work was reached: edges may be missing. */
  partial: z.boolean(),
});
export type CallGraphOutput = z.infer<typeof CallGraphOutput>;
