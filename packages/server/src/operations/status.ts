/** `conexus status`: what is indexed, what was skipped and why. Builds nothing. */
import { StatusOutput } from '@conexus/sdk/contract';
import * as z from 'zod/v4';
import type { Outcome } from './operation.ts';
import { defineOperation } from './operation.ts';
import { statusOutput } from './outputs.ts';
import { statusText } from './status-text.ts';

export const status = defineOperation({
  name: 'status',
  title: 'Index status',
  description: 'Shows what is indexed, what was skipped and why, and how fresh it is.',
  input: z.strictObject({}),
  output: StatusOutput,
  aliases: {},
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  channel: 'structured',
  tool: false,
  help: {
    command: 'status',
    summary: 'Show what is indexed, what was skipped and why, and how fresh it is.',
    details: [],
    examples: [
      { command: 'conexus status', says: 'of the working folder' },
      { command: 'conexus status --root ../api --json', says: 'of another repository, for a program' },
    ],
  },
  handler: async (workspaces) => (await workspaces.open()).status(),
  outcome: (result): Outcome => ({
    empty: false,
    markdown: () => statusText(result, 10),
    structured: () => statusOutput(result),
    terminal: () => statusText(result, 100),
  }),
});
