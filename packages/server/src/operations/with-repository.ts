/**
 * An operation of one repository -> the same with the argument `repo`, for a server of several; with `repos`, too, where it can be asked of
 * several at once. Knows no operation.
 */
import { LIMITS, RepositoriesArgument, RepositoryArgument } from '@conexus/sdk/contract';
import { invalidArgument } from '../errors.ts';
import type { NamedProvider, Operation, RepositoryChooser, WorkspaceProvider } from './operation.ts';

/** Names that agents invent for the two. */
const ONE = new Set(['repo', 'repository', 'repositoryname', 'reponame', 'project']);
const SEVERAL = new Set(['repos', 'repositories', 'repositorynames', 'reponames', 'projects']);
/** No name of a repository. */
const ALL = '*';

export function withRepository(operation: Operation): Operation {
  let input: Operation['input'] | undefined;
  let schema: Record<string, unknown> | undefined;
  const { callAcross } = operation;
  return {
    ...operation,
    // Made when asked for: most processes serve one repository, and start faster without.
    get input() {
      input ??= operation.input.extend({
        repo: RepositoryArgument,
        ...(callAcross !== undefined && { repos: RepositoriesArgument }),
      });
      return input;
    },
    inputSchema() {
      schema ??= withProperties(operation.inputSchema(), callAcross !== undefined);
      return schema;
    },
    async call(workspaces, raw, ctx) {
      const { names, rest } = takeNames(raw, callAcross !== undefined);
      const chooser = chooserOf(workspaces);
      const several = callAcross === undefined ? undefined : severalOf(chooser, names);
      return callAcross === undefined || several === undefined
        ? operation.call(chooser.choose(names.one), rest, ctx)
        : callAcross(several, rest, ctx);
    },
  };
}

function withProperties(schema: Record<string, unknown>, isSeveral: boolean): Record<string, unknown> {
  const repo = {
    type: 'string',
    minLength: 1,
    maxLength: 64,
    description: RepositoryArgument.description,
  };
  const repos = {
    type: 'array',
    minItems: 1,
    maxItems: LIMITS.repositories,
    items: { type: 'string', minLength: 1, maxLength: 64 },
    description: RepositoriesArgument.description,
  };
  const properties = { ...(schema['properties'] as object), repo, ...(isSeveral && { repos }) };
  return { ...schema, properties };
}

function chooserOf({ repositories }: WorkspaceProvider): RepositoryChooser {
  if (repositories === undefined) throw new Error('a shared operation was called without repositories');
  return repositories;
}

/** undefined: one is meant. */
function severalOf(
  chooser: RepositoryChooser,
  { one, several }: Names,
): readonly NamedProvider[] | undefined {
  if (several !== undefined) return chooser.several(several === ALL ? undefined : several);
  return one === undefined && chooser.all().length > 1 ? chooser.several(undefined) : undefined;
}

interface Names {
  readonly one?: string;
  readonly several?: readonly string[] | typeof ALL;
}

function takeNames(raw: unknown, isSeveral: boolean): { readonly names: Names; readonly rest: unknown } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { names: {}, rest: raw };
  let names: Names = {};
  const rest: [string, unknown][] = [];
  for (const [key, value] of Object.entries(raw)) {
    const folded = key.toLowerCase().replace(/[_-]/g, '');
    const isOne = ONE.has(folded);
    if (!isOne && !(isSeveral && SEVERAL.has(folded))) rest.push([key, value]);
    else if (value !== null && value !== undefined) names = joined(names, namesOf(value, isSeveral));
  }
  return { names, rest: Object.fromEntries(rest) };
}

/** Agents send one name as a list, and a list as one name. */
function namesOf(value: unknown, isSeveral: boolean): Names {
  if (typeof value === 'string' && value !== '' && value !== ALL) return { one: value };
  if (isSeveral && value === ALL) return { several: ALL };
  if (isSeveral && Array.isArray(value) && value.length > 0 && value.every(isName))
    return { several: value.includes(ALL) ? ALL : value };
  throw isSeveral
    ? invalidArgument(
        '"repo" and "repos" name no repository',
        'Give one name or a list of names, as listed by repositories, or neither for all.',
      )
    : invalidArgument(
        '"repo" is not the name of one repository',
        'Give one name, as listed by repositories.',
      );
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== '';

function joined(before: Names, names: Names): Names {
  if (Object.keys(before).length === 0 || JSON.stringify(before) === JSON.stringify(names)) return names;
  throw invalidArgument(
    '"repo" and "repos" are both given, or twice',
    'Give "repo" for one repository, "repos" for several, neither for all.',
  );
}
