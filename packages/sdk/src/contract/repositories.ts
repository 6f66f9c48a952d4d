/** Wire shape of `repositories`, and of the argument that chooses one. Depends on nothing of ours. */
import * as z from 'zod/v4';
import { LIMITS } from './common.ts';

/** Names are part of addresses (`/mcp/<name>`), so they hold nothing that must be escaped there. */
export const REPOSITORY_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

export const RepositoryArgument = z
  .string()
  .min(1)
  .max(64)
  .optional()
  .describe('Repository, as listed by repositories. Not needed where there is one.');

/** Of what can ask several at once: without it and `repo`, all are meant. */
export const RepositoriesArgument = z
  .array(z.string().min(1).max(64))
  .min(1)
  .max(LIMITS.repositories)
  .optional()
  .describe('Several repositories. Without repo and repos: all that you may read.');

export const RepositoriesInput = z.strictObject({});

export const RepositoriesOutput = z.strictObject({
  repositories: z.array(
    z.strictObject({
      name: z.string(),
      /** `unavailable`: its folder cannot be opened now; it is tried again at the next call. */
      state: z.enum(['empty', 'building', 'ready', 'unavailable']),
      files: z.number(),
      languages: z.record(z.string(), z.number()),
      commit: z.string().optional(),
      branch: z.string().optional(),
    }),
  ),
});
export type RepositoriesOutput = z.infer<typeof RepositoriesOutput>;
