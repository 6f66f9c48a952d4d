/**
 * A workspace as askers elsewhere may see it: without the paths of the server's machine and without what looks like a
 * secret, in answers and in errors. Wraps every call, so that nothing has to be remembered where an operation is written. Knows no protocol.
 */
import type { IndexStatus, JobStatus, Workspace } from '@conexus/engine';
import { asSafeError, UserError } from '../errors.ts';
import type { WorkspaceProvider } from '../operations/operation.ts';

type Redact = (text: string) => string;

/** How texts are changed before they leave. */
export interface Redaction {
  readonly paths: Redact;
  /** Of passages of the repository. */
  readonly secrets: Redact;
}

/** Paths -> words. The longest first: one root may lie in another. */
export function pathRedaction(paths: readonly (readonly [path: string, word: string])[]): Redact {
  const sorted = paths.toSorted(([a], [b]) => b.length - a.length);
  return (text) => sorted.reduce((safe, [path, word]) => safe.replaceAll(path, word), text);
}

export function remoteProvider(
  name: string,
  workspaces: WorkspaceProvider,
  redaction: Redaction,
): WorkspaceProvider & { readonly name: string } {
  const { paths: redact } = redaction;
  const remote = (workspace: Workspace) => remoteWorkspace(name, workspace, redaction);
  return {
    name,
    settings: workspaces.settings,
    ...(workspaces.graphPatienceMs !== undefined && { graphPatienceMs: workspaces.graphPatienceMs }),
    ready: (ctx) => withoutPaths(redact, async () => remote(await workspaces.ready(ctx))),
    open: () => withoutPaths(redact, async () => remote(await workspaces.open())),
    forget: () => workspaces.forget(),
    notes: () => workspaces.notes().map(redact),
  };
}

function remoteWorkspace(
  name: string,
  workspace: Workspace,
  { paths: redact, secrets }: Redaction,
): Workspace {
  return new Proxy(workspace, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const result: unknown = value.apply(target, args);
        if (!(result instanceof Promise)) return redactJob(result, redact);
        return withoutPaths(redact, async () => {
          const settled: unknown = await result;
          return key === 'status'
            ? redactStatus(name, settled as IndexStatus, redact)
            : TELLING.has(String(key))
              ? hideIn(settled, secrets)
              : settled;
        });
      };
    },
  });
}

/** Calls that give text of files or of commits. */
const TELLING = new Set([
  'search',
  'locate',
  'grep',
  'analyze',
  'related',
  'relations',
  'impact',
  'readLines',
  'outline',
]);

/** Names of places: what is changed in them leads nowhere. */
const PLACES = new Set(['path', 'paths', 'hash', 'copies']);

/** Every text of an answer, wherever it stands: a field that somebody adds is hidden, too. */
function hideIn(value: unknown, secrets: Redact): unknown {
  if (typeof value === 'string') return secrets(value);
  if (Array.isArray(value)) return value.map((each) => hideIn(each, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, PLACES.has(key) ? each : hideIn(each, secrets)]),
  );
}

function redactStatus(name: string, status: IndexStatus, redact: Redact): IndexStatus {
  const job = status.job === undefined ? undefined : (redactJob(status.job, redact) as JobStatus);
  const notices = status.notices.map(redact);
  return { ...status, root: name, storeFile: '', notices, ...(job !== undefined && { job }) };
}

/** Jobs carry the text of an error. */
function redactJob(result: unknown, redact: Redact): unknown {
  if (typeof result !== 'object' || result === null || !('error' in result)) return result;
  return { ...result, error: redact(String(result.error)) };
}

async function withoutPaths<Result>(redact: Redact, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const safe = asSafeError(error);
    // What is not made for users goes to the log alone, with its paths.
    if (safe === undefined) throw error;
    throw new UserError(safe.code, redact(safe.message), redact(safe.advice), {
      cause: error,
      retryAfterMs: safe.retryAfterMs,
    });
  }
}
