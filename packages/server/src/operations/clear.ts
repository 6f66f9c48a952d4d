/** `conexus clear`: forgets the index of one root. Touches no file of the repository. */
import * as z from 'zod/v4';
import type { Outcome } from './operation.ts';
import { defineOperation } from './operation.ts';

export const clear = defineOperation({
  name: 'clear',
  title: 'Forget the index',
  description:
    'Forgets the index of this root. Other worktrees of the repository keep theirs; no file of the repository is touched.',
  input: z.strictObject({}),
  output: z.strictObject({ cleared: z.boolean(), root: z.string() }),
  aliases: {},
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  channel: 'structured',
  tool: false,
  help: {
    command: 'clear',
    summary: 'Forget the index of this root; the next search builds it again.',
    details: ['Other worktrees of the repository keep theirs; no file of the repository is touched.'],
    examples: [{ command: 'conexus clear --root ../api', says: 'of another repository' }],
  },
  async handler(workspaces) {
    const workspace = await workspaces.open();
    await workspace.clear();
    workspaces.forget();
    return { root: workspace.root };
  },
  outcome: ({ root }): Outcome => ({
    empty: false,
    markdown: () => `Cleared the index of ${root}.`,
    structured: () => ({ cleared: true, root }),
    terminal: () => `Cleared the index of ${root}.`,
  }),
});
