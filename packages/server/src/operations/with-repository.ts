/** An operation of one repository -> the same with the argument `repo`, for a server of several. Knows no operation. */
import { RepositoryArgument } from '@conexus/sdk/contract';
import { invalidArgument } from '../errors.ts';
import type { Operation, WorkspaceProvider } from './operation.ts';

/** Names that agents invent for it. */
const NAMES = new Set(['repo', 'repository', 'repositoryname', 'reponame', 'project']);

export function withRepository(operation: Operation): Operation {
  let input: Operation['input'] | undefined;
  let schema: Record<string, unknown> | undefined;
  return {
    ...operation,
    // Made when asked for: most processes serve one repository, and start faster without.
    get input() {
      input ??= operation.input.extend({ repo: RepositoryArgument });
      return input;
    },
    inputSchema() {
      schema ??= withProperty(operation.inputSchema());
      return schema;
    },
    async call(workspaces, raw, ctx) {
      const { repo, rest } = takeRepository(raw);
      return operation.call(chosen(workspaces, repo), rest, ctx);
    },
  };
}

function withProperty(schema: Record<string, unknown>): Record<string, unknown> {
  const { description } = RepositoryArgument;
  const repo = { type: 'string', minLength: 1, maxLength: 64, description };
  return { ...schema, properties: { ...(schema['properties'] as object), repo } };
}

function chosen(workspaces: WorkspaceProvider, repo: string | undefined): WorkspaceProvider {
  if (workspaces.repositories === undefined)
    throw new Error('a shared operation was called without repositories');
  return workspaces.repositories.choose(repo);
}

function takeRepository(raw: unknown): { readonly repo: string | undefined; readonly rest: unknown } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { repo: undefined, rest: raw };
  let repo: string | undefined;
  const rest: [string, unknown][] = [];
  for (const [key, value] of Object.entries(raw)) {
    if (!NAMES.has(key.toLowerCase().replace(/[_-]/g, ''))) rest.push([key, value]);
    else if (value !== null && value !== undefined) repo = readName(value, repo);
  }
  return { repo, rest: Object.fromEntries(rest) };
}

function readName(value: unknown, before: string | undefined): string {
  if (typeof value === 'string' && value !== '' && (before === undefined || before === value)) return value;
  throw invalidArgument(
    '"repo" is not the name of one repository',
    'Give one name, as listed by repositories.',
  );
}
