/** `repositories`: what a shared server can be asked about. Lists those of the asker only; opens them, builds nothing. */
import type { IndexStatus } from '@conexus/engine';
import { RepositoriesInput, RepositoriesOutput } from '@conexus/sdk/contract';
import { formatCount, inline, plural } from '../render/text.ts';
import { fewAtOnce } from './few-at-once.ts';
import type { Outcome, WorkspaceProvider } from './operation.ts';
import { defineOperation } from './operation.ts';

type Row = RepositoriesOutput['repositories'][number];

export const repositories = defineOperation({
  name: 'repositories',
  title: 'List repositories',
  description: `Lists the repositories that can be asked here, with languages and the state of their index.
Use it once, before the first search, when you do not know the value of "repo". Every other tool takes that name.`,
  input: RepositoriesInput,
  output: RepositoriesOutput,
  aliases: {},
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  channel: 'structured',
  tool: false,
  help: {
    command: 'repositories',
    summary: 'List the repositories of a shared server (over HTTP only).',
    details: [],
    examples: [],
  },
  async handler(workspaces) {
    return fewAtOnce<WorkspaceProvider, Row>(workspaces.repositories?.all() ?? [workspaces], describe);
  },
  outcome: (rows): Outcome => ({
    empty: rows.length === 0,
    markdown: () => text(rows),
    structured: () => ({ repositories: rows }),
    terminal: () => text(rows),
  }),
});

/** One that cannot be opened now must not hide the others. */
async function describe(workspaces: WorkspaceProvider): Promise<Row> {
  const name = workspaces.name ?? 'default';
  try {
    return row(name, await (await workspaces.open()).status());
  } catch {
    return { name, state: 'unavailable', files: 0, languages: {} };
  }
}

function row(name: string, status: IndexStatus): Row {
  const { commit, branch } = status.freshness;
  return {
    name,
    state: status.state,
    files: status.files,
    languages: Object.fromEntries(
      Object.entries(status.languages)
        .sort(([, a], [, b]) => b - a)
        .slice(0, 8),
    ),
    ...(commit !== undefined && { commit }),
    ...(branch !== undefined && { branch }),
  };
}

function text(rows: readonly Row[]): string {
  if (rows.length === 0) return 'There is no repository that this key may read.';
  return rows
    .map(({ name, state, files, languages, branch }) => {
      const named = Object.entries(languages).map(([language, count]) => `${language} ${formatCount(count)}`);
      const on = branch === undefined ? '' : ` on ${inline(branch, 80)}`;
      return `- ${inline(name)}: ${state}, ${plural(files, 'file')}${on}${named.length === 0 ? '' : ` (${named.join(', ')})`}`;
    })
    .join('\n');
}
