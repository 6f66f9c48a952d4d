/** What a person may be about to type into an argument of a prompt: files, definitions, folders, revisions. Never builds an index. */
import type { WorkspaceProvider } from '../operations/operation.ts';

const FILES = 101;
const MAX_LISTED = 20_000;

/** Files whose path begins so, and definitions whose name holds it. */
export async function completeDefinition(
  workspaces: WorkspaceProvider,
  value: string,
): Promise<readonly string[]> {
  const workspace = await workspaces.open();
  const files = await workspace.files({ prefix: value, limit: FILES });
  if (!/^[\w$.#:]{2,100}$/.test(value)) return files.map(({ path }) => path);
  const { hits } = await workspace.search({ query: value, limit: 20, detail: 'locations' });
  const wanted = value.toLowerCase();
  const names = hits
    .map(({ symbol }) => symbol)
    .filter((symbol) => symbol?.toLowerCase().includes(wanted) === true);
  return [...new Set([...(names as string[]), ...files.map(({ path }) => path)])];
}

export async function completeFolder(
  workspaces: WorkspaceProvider,
  value: string,
): Promise<readonly string[]> {
  const workspace = await workspaces.open();
  const files = await workspace.files({ prefix: value, limit: MAX_LISTED });
  const folders = new Set<string>();
  for (const { path } of files) {
    const end = path.indexOf('/', value.length);
    if (end > 0) folders.add(path.slice(0, end));
  }
  return [...folders];
}

/** Names that most repositories have; whether this one does is found out when it is asked. */
export async function completeRevision(
  _workspaces: WorkspaceProvider,
  value: string,
): Promise<readonly string[]> {
  return ['HEAD', 'HEAD~1', 'main', 'master', 'origin/main', 'origin/master'].filter((name) =>
    name.toLowerCase().startsWith(value.toLowerCase()),
  );
}
